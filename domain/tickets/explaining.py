"""Why a limit ends when it does: what it runs from, which days count, how often it was moved."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.calendar.limit import Limit, Unit, parse_limit
from domain.calendar.table import SATURDAY, Calendar
from domain.tickets.lifecycle.ticket import Clock, Entry, Ticket

_FIXED = {"ticket": "按该工单确定的期限", "statutory": "按法律法规规定的期限"}
_UNITS = {
    Unit.HOURS: "小时",
    Unit.NATURAL_DAYS: "个自然日",
    Unit.DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
}


@dataclass(frozen=True, slots=True)
class Day:
    """`counted`: the how-manieth day of the limit, None if the day does not count."""

    day: date
    counted: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    clock: Clock
    started_by: dict[str, Any]
    days: tuple[Day, ...]
    moves: tuple[dict[str, Any], ...]
    why: str


def explain(ticket: Ticket, calendar: Calendar) -> list[Explained]:
    """One for each limit the ticket has or had."""
    return [_explained(clock, ticket, calendar) for clock in ticket.clocks.values()]


def _explained(clock: Clock, ticket: Ticket, calendar: Calendar) -> Explained:
    origin = _origin(clock, ticket)
    moves = tuple(_told(line) for line in ticket.history if line.what == f"clock:{clock.name}")
    days = tuple(_days(clock, calendar))
    return Explained(
        clock, _told(origin) if origin else {}, days, moves, _why(clock, origin, moves)
    )


def _origin(clock: Clock, ticket: Ticket) -> Entry | None:
    """The last thing somebody did when the limit began to run."""
    began = [line for line in ticket.history if line.event and line.at <= clock.started]
    return began[-1] if began else None


def _told(line: Entry) -> dict[str, Any]:
    return {
        "what": line.what,
        "at": line.at.isoformat(),
        "by": line.by,
        "article": line.article,
        "reason": line.reason,
    }


def _limit(clock: Clock) -> Limit | None:
    return None if clock.limit in _FIXED else parse_limit(clock.limit)


def _days(clock: Clock, calendar: Calendar) -> list[Day]:
    limit = _limit(clock)
    if limit is None or limit.unit is Unit.HOURS or limit.count == 0:
        return []
    day, counted, found = clock.started.date(), 0, []
    while day < clock.due.date():
        day += timedelta(days=1)
        working = calendar.is_working(day)
        counts = working or limit.unit is not Unit.WORKING_DAYS
        counted += counts
        found.append(Day(day, counted if counts else None, _kind(day, calendar, working=working)))
    return found


def _kind(day: date, calendar: Calendar, *, working: bool) -> str:
    weekend = day.weekday() >= SATURDAY
    if working:
        kind = "调休上班 weekend day worked" if weekend else "工作日 working day"
    else:
        kind = "周末 weekend" if weekend else "放假 public holiday"
    unknown = "" if day.year in calendar.announced else "（该年放假安排尚未公布 not announced yet）"
    return kind + unknown


def _why(clock: Clock, origin: Entry | None, moves: tuple[dict[str, Any], ...]) -> str:
    since = f"自 {clock.started:%Y-%m-%d %H:%M} {origin.what if origin else ''} 起算"
    limit = _limit(clock)
    if limit is None:
        length = _FIXED[clock.limit]
    elif limit.count == 0:
        length = "当日"
    else:
        length = f"{limit.count} {_UNITS[limit.unit]}"
        if limit.unit is Unit.WORKING_DAYS:
            length += "，次个工作日计为第 1 日"
    whole_day = (clock.due.hour, clock.due.minute) == (23, 59)
    end = f"{clock.due:%Y-%m-%d} 24:00" if whole_day else f"{clock.due:%Y-%m-%d %H:%M:%S}"
    moved = "".join(f"；{move['reason']}" for move in moves)
    open_still = "，暂定（次年放假安排尚未公布）" if clock.provisional else ""
    return f"{since}，{length}，至 {end} 届满{open_still}（{clock.article}）{moved}"
