"""A transcript to read: stops where the speaker rested, numbers in figures.

Only for people's eyes. What is stored stays as recognised, so that spans keep their place.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.drafting.speech import CLAUSE_GAP_S, SpokenWord
from domain.text.itn.normalise import normalise

# A rest this long ends a sentence; recognisers end an utterance after about as long a silence.
SENTENCE_GAP_S = 0.8
ASKING = re.compile(
    "(?:吗|呢|什么|几(?:点|号|天|个)|多少|哪里|哪儿|哪个|怎么办|怎么样|可以不|行不行|好不好|是不是|能不能[^，]*|谁)$"
)
NO_QUESTION = re.compile("(?:不知道|没什么|不管)[^，]*$")


def readable(words: Sequence[SpokenWord]) -> str:
    """Words of one side in order of time, as punctuated text; "" for none."""
    if not words:
        return ""
    pieces, clause = [], words[0].word
    for before, word in pairwise(words):
        rest = word.start_s - before.end_s
        if rest >= CLAUSE_GAP_S:
            pieces.append(_ended(clause, sentence=rest >= SENTENCE_GAP_S))
            clause = ""
        clause += word.word
    pieces.append(_ended(clause, sentence=True))
    return "".join(pieces)


def _ended(clause: str, *, sentence: bool) -> str:
    asking = ASKING.search(clause) and not NO_QUESTION.search(clause)
    return normalise(clause) + ("？" if asking else "。" if sentence else "，")
