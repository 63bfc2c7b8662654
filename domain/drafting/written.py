"""A request that was typed, as if it had been spoken: one word a character, no seconds.

The clock of a written text is its characters: a word's ``start_s`` is the position of its
character, and stops are rests. So every rule for speech works, and a span's ``start_s`` and
``end_s`` are whole numbers that say where in the text it stands.
"""

import re

from domain.drafting.speech import Side, SpokenWord, Utterance

# A point or colon between figures belongs to a number (3.5, 21:30); elsewhere it is a stop.
STOP = re.compile(
    r"(?<![0-9])[.:]|[.:](?![0-9])|[，。！？；：、…—|,!?;\n\r\t\f\v\u2028\x00-\x08“”\"'‘’()（）《》【】\[\]]"
)
BLANK = re.compile(r"\s")


def written_utterance(text: str) -> Utterance:
    """``text`` as the caller's utterance; stops are no words, blanks belong to the word before."""
    stops = {match.start() for match in STOP.finditer(text)}
    words: list[SpokenWord] = []
    for position, character in enumerate(text):
        if position in stops:
            continue
        if BLANK.match(character):
            if words and words[-1].end_s == position:
                last = words.pop()
                words.append(SpokenWord(last.word, last.start_s, position + 1, 1.0))
            continue
        words.append(SpokenWord(character, position, position + 1, 1.0))
    return Utterance(Side.CALLER, tuple(words))
