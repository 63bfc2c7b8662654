"""How each queue is served: goals, skills that relax, selection, overflow. Data, not behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.queueing.seats import GENERAL, Caller


class Selection(StrEnum):
    """Which of the ready seats rings."""

    LONGEST_IDLE = "longest_idle"
    LEAST_OCCUPIED = "least_occupied"
    LAST_AGENT = "last_agent"  # who spoke with the caller before, else the longest idle


class OverflowTo(StrEnum):
    QUEUE = "queue"
    CALL_BACK = "call_back"
    RECORDING = "recording"


@dataclass(frozen=True)
class Overflow:
    """Where a caller goes on: by waiting time, by callers per seat, or outside the hours.

    Exactly one of ``after``, ``ratio`` and ``closed`` is given. ``queue`` with `OverflowTo.QUEUE`.
    """

    to: OverflowTo
    queue: str = ""
    after: timedelta | None = None
    ratio: float | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        given = (self.after is not None, self.ratio is not None, self.closed)
        if sum(given) != 1:
            raise ValueError("an overflow has exactly one cause: after, ratio or closed")
        if (self.to is OverflowTo.QUEUE) != bool(self.queue):
            raise ValueError("an overflow names a queue if, and only if, it leads to one")


@dataclass(frozen=True)
class Relaxation:
    """From ``after`` on these ``needs`` hold instead of the caller's own."""

    after: timedelta
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CallBackOffer:
    """Offered to who has waited ``after``, again every ``every``; ``key`` or a word accepts it."""

    after: timedelta
    every: timedelta = timedelta(minutes=2)
    key: str = "1"
    words: tuple[str, ...] = ("回电", "回拨", "打回来", "打给我")


@dataclass(frozen=True)
class QueueRule:
    """One queue.

    ``goal_share`` of the callers are answered ``goal_within`` (GB/T 33358: 95 % within 15 s). Of
    callers of several queues a seat serves whose goal is used up most. ``hours``: open from–to in
    local time, None: always. ``by_roster``: only agents on duty by the roster serve it.
    ``announce_every``: so often a caller hears place and expected wait, None: never.
    """

    name: str
    title: str = ""
    goal_share: float = 0.95
    goal_within: timedelta = timedelta(seconds=15)
    selection: Selection = Selection.LONGEST_IDLE
    needs: Mapping[str, int] = field(default_factory=dict)
    relaxations: tuple[Relaxation, ...] = ()
    overflows: tuple[Overflow, ...] = ()
    hours: tuple[time, time] | None = None
    by_roster: bool = False
    announce_every: timedelta | None = None
    call_back: CallBackOffer | None = None

    def __post_init__(self) -> None:
        if self.goal_within <= timedelta(0) or not 0 < self.goal_share <= 1:
            raise ValueError(f"queue {self.name}: a goal is a share of callers within some time")
        steps = [relaxation.after for relaxation in self.relaxations]
        if steps != sorted(steps):
            raise ValueError(f"queue {self.name}: relaxations are given in order of time")

    def is_open(self, now: datetime, zone: tzinfo) -> bool:
        if self.hours is None:
            return True
        opens, closes = self.hours
        local = now.astimezone(zone).time()
        return opens <= local < closes if opens <= closes else not closes <= local < opens

    def relaxed(self, caller: Caller, now: datetime) -> int:
        """Which step holds for this caller: 0 none, 1 the first relaxation."""
        if not self.relaxations:
            return 0
        waited = now - caller.waiting_since
        return sum(relaxation.after <= waited for relaxation in self.relaxations)

    def needs_of(self, caller: Caller, now: datetime) -> Mapping[str, int]:
        """What the seat must know: the queue's and the caller's needs, as relaxed by now."""
        step = self.relaxed(caller, now)
        if step:
            return self.relaxations[step - 1].needs
        if not self.needs:
            return caller.needs
        levels = dict(self.needs)
        for skill, level in caller.needs.items():
            levels[skill] = max(level, levels.get(skill, 0))
        return levels


DEFAULT_QUEUE = QueueRule(GENERAL, "综合坐席")


class PriorityCause(StrEnum):
    """Why somebody goes before others, and by how many levels (see `PRIORITY_WORTH`)."""

    EMERGENCY_WORDS = "emergency_words"
    LOST_AGENT = "lost_agent"  # their agent's telephone vanished in mid-conversation
    ELDERLY = "elderly"  # by registration
    CALL_BACK = "call_back"
    ABANDONED_BEFORE = "abandoned_before"


PRIORITY_OF: dict[PriorityCause, int] = {
    PriorityCause.EMERGENCY_WORDS: 12,
    PriorityCause.LOST_AGENT: 6,
    PriorityCause.ELDERLY: 1,
    PriorityCause.CALL_BACK: 1,
    PriorityCause.ABANDONED_BEFORE: 1,
}


def priority_of(causes: frozenset[PriorityCause]) -> int:
    """Levels add up, so that an elderly caller who was lost goes before one who was lost."""
    return sum(PRIORITY_OF[cause] for cause in causes)
