"""A ticket's history: appended in one place, which keeps its chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.chain import Link, Sealed, broken_at, hash_of
from storage.tables.ticket import TicketRow
from storage.tables.ticket_event import TicketEventRow

# SQLite takes 32,766 values in one statement, PostgreSQL 65,535.
MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class TicketEvent:
    """Something that happened to a ticket; see `TicketEventRow`. `recorded_at`: default `at`."""

    version: int
    at: datetime
    actor: str
    what: str
    detail: Mapping[str, Any]
    recorded_at: datetime | None = None
    rules_version: str | None = None
    calendar: int | None = None


class TicketEvents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def append(self, ticket: TicketRow, event: TicketEvent) -> None:
        """`ticket` was read to be changed (or is new): its lock keeps the chain from forking."""
        number, previous = (ticket.entries or 0) + 1, ticket.head or ""
        link = Link(
            ticket_id=ticket.id,
            number=number,
            version=event.version,
            at=event.at.astimezone(UTC),
            recorded_at=(event.recorded_at or event.at).astimezone(UTC),
            actor=event.actor,
            what=event.what,
            detail=dict(event.detail),
            rules_version=event.rules_version,
            calendar=event.calendar,
        )
        ticket.entries, ticket.head = number, hash_of(previous, link)
        self._session.add(
            TicketEventRow(
                ticket_id=ticket.id,
                number=number,
                version=link.version,
                at=link.at,
                recorded_at=link.recorded_at,
                actor=link.actor,
                what=link.what,
                detail=link.detail,
                rules_version=link.rules_version,
                calendar=link.calendar,
                previous_hash=previous,
                hash=ticket.head,
            )
        )

    async def of_ticket(
        self, ticket_id: str, *, after_version: int = 0
    ) -> Sequence[TicketEventRow]:
        """In the order they were written down."""
        query = select(TicketEventRow).where(
            TicketEventRow.ticket_id == ticket_id, TicketEventRow.version > after_version
        )
        return (await self._session.scalars(query.order_by(TicketEventRow.number))).all()

    async def of_kinds(
        self, ticket_ids: Sequence[str], kinds: Sequence[str]
    ) -> Sequence[TicketEventRow]:
        """Entries of these kinds, ticket by ticket in their order."""
        return await self._of(ticket_ids, TicketEventRow.what.in_(kinds))

    async def of_rules(self, ticket_ids: Sequence[str]) -> Sequence[TicketEventRow]:
        """What the rules know of, ticket by ticket in its order."""
        return await self._of(ticket_ids, TicketEventRow.rules_version.is_not(None))

    async def of_tickets(self, ticket_ids: Sequence[str]) -> Sequence[TicketEventRow]:
        """Everything, ticket by ticket in its order."""
        return await self._of(ticket_ids, true())

    async def _of(
        self, ticket_ids: Sequence[str], wanted: ColumnElement[bool]
    ) -> Sequence[TicketEventRow]:
        found: list[TicketEventRow] = []
        for start in range(0, len(ticket_ids), MOST_AT_ONCE):
            some = ticket_ids[start : start + MOST_AT_ONCE]
            query = select(TicketEventRow).where(TicketEventRow.ticket_id.in_(some), wanted)
            query = query.order_by(TicketEventRow.ticket_id, TicketEventRow.number)
            found += (await self._session.scalars(query)).all()
        return found


def first_broken(ticket: TicketRow, rows: Sequence[TicketEventRow]) -> int | None:
    """The number of the first entry that does not fit its chain or is missing; None: all fit."""
    found = broken_at(sealed(row) for row in rows)
    if found is None and (len(rows) != ticket.entries or (rows and rows[-1].hash != ticket.head)):
        return min(len(rows), ticket.entries) + 1
    return found


def sealed(row: TicketEventRow) -> Sealed:
    """The row as the chain sees it."""
    link = Link(
        ticket_id=row.ticket_id,
        number=row.number,
        version=row.version,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        what=row.what,
        detail=row.detail,
        rules_version=row.rules_version,
        calendar=row.calendar,
    )
    return Sealed(link, row.previous_hash, row.hash)
