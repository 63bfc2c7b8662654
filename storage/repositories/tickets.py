"""Every query on tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.status import TicketStatus
from storage.repositories.cases import concerns
from storage.repositories.page import Cursor, Page, cut, older_than
from storage.repositories.ticket_events import MOST_AT_ONCE
from storage.repositories.upsert import insert_into
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_number import TicketNumberRow


class TicketNotFound(LookupError):
    """No ticket has this number."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"no ticket {ticket_id}")


@dataclass(frozen=True)
class TicketFilter:
    """What to list; None means any. `words` are looked for in summary, title and what was said."""

    status: TicketStatus | None = None
    category: str | None = None
    city: str | None = None
    origin: str | None = None
    caller: str | None = None
    call_id: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    words: str | None = None
    unit: str | None = None


class Tickets:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, ticket_id: str) -> TicketRow | None:
        return await self._session.get(TicketRow, ticket_id)

    async def get(self, ticket_id: str, *, to_change: bool = False) -> TicketRow:
        """Raises `TicketNotFound`. `to_change` makes a second writer wait (PostgreSQL)."""
        row = await self._session.get(TicketRow, ticket_id, with_for_update=to_change or None)
        if row is None:
            raise TicketNotFound(ticket_id)
        return row

    def add(self, row: TicketRow) -> None:
        self._session.add(row)

    async def several(self, ticket_ids: Sequence[str]) -> list[TicketRow]:
        """Those of these tickets that there are."""
        found: list[TicketRow] = []
        for start in range(0, len(ticket_ids), MOST_AT_ONCE):
            some = ticket_ids[start : start + MOST_AT_ONCE]
            found += (
                await self._session.scalars(select(TicketRow).where(TicketRow.id.in_(some)))
            ).all()
        return found

    async def several_to_change(self, ticket_ids: Sequence[str]) -> Sequence[TicketRow]:
        """Like `several`, each locked (PostgreSQL), in the order of their numbers."""
        query = select(TicketRow).where(TicketRow.id.in_(ticket_ids)).order_by(TicketRow.id)
        query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(query)).all()

    async def of_request(self, request_key: str) -> TicketRow | None:
        query = select(TicketRow).where(TicketRow.request_key == request_key)
        return (await self._session.scalars(query)).one_or_none()

    async def of_call(self, call_id: str) -> Sequence[TicketRow]:
        query = select(TicketRow).where(TicketRow.call_id == call_id).order_by(TicketRow.id)
        return (await self._session.scalars(query)).all()

    async def calls_with_tickets(self, call_ids: Sequence[str]) -> set[str]:
        """Those of these calls that have a ticket."""
        query = select(TicketRow.call_id).where(TicketRow.call_id.in_(call_ids))
        return {call_id for call_id in await self._session.scalars(query) if call_id is not None}

    async def open_since(
        self, city: str, since: datetime, states: Sequence[str], *, limit: int
    ) -> Sequence[TicketRow]:
        """The newest that are not discarded and, once registered, in one of ``states``."""
        query = (
            select(TicketRow)
            .outerjoin(TicketCaseRow, TicketCaseRow.ticket_id == TicketRow.id)
            .where(
                TicketRow.city == city,
                TicketRow.created_at >= since,
                TicketRow.status != TicketStatus.DISCARDED,
                or_(TicketCaseRow.state.is_(None), TicketCaseRow.state.in_(states)),
            )
            .order_by(TicketRow.created_at.desc(), TicketRow.id.desc())
        )
        return (await self._session.scalars(query.limit(limit))).all()

    async def count_by_status(self) -> dict[TicketStatus, int]:
        query = select(TicketRow.status, func.count()).group_by(TicketRow.status)
        found = {status: number for status, number in await self._session.execute(query)}  # noqa: C416  rows are no pairs to mypy
        return {status: found.get(status, 0) for status in TicketStatus}

    async def page(
        self, wanted: TicketFilter, *, after: Cursor | None, limit: int
    ) -> Page[TicketRow]:
        """Newest first."""
        query = select(TicketRow).order_by(TicketRow.created_at.desc(), TicketRow.id.desc())
        equal = {
            TicketRow.status: wanted.status,
            TicketRow.category: wanted.category,
            TicketRow.city: wanted.city,
            TicketRow.origin: wanted.origin,
            TicketRow.caller: wanted.caller,
            TicketRow.call_id: wanted.call_id,
        }
        for column, value in equal.items():
            if value is not None:
                query = query.where(column == value)
        if wanted.created_from is not None:
            query = query.where(TicketRow.created_at >= wanted.created_from)
        if wanted.created_before is not None:
            query = query.where(TicketRow.created_at < wanted.created_before)
        if wanted.words:
            searched = (TicketRow.summary, TicketRow.title, TicketRow.caller_text, TicketRow.id)
            found = (column.contains(wanted.words, autoescape=True) for column in searched)
            query = query.where(or_(*found))
        if wanted.unit is not None:
            query = query.where(concerns(wanted.unit, TicketRow.id))
        if after is not None:
            query = query.where(older_than(after, TicketRow.created_at, TicketRow.id))
        rows = await self._session.scalars(query.limit(limit + 1))
        return cut(list(rows), limit, "created_at")


class TicketNumbers:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next_of_day(self, day: str) -> int:
        """Count one more ticket without a call on `day` (YYMMDD): 1, 2, 3 …, none twice."""
        statement = insert_into(self._session, TicketNumberRow).values(day=day, issued=1)
        result = await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["day"], set_={"issued": TicketNumberRow.issued + 1}
            ).returning(TicketNumberRow.issued)
        )
        issued: int = result.scalar_one()
        return issued
