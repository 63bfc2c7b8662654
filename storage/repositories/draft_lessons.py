"""Every query on what agents' corrections taught."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.status import TicketStatus
from storage.tables.draft_lesson import DraftLessonRow
from storage.tables.ticket import TicketRow


class DraftLessons:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: DraftLessonRow) -> None:
        self._session.add(row)

    async def in_force(self) -> DraftLessonRow | None:
        query = select(DraftLessonRow).where(DraftLessonRow.withdrawn_at.is_(None))
        newest = query.order_by(DraftLessonRow.id.desc()).limit(1)
        return (await self._session.scalars(newest)).one_or_none()

    async def number_in_force(self) -> int | None:
        """Only the row's id, to see whether what one knows is still the newest."""
        query = select(DraftLessonRow.id).where(DraftLessonRow.withdrawn_at.is_(None))
        newest = query.order_by(DraftLessonRow.id.desc()).limit(1)
        return (await self._session.scalars(newest)).one_or_none()

    async def signed_tickets(self, limit: int) -> Sequence[TicketRow]:
        """The newest tickets that a person stands for, oldest first."""
        query = select(TicketRow).where(TicketRow.status == TicketStatus.SUBMITTED)
        newest = query.order_by(TicketRow.created_at.desc(), TicketRow.id.desc()).limit(limit)
        return list(reversed((await self._session.scalars(newest)).all()))
