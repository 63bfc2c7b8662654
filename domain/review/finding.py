"""What a search asks for, and where in a call it was said.

A text is indexed as pairs of neighbouring signs: any words can then be found as a phrase, however
a segmenter would have cut the sentence they stand in. The segmenter cuts the question only.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.text.sound import syllables

SIGN = re.compile(r"[0-9a-z\u3400-\u9fff]")
QUOTED = re.compile(r"[\"“”「]([^\"“”「」]+)[\"“”」]")
Cutter = Callable[[str], Iterable[str]]
"""Cuts a text into words."""
PARTICLES = frozenset("的了是在和与吗呢吧啊就也都很把被给有没不我你他她它们这那个")
MOST_WORDS = 12
MOST_SIGNS = 60


class QuestionRefused(ValueError):
    """Nothing can be searched for; says what would be right."""


@dataclass(frozen=True)
class Wanted:
    """One word (or quoted words) that must have been said. ``signs`` cleaned, not empty."""

    signs: str

    @property
    def pairs(self) -> list[str]:
        """Empty for a single sign."""
        return [a + b for a, b in pairwise(self.signs)]

    @property
    def sounds(self) -> list[str]:
        """Its folded syllables."""
        return syllables(self.signs)

    @property
    def sound_pairs(self) -> list[str]:
        return [sound_pair(a, b) for a, b in pairwise(self.sounds)]


@dataclass(frozen=True)
class Stretch:
    """Characters ``start``..``end`` of a text; ``exact`` False: it only sounds the same."""

    start: int
    end: int
    exact: bool


def clean(text: str) -> str:
    """Only what is indexed: Chinese signs, letters, figures."""
    return "".join(SIGN.findall(text.casefold()))


def wanted_words(question: str, cut: Cutter) -> list[Wanted]:
    """The words of a question; quoted words stay together. Raises `QuestionRefused`."""
    quoted = [clean(match[1]) for match in QUOTED.finditer(question)]
    free = QUOTED.sub(" ", question)
    words = [word for part in re.split(r"\W+", free) for word in _joined(map(clean, cut(part)))]
    found = list(dict.fromkeys(word[:MOST_SIGNS] for word in (*quoted, *words) if word))
    # Particles say nothing beside other words: 的 stands in every call.
    telling = [word for word in found if len(word) > 1] or found
    if not telling:
        raise QuestionRefused("no word in it: give at least one, such as 路灯")
    return [Wanted(word) for word in telling[:MOST_WORDS]]


def _joined(words: Iterable[str]) -> list[str]:
    """A single sign belongs to the word before it (人民 路 → 人民路), unless it is a particle."""
    found: list[str] = []
    joins = False
    for word in words:
        alone = len(word) == 1 and word not in PARTICLES
        if alone and joins:
            found[-1] += word
        else:
            found.append(word)
        joins = word not in PARTICLES and bool(word)
    return found


def tokens(utterances: Iterable[str]) -> Iterator[str]:
    """What is indexed of a text's words: pairs, and each utterance's last sign alone."""
    for text in utterances:
        signs = clean(text)
        yield from (a + b for a, b in pairwise(signs))
        if signs:
            yield signs[-1]  # also keeps phrases from running over two utterances


def sound_tokens(utterances: Iterable[str]) -> Iterator[str]:
    """The same of its sound."""
    for text in utterances:
        heard = syllables(clean(text))
        yield from (sound_pair(a, b) for a, b in pairwise(heard))
        if heard:
            yield heard[-1]


def sound_pair(first: str, second: str) -> str:
    return f"{first}0{second}"


def stretches(text: str, wanted: Sequence[Wanted], *, by_sound: bool) -> list[Stretch]:
    """Where these words stand in one utterance, in order, none overlapping an earlier one."""
    places = [place for place, sign in enumerate(text) if SIGN.match(sign.casefold())]
    signs = [text[place].casefold() for place in places]
    heard = syllables("".join(signs)) if by_sound else []
    found: list[Stretch] = []
    for word in wanted:
        for at in range(len(signs) - len(word.signs) + 1):
            exact = signs[at : at + len(word.signs)] == list(word.signs)
            same = by_sound and heard[at : at + len(word.sounds)] == word.sounds
            if exact or same:
                found.append(Stretch(places[at], places[at + len(word.signs) - 1] + 1, exact))
    ordered = sorted(found, key=lambda one: (one.start, not one.exact))
    kept: list[Stretch] = []
    for one in ordered:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
