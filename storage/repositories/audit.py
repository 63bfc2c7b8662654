"""Every query on the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.page import Cursor, Page, cut, older_than
from storage.tables.audit import AuditRow


@dataclass(frozen=True)
class AuditFilter:
    """What to list; None means any."""

    actor: str | None = None
    action: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    at_from: datetime | None = None
    at_before: datetime | None = None


class AuditTrail:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: AuditRow) -> None:
        self._session.add(row)

    async def page(
        self, wanted: AuditFilter, *, after: Cursor | None, limit: int
    ) -> Page[AuditRow]:
        """Newest first."""
        query = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.id.desc())
        equal = {
            AuditRow.actor: wanted.actor,
            AuditRow.action: wanted.action,
            AuditRow.object_kind: wanted.object_kind,
            AuditRow.object_id: wanted.object_id,
        }
        for column, value in equal.items():
            if value is not None:
                query = query.where(column == value)
        if wanted.at_from is not None:
            query = query.where(AuditRow.at >= wanted.at_from)
        if wanted.at_before is not None:
            query = query.where(AuditRow.at < wanted.at_before)
        if after is not None:
            query = query.where(older_than(after, AuditRow.at, AuditRow.id))
        rows = await self._session.scalars(query.limit(limit + 1))
        return cut(list(rows), limit, "at")
