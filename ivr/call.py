"""One call while it runs: what is known of it, and writing that down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from callflow.events import Event
from callflow.nodes.base import Facts
from callflow.step import State
from domain.queueing.rules import PriorityCause
from domain.queueing.seats import GENERAL
from ivr.wish import Wish
from services.journal import Record

Write = Callable[[Record], None]
Publish = Callable[[dict[str, Any]], None]
Now = Callable[[], datetime]


# GB/T 33358 knows no figure; the citizen hears within this time who comes back, or is put first.
SAME_AGENT_S = 20.0
EMERGENCY_OVER = "emergency-over"


class DetourKind(StrEnum):
    ROOM = "room"  # talks with several; afterwards the flow goes on
    HELD = "held"  # hears music until fetched
    TO_SEAT = "to_seat"  # is put through to somebody else


@dataclass(frozen=True)
class Detour:
    """Where the caller is, or goes, outside of the flow. ``say``: a prompt before anything else."""

    kind: DetourKind
    wish: Wish = field(default_factory=Wish)
    say: str = ""


def back_to_agent(call: "Call", seat: str) -> Detour:
    """From an emergency service to the agent, who is waited for; then to whoever is free."""
    wish = Wish(call.queue or GENERAL, wants=seat, patience_s=SAME_AGENT_S)
    return Detour(DetourKind.TO_SEAT, wish, EMERGENCY_OVER)


@dataclass
class Call:
    """An open call. ``channel`` is the caller's leg as the switch names it."""

    call_id: str
    channel: str
    facts: Facts
    started_at: datetime
    write: Write
    publish: Publish
    now: Now
    state: State | None = None
    seq: int = 0
    interrupt: Event | None = None
    offers: frozenset[str] = frozenset()  # emergency numbers that words would make the flow offer
    detour: Detour | None = None
    agent_leg: str = ""  # the channel of the agent who talks
    causes: frozenset[PriorityCause] = frozenset()
    waiting_since: datetime | None = None  # when the caller first asked for a person
    queue: str = ""  # the queue it waits or waited in
    ringing: str = ""  # the seat being rung, or in conversation
    seat: str = ""  # the last seat that talked with the caller
    brings: str = ""  # the line that is to join the conversation once it begins
    talked_at: datetime | None = None  # since when they talk; None when they do not
    said: str = ""  # the caller's latest words, as recognised so far
    heard_live: bool = False  # whether the caller is being listened to
    heard: dict[str, int] = field(default_factory=dict)
    live_complete: bool = True
    in_session: bool = False
    fell_back: bool = False
    paused_at: datetime | None = None  # since when nothing is recorded, for privacy
    paused_by: str = ""  # the seat that paused it, or "flow"
    dangers: set[tuple[str, str]] = field(default_factory=set)  # service and level told so far
    promised: Wish | None = None  # a call-back: whom the caller is put through to
    call_back: bool = False  # the caller has agreed to be rung back
    back_from: str = ""  # the emergency number that it comes back from, to the agent
    emergency: bool = False  # the dialplan handed the caller to 110, 119, 120 or 122

    def fact(self, kind: str, **body: Any) -> None:  # noqa: ANN401  JSON values of any kind
        """Journal one fact, as of now."""
        self.fact_of(self.now(), kind, **body)

    def fact_of(self, at: datetime, kind: str, **body: Any) -> None:  # noqa: ANN401  JSON
        """Journal one fact of another moment."""
        self.write(Record(self.call_id, self.seq, at, kind, body))
        self.seq += 1

    def goes(self, detour: Detour | None) -> None:
        """Out of the flow, or (None) back into it; on record, so that a restart knows."""
        self.detour = detour
        self.fact("detour", detour=DETOUR.dump_python(detour, mode="json"))

    def tell(self, kind: str, **body: Any) -> None:  # noqa: ANN401  JSON values of any kind
        """Let the desks that watch know."""
        self.publish({"type": kind, "call_id": self.call_id, "at": self.now().isoformat(), **body})

    def seconds(self) -> float:
        """Call time: seconds since the start."""
        return (self.now() - self.started_at).total_seconds()

    def next_heard(self, side: str) -> int:
        """A running number of utterances of one side, from 0."""
        self.heard[side] = self.heard.get(side, -1) + 1
        return self.heard[side]

    def joined(self, seat: str) -> None:
        """A seat has answered."""
        self.seat = seat
        self.talked_at = self.now()
        self.fact("answered", seat=seat)
        self.tell("talking", seat=seat)

    def parted(self, seat: str, talked_s: float) -> None:
        """The seat has hung up. ``talked_s`` as the switch counts it, should we have missed it."""
        to_s = self.seconds()
        from_s = to_s - talked_s
        if self.talked_at is not None:
            from_s = (self.talked_at - self.started_at).total_seconds()
        self.seat, self.ringing, self.talked_at = seat, "", None
        self.fact("talked", seat=seat, from_s=max(from_s, 0.0), to_s=to_s)

    def paused(self, by: str) -> None:
        """From now on nothing is kept of what is said."""
        self.paused_at, self.paused_by = self.now(), by
        self.fact("privacy_began", by=by)
        self.tell("privacy_pause", on=True, by=by)

    def resumed(self) -> None:
        """What is said is kept again."""
        if self.paused_at is None:
            return
        from_s = (self.paused_at - self.started_at).total_seconds()
        by, self.paused_at, self.paused_by = self.paused_by, None, ""
        self.fact("privacy_pause", from_s=from_s, to_s=self.seconds(), by=by)
        self.tell("privacy_pause", on=False, by=by)

    def outcome(self) -> str:
        """What became of the call, in one word."""
        notes = self.state.notes if self.state else {}
        if "emergency" in notes or self.emergency:
            return "emergency"
        if self.seat:
            return "agent"
        if "message" in notes:
            return "message"
        if self.call_back:
            return "call_back"
        if self.state is None or self.fell_back:
            return "fallback"
        return "abandoned"


DETOUR = TypeAdapter(Detour | None)
WISH = TypeAdapter(Wish)
