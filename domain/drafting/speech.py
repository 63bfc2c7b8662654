"""What was said, by whom, when: the input of a draft, and the way back from text to sound."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

# Recognised speech has no punctuation. A rest this long inside an utterance ends a clause.
CLAUSE_GAP_S = 0.35


class Side(StrEnum):
    """Whose voice."""

    CALLER = "caller"
    AGENT = "agent"


@dataclass(frozen=True)
class SpokenWord:
    """One recognised word; seconds from the start of the call; ``confidence`` 0..1."""

    word: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class Utterance:
    """Words of one side between two silences, in order."""

    side: Side
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True)
class Span:
    """A stretch of speech that a field came from; ``words`` as recognised, without blanks."""

    side: Side
    start_s: float
    end_s: float
    words: str


@dataclass(frozen=True)
class Transcript:
    """One side's words as one text. ``word_of[i]``: index of the word of character i.

    ``breaks``: character positions at which a new clause begins after a rest (0 and the length
    of the text included).
    """

    side: Side
    text: str
    words: tuple[SpokenWord, ...]
    word_of: tuple[int, ...]
    breaks: tuple[int, ...]

    @classmethod
    def of(cls, utterances: Iterable[Utterance], side: Side) -> "Transcript":
        """All words of ``side``, in the order of their time."""
        own = sorted(
            (one for one in utterances if one.side is side and one.words),
            key=lambda one: one.words[0].start_s,
        )
        words = tuple(word for one in own for word in one.words)
        word_of = tuple(number for number, word in enumerate(words) for _ in word.word)
        starts = _starts(words)
        first_words = {id(one.words[0]) for one in own}
        breaks = {0, len(word_of)}
        for number, (before, word) in enumerate(pairwise(words), start=1):
            if id(word) in first_words or word.start_s - before.end_s >= CLAUSE_GAP_S:
                breaks.add(starts[number])
        text = "".join(word.word for word in words)
        return cls(side, text, words, word_of, tuple(sorted(breaks)))

    def clauses(self) -> list[tuple[int, int]]:
        """Character stretches between rests."""
        return list(pairwise(self.breaks))

    def span(self, start: int, end: int) -> Span:
        """The speech behind characters ``start``..``end`` (not empty), widened to whole words."""
        heard = self._heard(start, end)
        said = "".join(word.word for word in heard)
        return Span(self.side, heard[0].start_s, heard[-1].end_s, said)

    def confidence(self, start: int, end: int) -> float:
        """How sure the recogniser was of characters ``start``..``end``: mean over words."""
        heard = self._heard(start, end)
        return sum(word.confidence for word in heard) / len(heard)

    def _heard(self, start: int, end: int) -> tuple[SpokenWord, ...]:
        return self.words[self.word_of[start] : self.word_of[end - 1] + 1]


def _starts(words: tuple[SpokenWord, ...]) -> list[int]:
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word.word)
    return starts
