"""What a flow may ask the phone line to do. Plain data: nothing here acts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Digits:
    """A number read out figure by figure, in groups of four."""

    figures: str


Spoken = str | Digits
"""A prompt by its key in the catalogue, or a number."""


@dataclass(frozen=True)
class Answer:
    pass


@dataclass(frozen=True)
class Say:
    """Play one after the other; a key the caller presses ends it at once."""

    parts: tuple[Spoken, ...]


@dataclass(frozen=True)
class AskKey:
    """Play, then wait for one key."""

    parts: tuple[Spoken, ...]
    timeout_s: float


@dataclass(frozen=True)
class EnterQueue:
    """Ring seats, the one idle longest first, until one answers or the time is over."""

    wait_s: float
    ring_s: float


@dataclass(frozen=True)
class TakeMessage:
    """A tone, then record the caller until ``end_keys``, silence or the length ends it."""

    max_s: float
    silence_s: float
    end_keys: str


@dataclass(frozen=True)
class EmergencyTransfer:
    """Hand the caller to 110, 119, 120 or 122 for good."""

    number: str


@dataclass(frozen=True)
class HangUp:
    pass


Command = Answer | Say | AskKey | EnterQueue | TakeMessage | EmergencyTransfer | HangUp
