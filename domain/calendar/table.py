"""Which days are working days: the State Council's yearly notices as a table that a city may edit.

The table (`days.toml`) holds, for every announced year, the weekdays that are off and the weekend
days that are worked. A year without an entry counts as "not announced": Monday to Friday are then
assumed to be worked and every deadline that reaches it is provisional.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

SATURDAY = 5
# Deadlines are computed between these days; beyond them a date is a typing mistake.
FIRST, LAST = date(2000, 1, 1), date(2060, 12, 31)


class CalendarInvalid(ValueError):
    """The table cannot be used; the text names year, day and what is wrong with it."""


class OutsideCalendar(ValueError):
    """A date before 2000 or after 2060."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`working` is sorted and holds the ordinals of all working days from FIRST to LAST."""

    version: str
    announced: frozenset[int]
    working: tuple[int, ...]

    def is_working(self, day: date) -> bool:
        at = bisect_right(self.working, day.toordinal())
        return at > 0 and self.working[at - 1] == day.toordinal()

    def shift(self, day: date, working_days: int) -> date:
        """The day `working_days` after (or, negative, before) `day`, which itself is not counted.

        From a day off, one working day on is the next working day, one back the last before it.
        """
        ordinal = day.toordinal()
        if working_days >= 0:
            at = bisect_right(self.working, ordinal) + working_days - 1
        else:
            at = bisect_right(self.working, ordinal - 1) + working_days
        if not 0 <= at < len(self.working):
            raise OutsideCalendar(f"{day} {working_days:+d} working days is outside the calendar")
        return date.fromordinal(self.working[at])

    def on_or_after(self, day: date) -> date:
        return day if self.is_working(day) else self.shift(day, 1)

    def provisional(self, start: date, end: date) -> bool:
        """True if a day from `start` to `end` lies in a year that is not announced yet."""
        return any(year not in self.announced for year in range(start.year, end.year + 1))


def build(version: str, years: Mapping[int, tuple[Iterable[date], Iterable[date]]]) -> Calendar:
    """A calendar from {year: (weekdays off, weekend days worked)}; refuses impossible days."""
    off, worked = set[date](), set[date]()
    for year, (free, busy) in years.items():
        for day in free:
            _expect(day, year, weekend=False)
            off.add(day)
        for day in busy:
            _expect(day, year, weekend=True)
            worked.add(day)
    span = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    working = tuple(
        day.toordinal()
        for day in span
        if day in worked or (day.weekday() < SATURDAY and day not in off)
    )
    return Calendar(version, frozenset(years), working)


def _expect(day: date, year: int, *, weekend: bool) -> None:
    if day.year != year:
        raise CalendarInvalid(f"{day} stands under {year}")
    if (day.weekday() >= SATURDAY) != weekend:
        raise CalendarInvalid(f"{year}: {day} is {'no ' if weekend else 'a '}weekend day")


def parse(text: str) -> Calendar:
    """Read the table's TOML; `CalendarInvalid` names what cannot be used."""
    version, years = _read(text)
    return build(version, years)


def _read(text: str) -> tuple[str, dict[int, tuple[list[date], list[date]]]]:
    try:
        table = tomllib.loads(text)
        years = {
            int(year): (
                [date.fromisoformat(day) for day in entry["off"]],
                [date.fromisoformat(day) for day in entry["work"]],
            )
            for year, entry in table["years"].items()
        }
        return str(table["version"]), years
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as problem:
        raise CalendarInvalid(f"the working-day table: {problem}") from problem


def _shipped() -> str:
    return files("domain.calendar").joinpath("days.toml").read_text("utf-8")


@cache
def state_council() -> Calendar:
    """The table that comes with the program."""
    return parse(_shipped())


@cache
def state_council_years() -> dict[int, tuple[list[date], list[date]]]:
    """The same by year: (weekdays off, weekend days worked)."""
    return _read(_shipped())[1]
