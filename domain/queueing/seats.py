"""What is known of each seat and each waiting caller."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SeatState(StrEnum):
    """Only a FREE seat is rung."""

    FREE = "free"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Seat:
    """One agent's place. ``since``: aware time at which ``state`` began.

    ``idle_since``: when the agent last became idle. A call that gave up while it rang here does not
    reset it; a call that the agent let ring does, or an empty chair would ring for every caller.
    ``call_id``: the call that rings or talks here, else None.
    ``afterwards``: what the seat becomes when its conversation ends, if asked for meanwhile.
    """

    seat_id: str
    state: SeatState
    since: datetime
    idle_since: datetime
    call_id: str | None = None
    afterwards: SeatState | None = None


@dataclass(frozen=True)
class Caller:
    """One call that waits. A higher ``priority`` goes first, then the longer wait.

    ``rung``: seats that rang for this call without an answer, in order, the latest last.
    """

    call_id: str
    waiting_since: datetime
    priority: int = 0
    rung: tuple[str, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why this seat: the free seats in order of preference, and the rule that put it first."""

    rule: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """Ring this seat for this call."""

    call_id: str
    seat_id: str
    why: Why
