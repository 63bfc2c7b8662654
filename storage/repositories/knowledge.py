"""Every query on the knowledge base."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables.knowledge_entry import KnowledgeEntryRow


class EntryNotFound(LookupError):
    """No knowledge entry has this id."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"no knowledge entry {entry_id}")


class KnowledgeEntries:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: KnowledgeEntryRow) -> None:
        self._session.add(row)

    async def get(self, entry_id: int) -> KnowledgeEntryRow:
        """Raises `EntryNotFound`."""
        row = await self._session.get(KnowledgeEntryRow, entry_id)
        if row is None:
            raise EntryNotFound(entry_id)
        return row

    async def remove(self, row: KnowledgeEntryRow) -> None:
        await self._session.delete(row)

    async def of_key(self, city: str, key: str) -> KnowledgeEntryRow | None:
        query = select(KnowledgeEntryRow).where(
            KnowledgeEntryRow.city == city, KnowledgeEntryRow.key == key
        )
        return (await self._session.scalars(query)).one_or_none()

    async def at_stage(self, stage: str) -> Sequence[KnowledgeEntryRow]:
        """By id."""
        query = select(KnowledgeEntryRow).where(KnowledgeEntryRow.stage == stage)
        return (await self._session.scalars(query.order_by(KnowledgeEntryRow.id))).all()

    async def behind(self, stage: str) -> Sequence[KnowledgeEntryRow]:
        """Those not at `stage`, and those whose matter has changed; by id."""
        query = select(KnowledgeEntryRow).where(
            or_(
                KnowledgeEntryRow.stage != stage,
                KnowledgeEntryRow.source_changed_at.is_not(None),
                KnowledgeEntryRow.public_at.is_not(None),
            )
        )
        return (await self._session.scalars(query.order_by(KnowledgeEntryRow.id))).all()

    async def state(self) -> tuple[int, datetime | None, datetime | None]:
        """How many there are, when the last one changed and moved: while nothing does, the same."""
        row = KnowledgeEntryRow
        query = select(func.count(), func.max(row.updated_at), func.max(row.staged_at))
        count, changed, moved = (await self._session.execute(query)).one()
        return count, changed, moved
