"""Time limits as the regulations write them, and the moment each one ends.

`3wd` 工作日: counted from the next working day, ends at 24:00 of the last (printed 23:59:59).
`1nd` 自然日: the first day is not counted, ends at 24:00 of the last, whatever day that is.
`30d` 日 without a qualifier: like natural days, but a last day that is a day off moves to the next
working day (Civil Code, Articles 201 to 203). `1h` 小时: to the second. `0d`: 当日, the same day.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from domain.calendar.table import Calendar

CHINA = timezone(timedelta(hours=8))
_DAY_ENDS = time(23, 59, 59)
_WRITTEN = re.compile(r"(\d{1,3})(h|nd|wd|d)")


class Unit(StrEnum):
    HOURS = "h"
    NATURAL_DAYS = "nd"
    DAYS = "d"
    WORKING_DAYS = "wd"


@dataclass(frozen=True, slots=True)
class Limit:
    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class Due:
    """`provisional`: the limit reaches a year whose working days are not announced yet."""

    at: datetime
    provisional: bool


def parse_limit(text: str) -> Limit:
    """`"3wd"` and the like; ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time limit; write 1h, 1nd, 30d or 3wd")
    return Limit(int(found[1]), Unit(found[2]))


def due(limit: Limit, start: datetime, calendar: Calendar) -> Due:
    """When a limit that starts at `start` (timezone-aware) ends, in China's time."""
    start = start.astimezone(CHINA)
    if limit.unit is Unit.HOURS:
        return Due(start + timedelta(hours=limit.count), provisional=False)
    first = start.date()
    if limit.unit is Unit.WORKING_DAYS:
        last = calendar.shift(first, limit.count) if limit.count else first
    else:
        last = first + timedelta(days=limit.count)
        if limit.unit is Unit.DAYS and limit.count:
            last = calendar.on_or_after(last)
    counts_work = limit.unit is not Unit.NATURAL_DAYS and limit.count > 0
    return Due(end_of(last), counts_work and calendar.provisional(first, last))


def longer(until: datetime, working_days: int, calendar: Calendar) -> Due:
    """A deadline moved by working days, forward or (negative) back; the hour stays."""
    first = until.astimezone(CHINA).date()
    last = calendar.shift(first, working_days)
    moved = datetime.combine(last, until.astimezone(CHINA).timetz())
    return Due(moved, calendar.provisional(min(first, last), max(first, last)))


def end_of(day: date) -> datetime:
    return datetime.combine(day, _DAY_ENDS, CHINA)


def passed(until: datetime, now: datetime) -> bool:
    """True once `until` is over; the printed second 23:59:59 still belongs to the day."""
    return now > until and now.replace(microsecond=0) > until
