"""Every query on tickets under their city's rules, and on what those rules are completed by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.city_setting import CitySettingRow
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.working_year import WorkingYearRow


class CaseNotFound(LookupError):
    """The ticket is a draft still: no rules apply to it yet."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"ticket {ticket_id} is not registered yet")
        self.allowed = ["register", "answer_directly", "refuse", "transfer_line"]


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
