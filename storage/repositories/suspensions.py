"""Every query on measures against abuse and on suspensions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.page import Cursor, Page, cut, older_than
from storage.tables.conduct_measure import ConductMeasureRow
from storage.tables.suspension import SuspensionRow


class SuspensionNotFound(LookupError):
    """No suspension has this id."""

    def __init__(self, suspension_id: int) -> None:
        super().__init__(f"no suspension {suspension_id}")


class ConductMeasures:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: ConductMeasureRow) -> None:
        self._session.add(row)

    async def of_caller(self, caller: str) -> Sequence[ConductMeasureRow]:
        """In the order they were taken."""
        query = select(ConductMeasureRow).where(ConductMeasureRow.caller == caller)
        return (await self._session.scalars(query.order_by(ConductMeasureRow.id))).all()


class Suspensions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: SuspensionRow) -> None:
        self._session.add(row)

    async def get(self, suspension_id: int, *, to_change: bool = False) -> SuspensionRow:
        """Raises `SuspensionNotFound`. `to_change` makes a second writer wait (PostgreSQL)."""
        row = await self._session.get(
            SuspensionRow, suspension_id, with_for_update=to_change or None
        )
        if row is None:
            raise SuspensionNotFound(suspension_id)
        return row

    async def of_caller(self, caller: str) -> Sequence[SuspensionRow]:
        query = select(SuspensionRow).where(SuspensionRow.caller == caller)
        return (await self._session.scalars(query.order_by(SuspensionRow.id))).all()

    async def in_force(self, now: datetime) -> Sequence[SuspensionRow]:
        """Every suspension that counts at this moment."""
        query = select(SuspensionRow).where(
            SuspensionRow.ends_at >= now,
            or_(SuspensionRow.lifted_at.is_(None), SuspensionRow.lifted_at > now),
        )
        return (await self._session.scalars(query)).all()

    async def page(self, *, after: Cursor | None, limit: int) -> Page[SuspensionRow]:
        """Newest first."""
        newest = (SuspensionRow.proposed_at.desc(), SuspensionRow.id.desc())
        query = select(SuspensionRow).order_by(*newest)
        if after is not None:
            query = query.where(older_than(after, SuspensionRow.proposed_at, SuspensionRow.id))
        rows = await self._session.scalars(query.limit(limit + 1))
        return cut(list(rows), limit, "proposed_at")
