"""Moving legs of running calls about, as the rest of the program sees it. No Asterisk here.

A *leg* is named as the switch names its channel. Every method raises `telephony.line.LineError`
where the switch does not do it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Place(StrEnum):
    """Where a leg goes. The switch knows each by a context of its own."""

    ENGINE = "engine"  # the caller: back to its session
    ROOM = "room"  # the caller: among several
    ROOM_GUEST = "room-guest"  # anybody else
    HELD = "held"  # the caller: music, until fetched


class Ear(StrEnum):
    """How a supervisor takes part."""

    LISTEN = "listen"  # nobody hears the supervisor
    WHISPER = "whisper"  # the agent does
    BARGE = "barge"  # both do


@dataclass(frozen=True)
class Leg:
    """A leg to be dialled. ``leg_id``: its id at the switch, ours to choose; never used twice."""

    target: str
    leg_id: str
    shown: str = ""
    ring_s: float = 30.0


class PatchBay(Protocol):
    async def move(self, leg: str, place: Place, room: str = "") -> None:
        """Out of whatever the leg does, to this place."""
        ...

    async def part(self, caller: str, place: Place, agent: str, room: str) -> None:
        """Both ends of a conversation at the same moment.

        The agent goes into a room, the caller to ``place`` (ROOM: the same one).
        """
        ...

    async def dial_into(self, leg: Leg, room: str, briefing: str = "") -> None:
        """Ring somebody who joins the room; first hears ``briefing``, a sound without extension."""
        ...

    async def listen_in(self, leg: Leg, spied: str, ear: Ear) -> None:
        """Ring somebody who hears (and talks to) this leg."""
        ...

    async def mute(self, leg: str, *, on: bool) -> None:
        """What comes from this leg is silenced, or heard again."""
        ...

    async def record(self, leg: str, *, on: bool) -> None:
        """Both voices of this leg's recording go silent, or are kept again; times stay right."""
        ...

    async def ring_citizen(self, leg_id: str, call_id: str, ring_s: float) -> None:
        """Ring the caller of an earlier call, at the number that the switch has kept of it.

        Whoever answers comes to the engine as a call with the id ``leg_id``, never used twice.
        """
        ...

    async def forget_callers(self, before: str) -> None:
        """Numbers of calls kept under this name are deleted; see `callers_of`."""
        ...

    async def hang_up(self, leg: str) -> None: ...


def callers_of(call_id: str) -> str:
    """Under which name the switch keeps the caller's number: the first five figures of the epoch.

    A name is used for 100,000 s, somewhat more than a day (extensions.conf has the same rule).
    """
    return f"callers-{call_id.partition('-')[2][:5]}"
