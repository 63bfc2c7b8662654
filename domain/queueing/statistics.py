"""Figures of queues and agents over a time, counted from facts, so that they never drift.

Every figure has its definition beside it, in Chinese and English (GB/T 33358—2016 names the 15 s
share and the connection rate; the rest is ours and says so by its definition).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from domain.queueing.states import SeatEvent, SeatState

QUEUE_DEFINITIONS: dict[str, tuple[str, str]] = {
    "asked": ("进入该队列等候人工的通话数（按首次进入）", "asked for a person (first queue)"),
    "answered": ("其中有话务员接听的", "of these, answered by an agent"),
    "within_goal": ("其中在队列目标时间内接听的", "of these, answered within the queue's goal"),
    "abandoned": ("未接听、未预约回拨即挂机的", "hung up unanswered, no call-back agreed"),
    "call_backs": ("约定或应当回拨的（含漏接）", "call-backs agreed or owed (lost calls included)"),
    "call_backs_reached": ("其中已接通市民的", "of these, where the citizen was reached"),
    "connection_rate": ("接通率 = 接听数 ÷ 进入数", "answered ÷ asked"),
    "within_goal_share": ("目标接通率 = 目标时间内接听数 ÷ 进入数", "within the goal ÷ asked"),
    "mean_wait_s": ("接听前平均等候秒数", "mean seconds from asking to the answer"),
    "longest_wait_s": ("最长等候秒数（接听或挂机为止）", "longest wait, to the answer or the end"),
    "mean_talk_s": ("平均通话秒数", "mean seconds of conversation"),
}  # fmt: skip
AGENT_DEFINITIONS: dict[str, tuple[str, str]] = {
    "logged_in_s": ("签入总秒数", "seconds logged in"),
    "ready_s": ("空闲待接秒数", "seconds ready"),
    "ringing_s": ("振铃秒数", "seconds ringing"),
    "talking_s": ("通话秒数（含保持、咨询）", "in conversation, also held or consulting"),
    "wrap_up_s": ("话后整理秒数", "seconds of writing after conversations"),
    "paused_s": ("暂停秒数（示忙）", "seconds paused"),
    "answered": ("接听次数", "calls answered"),
    "missed": ("振铃未接次数", "calls let ring or declined"),
    "occupancy": ("占用率 =（振铃+通话+整理）÷ 签入", "(ringing + talking + writing) ÷ logged in"),
}  # fmt: skip
_KIND_OF = {
    SeatState.READY: "ready_s",
    SeatState.RINGING: "ringing_s",
    SeatState.TALKING: "talking_s",
    SeatState.HOLDING: "talking_s",
    SeatState.CONSULTING: "talking_s",
    SeatState.WRAP_UP: "wrap_up_s",
    SeatState.PAUSED: "paused_s",
}


@dataclass(frozen=True)
class Asked:
    """One call that asked for a person. ``talked_s``: of its last conversation, None: none."""

    queue: str
    at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    abandoned: bool
    talked_s: float | None = None


@dataclass(frozen=True)
class Changed:
    """One change of a seat's state. ``agent`` works there from then on."""

    seat: str
    agent: str
    at: datetime
    event: SeatEvent
    after: SeatState


@dataclass
class QueueFigures:
    """Shares and means are None where nothing was counted."""

    period: datetime
    queue: str
    asked: int = 0
    answered: int = 0
    within_goal: int = 0
    abandoned: int = 0
    call_backs: int = 0
    call_backs_reached: int = 0
    waits_s: list[float] = field(default_factory=list)
    talks_s: list[float] = field(default_factory=list)
    longest_wait_s: float = 0.0

    @property
    def connection_rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def within_goal_share(self) -> float | None:
        return self.within_goal / self.asked if self.asked else None

    @property
    def mean_wait_s(self) -> float | None:
        return _mean(self.waits_s)

    @property
    def mean_talk_s(self) -> float | None:
        return _mean(self.talks_s)


@dataclass
class AgentFigures:
    agent: str
    logged_in_s: float = 0.0
    ready_s: float = 0.0
    ringing_s: float = 0.0
    talking_s: float = 0.0
    wrap_up_s: float = 0.0
    paused_s: float = 0.0
    answered: int = 0
    missed: int = 0

    @property
    def occupancy(self) -> float | None:
        busy_s = self.ringing_s + self.talking_s + self.wrap_up_s
        return busy_s / self.logged_in_s if self.logged_in_s else None


def period_of(by: str, zone: tzinfo) -> Callable[[datetime], datetime]:
    """``by``: hour, day or total. The start of the period that a moment lies in, local time."""

    def start(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        if by == "hour":
            return local.replace(minute=0, second=0, microsecond=0)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    return start


def queue_figures(
    asked: Iterable[Asked],
    goals: Mapping[str, timedelta],
    period: Callable[[datetime], datetime],
    now: datetime,
) -> list[QueueFigures]:
    """By period, then queue. ``goals``: queue → its goal; 15 s where it has none."""
    found: dict[tuple[datetime, str], QueueFigures] = {}
    for one in asked:
        key = (period(one.at), one.queue)
        figures = found.setdefault(key, QueueFigures(*key))
        figures.asked += 1
        figures.abandoned += one.abandoned
        waited_s = ((one.answered_at or one.ended_at or now) - one.at).total_seconds()
        figures.longest_wait_s = max(figures.longest_wait_s, round(waited_s, 1))
        if one.answered_at is None:
            continue
        figures.answered += 1
        figures.waits_s.append(waited_s)
        goal = goals.get(one.queue, timedelta(seconds=15))
        figures.within_goal += waited_s <= goal.total_seconds()
        if one.talked_s is not None:
            figures.talks_s.append(one.talked_s)
    return [found[key] for key in sorted(found)]


def agent_figures(
    changes: Iterable[Changed], since: datetime, until: datetime
) -> list[AgentFigures]:
    """``changes`` in order: all from ``since`` to ``until``, and each seat's last one before.

    A state that reaches over an end of the time counts as far as it lies within; one that still
    holds counts up to ``until``, which is therefore never later than now.
    """
    by_seat: dict[str, list[Changed]] = defaultdict(list)
    for change in changes:
        by_seat[change.seat].append(change)
    found: dict[str, AgentFigures] = {}
    for of_seat in by_seat.values():
        ends = [change.at for change in of_seat[1:]] + [until]
        for change, end in zip(of_seat, ends, strict=True):
            figures = found.setdefault(change.agent, AgentFigures(change.agent))
            _count(figures, change, max(change.at, since), min(end, until))
            if change.at >= since:
                figures.answered += change.event is SeatEvent.ANSWERED
                figures.missed += change.event is SeatEvent.MISSED
    return [found[agent] for agent in sorted(found)]


def _count(figures: AgentFigures, change: Changed, start: datetime, end: datetime) -> None:
    lasted_s = max(0.0, (end - start).total_seconds())
    kind = _KIND_OF.get(change.after)
    if kind is not None:
        setattr(figures, kind, getattr(figures, kind) + lasted_s)
        figures.logged_in_s += lasted_s


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None
