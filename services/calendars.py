"""The working-day table: seeded from the program, edited by people, every edition kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.calendar.table import FIRST, LAST, Calendar, build, state_council, state_council_years
from domain.tickets.lifecycle.passing import Edition
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from storage.repositories.cases import WorkingYears
from storage.tables.working_year import WorkingYearRow

_Days = tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]


class TableChangedMeanwhile(Exception):
    """Somebody else has changed the table since; `current` is its edition now."""

    def __init__(self, current: int, yours: int) -> None:
        super().__init__(f"the working-day table is at edition {current}, not {yours}")
        self.current = current


class YearOutside(ValueError):
    """A year the table cannot hold."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}: years from {FIRST.year} to {LAST.year} can be kept")


@dataclass(frozen=True)
class Year:
    """One year's exceptions: weekdays that are off, weekend days that are worked."""

    year: int
    days_off: Sequence[date]
    days_worked: Sequence[date]
    source: str


async def unseeded(session: AsyncSession) -> list[int]:
    """Years that came with the program and are not in the table."""
    known = {row.year for row in await WorkingYears(session).every()}
    return [year for year in state_council_years() if year not in known]


async def seed(session: AsyncSession, *, now: datetime) -> None:
    """Store the years that came with the program and are not in the table; edited ones stay."""
    years = WorkingYears(session)
    edition = await years.newest() + 1
    for year in await unseeded(session):
        off, worked = state_council_years()[year]
        given = Year(year, off, worked, state_council().version)
        await years.add_once(_row(given, edition, SYSTEM, now))


def _row(given: Year, edition: int, actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "edition": edition,
        "year": given.year,
        "days_off": [day.isoformat() for day in sorted(given.days_off)],
        "days_worked": [day.isoformat() for day in sorted(given.days_worked)],
        "source": given.source,
        "at": now,
        "actor": actor.name,
    }


async def editions(session: AsyncSession, since: int = 0) -> list[Edition]:
    """The edition `since` and all newer ones; before anything is stored, the program's own as 0."""
    rows = await WorkingYears(session).every()
    if not rows:
        return [Edition(0, datetime.combine(FIRST, datetime.min.time(), CHINA), state_council())]
    numbers = sorted({row.edition for row in rows})
    wanted = [number for number in numbers if number >= since] or numbers[-1:]
    return [_edition(rows, number) for number in wanted]


async def newest_edition(session: AsyncSession) -> Edition:
    return (await editions(session, since=2**31))[-1]


def _edition(rows: Iterable[WorkingYearRow], number: int) -> Edition:
    years: dict[int, WorkingYearRow] = {}
    for row in rows:
        if row.edition <= number:
            years[row.year] = row
    since = max(row.at for row in years.values() if row.edition == number)
    days = tuple(
        (year, tuple(row.days_off), tuple(row.days_worked)) for year, row in sorted(years.items())
    )
    return Edition(number, since.astimezone(CHINA), _built(f"table-{number}", days))


@lru_cache(maxsize=64)
def _built(version: str, days: _Days) -> Calendar:
    return build(version, {year: (_dates(off), _dates(worked)) for year, off, worked in days})


def _dates(days: Iterable[str]) -> list[date]:
    return [date.fromisoformat(day) for day in days]


async def replace_year(
    session: AsyncSession, given: Year, *, edition: int, actor: Actor, now: datetime
) -> Edition:
    """A new edition with this year's days; `edition` is the one the editor had before him.

    Raises `TableChangedMeanwhile`, `YearOutside` or `CalendarInvalid` (a day that cannot be).
    """
    if not FIRST.year < given.year <= LAST.year:
        raise YearOutside(given.year)
    years = WorkingYears(session)
    seen = await years.newest()
    await seed(session, now=now)
    current = await years.newest()
    if edition not in (seen, current):
        raise TableChangedMeanwhile(current, edition)
    build("checked", {given.year: (given.days_off, given.days_worked)})
    await years.add_once(_row(given, current + 1, actor, now))
    detail = {"year": given.year, "edition": current + 1, "source": given.source}
    deed = Deed("calendar.replace", "working_year", str(given.year), given.source, detail)
    write_down(session, actor, deed, now=now)
    await session.flush()
    return await newest_edition(session)


async def year_of(session: AsyncSession, year: int) -> tuple[Year | None, int]:
    """A year's days as they stand (None: not announced yet) and the table's edition."""
    rows = [row for row in await WorkingYears(session).every() if row.year == year]
    edition = await WorkingYears(session).newest()
    if rows:
        row = rows[-1]
        found = Year(year, _dates(row.days_off), _dates(row.days_worked), row.source)
        return found, edition
    if edition == 0 and year in state_council_years():
        off, worked = state_council_years()[year]
        return Year(year, off, worked, state_council().version), edition
    return None, edition
