"""The phone line as the rest of the program sees it. No Asterisk in this file.

A *line* is one caller's leg while our program holds it. Keys are the twelve of a telephone:
``0-9``, ``*``, ``#``. Sounds are absolute paths without extension, as the switch wants them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ALL_KEYS = "0123456789*#"


class LineError(Exception):
    """The telephone side could not do what was asked."""


class CallerHungUp(LineError):
    """The caller has gone. Normal end of a call, never a failure to report."""


class RingOutcome(StrEnum):
    """What became of ringing one seat."""

    ANSWERED = "answered"  # they talked; the seat has hung up, the caller is still here
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    KEY = "key"  # the caller pressed a key while it rang


@dataclass(frozen=True)
class Ringing:
    """How ringing a seat ended. ``talked_s`` is 0.0 unless answered; ``key`` only with KEY."""

    outcome: RingOutcome
    talked_s: float = 0.0
    key: str = ""


class RecordingEnd(StrEnum):
    """Why a spoken message stopped being taken down."""

    KEY = "key"
    SILENCE = "silence"
    LENGTH = "length"


@dataclass(frozen=True)
class Message:
    """A spoken message the caller left.

    ``length_s`` counts from the tone to the end, without the silence that may have ended it.
    """

    ended_by: RecordingEnd
    length_s: float
    key: str = ""


class Line(Protocol):
    """Every method raises `CallerHungUp` once the caller has gone, `LineError` on a refusal."""

    async def answer(self) -> None: ...

    async def play(self, sounds: list[str], *, keys: str = ALL_KEYS) -> str:
        """Play the sounds in order; the key in ``keys`` that cut them short, or ``""``."""
        ...

    async def wait_key(self, timeout_s: float) -> str:
        """The next key pressed within the time, or ``""``."""
        ...

    async def music(self, *, on: bool) -> None:
        """Start or stop music on hold; keys can be waited for while it plays."""
        ...

    async def take_message(
        self, name: str, *, max_s: float, silence_s: float, end_keys: str
    ) -> Message:
        """A tone, then record what the caller says until a key, silence or the length ends it.

        ``name`` is a file name of ours (letters, digits, ``-._``), never the caller's text.
        """
        ...

    async def ring(self, seat: str, *, for_s: float) -> Ringing:
        """Ring one seat and connect it; returns when the seat has hung up or did not answer."""
        ...

    async def rung_before(self) -> Ringing | None:
        """How the ringing that an earlier session of this call began has ended; told once.

        None when nothing was rung, or it was told already.
        """
        ...

    async def get_variable(self, name: str) -> str:
        """A channel variable, ``""`` when unset."""
        ...

    async def set_variable(self, name: str, value: str) -> None: ...

    async def hang_up(self) -> None: ...
