"""What the rest of the program knows of speech recognition. No engine in this file.

Audio is mono, 16-bit signed little-endian PCM; times are seconds from the first sample fed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


class RecognizerUnavailable(Exception):
    """No recognizer process answers, or it died in mid-speech."""


@dataclass(frozen=True)
class Word:
    """One recognised word; ``confidence`` in 0..1 as the engine gives it."""

    word: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class Heard:
    """A stretch of speech: a guess still in motion (``final=False``), or settled with words."""

    final: bool
    text: str  # words as recognised, no spaces
    words: tuple[Word, ...] = ()


class Hearing(Protocol):
    """One leg being recognised while it is spoken."""

    async def feed(self, pcm: bytes) -> None:
        """Hand over the next stretch of sound (any length). Never waits for recognition."""
        ...

    def results(self) -> AsyncIterator[Heard]:
        """Partials and finals in order; ends after `finish` once the last final is out."""
        ...

    async def finish(self) -> None:
        """No more sound will come: flush the last words."""
        ...


class Recognizer(Protocol):
    async def open(self, *, rate: int) -> Hearing:
        """Start hearing one leg at ``rate`` Hz; `RecognizerUnavailable` when none answers."""
        ...
