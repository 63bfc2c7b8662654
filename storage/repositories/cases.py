"""Every query on tickets under their city's rules, and on what those rules are completed by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.repositories.page import Cursor, Page, cut, older_than
from storage.repositories.upsert import insert_into
from storage.tables.case_unit import CaseUnitRow
from storage.tables.city_setting import CitySettingRow
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.working_year import WorkingYearRow


@dataclass(frozen=True)
class CaseFilter:
    """What to list; None means any. `unit`: lead, assisting or the district's.

    `reached_before`: time does something to it (a limit ends, a card falls) before that moment.
    """

    city: str | None = None
    state: str | None = None
    unit: str | None = None
    category: str | None = None
    urgency: str | None = None
    running: bool | None = None
    registered_from: datetime | None = None
    registered_before: datetime | None = None
    reached_before: datetime | None = None


# Null only before the first event, and then there is no row.
_REGISTERED = cast("InstrumentedAttribute[datetime]", TicketCaseRow.registered_at)


class CaseNotFound(LookupError):
    """The ticket is a draft still: no rules apply to it yet."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"ticket {ticket_id} is not registered yet")
        self.allowed = ["register", "answer_directly", "refuse", "transfer_line"]


def concerns(unit: str, ticket_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition that a ticket concerns the unit."""
    of_unit = select(CaseUnitRow.ticket_id).where(CaseUnitRow.unit == unit)
    return ticket_id.in_(of_unit)


class Cases:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, ticket_id: str) -> TicketCaseRow | None:
        return await self._session.get(TicketCaseRow, ticket_id)

    async def get(self, ticket_id: str) -> TicketCaseRow:
        """Raises `CaseNotFound`."""
        row = await self.find(ticket_id)
        if row is None:
            raise CaseNotFound(ticket_id)
        return row

    def add(self, row: TicketCaseRow) -> None:
        self._session.add(row)

    async def concern(self, ticket_id: str, unit: str) -> bool:
        """Whether the ticket concerns the unit."""
        return await self._session.get(CaseUnitRow, (ticket_id, unit)) is not None

    async def concern_only(self, ticket_id: str, units: Sequence[str]) -> None:
        """These units and no others, from now on."""
        query = select(CaseUnitRow).where(CaseUnitRow.ticket_id == ticket_id)
        known = {row.unit: row for row in await self._session.scalars(query)}
        for unit in known.keys() - set(units):
            await self._session.delete(known[unit])
        for unit in units:
            if unit not in known:
                self._session.add(CaseUnitRow(ticket_id=ticket_id, unit=unit))

    async def page(
        self, wanted: CaseFilter, *, after: Cursor | None, limit: int
    ) -> Page[TicketCaseRow]:
        """Newest registered first."""
        query = select(TicketCaseRow)
        equal = {
            TicketCaseRow.city: wanted.city,
            TicketCaseRow.state: wanted.state,
            TicketCaseRow.category: wanted.category,
            TicketCaseRow.urgency: wanted.urgency,
        }
        for column, value in equal.items():
            if value is not None:
                query = query.where(column == value)
        if wanted.unit is not None:
            query = query.where(concerns(wanted.unit, TicketCaseRow.ticket_id))
        if wanted.running is not None:
            moment = TicketCaseRow.next_at
            query = query.where(moment.is_not(None) if wanted.running else moment.is_(None))
        if wanted.registered_from is not None:
            query = query.where(TicketCaseRow.registered_at >= wanted.registered_from)
        if wanted.registered_before is not None:
            query = query.where(TicketCaseRow.registered_at < wanted.registered_before)
        if wanted.reached_before is not None:
            query = query.where(TicketCaseRow.next_at < wanted.reached_before)
        if after is not None:
            query = query.where(older_than(after, _REGISTERED, TicketCaseRow.ticket_id))
        query = query.order_by(_REGISTERED.desc(), TicketCaseRow.ticket_id.desc())
        rows = await self._session.scalars(query.limit(limit + 1))
        return cut(list(rows), limit, "registered_at", "ticket_id")

    async def due(
        self, now: datetime, *, edition: int, limit: int
    ) -> list[tuple[str, datetime, int]]:
        """(number, `next_at`, version) of tickets that time reached or an old table counts."""
        old = (TicketCaseRow.calendar < edition) & TicketCaseRow.next_at.is_not(None)
        query = (
            select(TicketCaseRow.ticket_id, TicketCaseRow.next_at, TicketRow.version)
            .join(TicketRow, TicketRow.id == TicketCaseRow.ticket_id)
            .where(or_(TicketCaseRow.next_at <= now, old))
            .order_by(TicketCaseRow.next_at, TicketCaseRow.ticket_id)
            .limit(limit)
        )
        rows = await self._session.execute(query)
        return [(number, moment, version) for number, moment, version in rows.all() if moment]

    async def several(self, ticket_ids: Sequence[str]) -> Sequence[TicketCaseRow]:
        """Those of these tickets that have one; at most `MOST_AT_ONCE`."""
        query = select(TicketCaseRow).where(TicketCaseRow.ticket_id.in_(ticket_ids))
        return (await self._session.scalars(query)).all()

    async def alive(self, city: str, start: datetime, end: datetime) -> Sequence[TicketCaseRow]:
        """Cases of a city registered before `end` to which time or people did something since."""
        query = select(TicketCaseRow).where(
            TicketCaseRow.city == city,
            TicketCaseRow.registered_at < end,
            or_(TicketCaseRow.next_at.is_not(None), TicketCaseRow.advanced_to >= start),
        )
        return (await self._session.scalars(query.order_by(TicketCaseRow.ticket_id))).all()

    async def of_city(self, city: str, states: Sequence[str] = ()) -> Sequence[TicketCaseRow]:
        """All cases of a city, or those in one of `states`."""
        query = select(TicketCaseRow).where(TicketCaseRow.city == city)
        if states:
            query = query.where(TicketCaseRow.state.in_(states))
        return (await self._session.scalars(query.order_by(TicketCaseRow.ticket_id))).all()


class WorkingYears:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self) -> int:
        """The edition in force; 0 while nothing is stored."""
        return await self._session.scalar(select(func.max(WorkingYearRow.edition))) or 0

    async def every(self) -> Sequence[WorkingYearRow]:
        """All editions of all years, oldest first."""
        query = select(WorkingYearRow).order_by(WorkingYearRow.edition, WorkingYearRow.year)
        return (await self._session.scalars(query)).all()

    async def add_once(self, row: dict[str, Any]) -> None:
        """Nothing happens if the same edition of the year is there: two may seed at once."""
        await self._session.execute(
            insert_into(self._session, WorkingYearRow).values(row).on_conflict_do_nothing()
        )


class CitySettings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self, city: str) -> CitySettingRow | None:
        query = select(CitySettingRow).where(CitySettingRow.city == city)
        return await self._session.scalar(query.order_by(CitySettingRow.id.desc()).limit(1))

    def add(self, row: CitySettingRow) -> None:
        self._session.add(row)
