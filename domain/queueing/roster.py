"""Who is on duty when: experts by roster, leaders in booked windows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.queueing.seats import SeatKind

# Further ahead nobody remembers a time that was heard once, nor more than two of them.
ANNOUNCED = timedelta(days=7)
MOST_ANNOUNCED = 2
BY_ROSTER = frozenset({SeatKind.EXPERT, SeatKind.LEADER})


class RosterRefused(ValueError):
    """A duty that cannot be; ``field`` is at fault, ``reason_zh`` says why."""

    def __init__(self, field: str, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.field, self.reason_zh = field, reason_zh


class NotOnDuty(Exception):
    """The account serves only by roster, and not now; ``expired``: its last duty is over."""

    def __init__(self, account: str, found: "Duty | None", now: datetime) -> None:
        self.expired = found is not None and found.ends_at <= now
        if found is None:
            told, told_zh = "no duty is on the roster", "值班表中没有排班"
        elif self.expired:
            told, told_zh = f"the duty ended {_text(found.ends_at)}", "值班已结束"
        else:
            told, told_zh = f"the next duty begins {_text(found.starts_at)}", "未到值班时间"
        self.chinese = f"{told_zh}，不能以专家或领导坐席签入"
        super().__init__(f"{account} is not on duty: {told}")


@dataclass(frozen=True)
class Duty:
    """``account`` serves ``queue`` from ``starts_at`` to ``ends_at`` (aware, end excluded).

    ``title`` is what callers and colleagues are told: the office, or the leader's post.
    """

    account: str
    kind: SeatKind
    queue: str
    title: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def check(duty: Duty, others: Iterable[Duty], now: datetime) -> None:
    """Raises `RosterRefused` for what is over, turned round or double."""
    if duty.kind not in BY_ROSTER:
        told = "only expert and leader seats have a roster"
        raise RosterRefused("kind", told, "应为专家或领导坐席")
    if duty.ends_at <= duty.starts_at:
        raise RosterRefused("ends_at", "the end must lie after the start", "结束应晚于开始")
    if duty.ends_at <= now:
        raise RosterRefused("ends_at", "this duty is over already", "该时段已经过去")
    for other in others:
        same = other.account == duty.account
        if same and other.starts_at < duty.ends_at and duty.starts_at < other.ends_at:
            told = f"{_text(other.starts_at)} to {_text(other.ends_at)}"
            raise RosterRefused(
                "starts_at", f"{duty.account} is on duty already {told}", "与已有值班时段重叠"
            )


def on_duty(duties: Iterable[Duty], now: datetime, *, queue: str = "") -> list[Duty]:
    """Who serves now, of this queue if one is named."""
    return [duty for duty in duties if duty.covers(now) and queue in ("", duty.queue)]


def admitted(duties: Iterable[Duty], account: str, now: datetime) -> Duty:
    """The duty by which this account may serve now. Raises `NotOnDuty` with the nearest one."""
    own = sorted(
        (duty for duty in duties if duty.account == account), key=lambda duty: duty.starts_at
    )
    for duty in own:
        if duty.covers(now):
            return duty
    later = [duty for duty in own if duty.starts_at > now]
    nearest = later[0] if later else own[-1] if own else None
    raise NotOnDuty(account, nearest, now)


def announcement(duties: Iterable[Duty], queue: str, now: datetime) -> str:
    """What callers are told of this queue's windows, "" when none is booked for a week.

    ``now`` has the hotline's time zone, in which the windows are told.
    """
    own = sorted(
        (one for one in duties if one.queue == queue and one.ends_at > now),
        key=lambda one: one.starts_at,
    )
    told = [_window(one, now) for one in own if one.starts_at < now + ANNOUNCED]
    return "".join(told[:MOST_ANNOUNCED])


def _window(duty: Duty, now: datetime) -> str:
    starts, ends = (moment.astimezone(now.tzinfo) for moment in (duty.starts_at, duty.ends_at))
    if duty.covers(now):
        return f"现在由{duty.title}接听，到{_clock(ends)}为止。"
    day = f"{starts.month}月{starts.day}日"
    return f"{duty.title}，{day}{_clock(starts)}到{_clock(ends)}接听。"


def _clock(moment: datetime) -> str:
    return f"{moment.hour}点" + (f"{moment.minute}分" if moment.minute else "")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
