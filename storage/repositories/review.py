"""Every query of the review desk but the list itself: work, forms, reviews, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.cards import NotOnTheDesk
from storage.tables.review import (
    CalibrationRow,
    CallCommentRow,
    CorrectionRow,
    ReviewFormRow,
    ReviewRow,
    SamplingRuleRow,
    SavedSearchRow,
    WorkItemRow,
)


class Desk:
    """Work lists, saved searches, comments and corrections."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(
        self,
        row: SavedSearchRow | SamplingRuleRow | WorkItemRow | CallCommentRow | CorrectionRow,
    ) -> None:
        self._session.add(row)

    async def searches(self, owner: str) -> Sequence[SavedSearchRow]:
        query = select(SavedSearchRow).where(SavedSearchRow.owner == owner)
        return (await self._session.scalars(query.order_by(SavedSearchRow.name))).all()

    async def remove_search(self, number: int, owner: str) -> None:
        """Raises `NotOnTheDesk`, also for somebody else's."""
        row = await self._session.get(SavedSearchRow, number)
        if row is None or row.owner != owner:
            raise NotOnTheDesk(f"saved search {number}")
        await self._session.delete(row)

    async def rules(self) -> Sequence[SamplingRuleRow]:
        query = select(SamplingRuleRow).order_by(SamplingRuleRow.id)
        return (await self._session.scalars(query)).all()

    async def remove_rule(self, number: int) -> None:
        """Raises `NotOnTheDesk`."""
        row = await self._session.get(SamplingRuleRow, number)
        if row is None:
            raise NotOnTheDesk(f"sampling rule {number}")
        await self._session.delete(row)

    async def dealt(self, call_ids: Sequence[str]) -> set[str]:
        """Those that stand on a list, or were reviewed, already."""
        listed = select(WorkItemRow.call_id).where(WorkItemRow.call_id.in_(call_ids))
        reviewed = select(ReviewRow.call_id).where(ReviewRow.call_id.in_(call_ids))
        return {*await self._session.scalars(listed), *await self._session.scalars(reviewed)}

    async def load(self) -> dict[str, int]:
        """Open items of each reviewer."""
        query = select(WorkItemRow.reviewer, func.count()).where(WorkItemRow.done_at.is_(None))
        found = await self._session.execute(query.group_by(WorkItemRow.reviewer))
        return {row[0]: row[1] for row in found}

    async def work_of(self, reviewer: str) -> Sequence[WorkItemRow]:
        """Open items, oldest first."""
        query = select(WorkItemRow).where(
            WorkItemRow.reviewer == reviewer, WorkItemRow.done_at.is_(None)
        )
        order = (WorkItemRow.dealt_at, WorkItemRow.call_id)
        return (await self._session.scalars(query.order_by(*order))).all()

    async def item(self, call_id: str) -> WorkItemRow | None:
        return await self._session.get(WorkItemRow, call_id)

    async def comments(self, call_id: str) -> Sequence[CallCommentRow]:
        query = select(CallCommentRow).where(CallCommentRow.call_id == call_id)
        order = (CallCommentRow.at_s, CallCommentRow.id)
        return (await self._session.scalars(query.order_by(*order))).all()

    async def corrections(self, call_id: str) -> Sequence[CorrectionRow]:
        """Oldest first: a later one of the same word counts."""
        query = select(CorrectionRow).where(CorrectionRow.call_id == call_id)
        return (await self._session.scalars(query.order_by(CorrectionRow.id))).all()


@dataclass(frozen=True)
class ReviewFilter:
    """What to list; None means any."""

    reviewer: str | None = None
    agent: str | None = None
    state: str | None = None
    call_id: str | None = None
    purpose: str | None = None


class Reviews:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def forms(self) -> Sequence[ReviewFormRow]:
        """The newest version of each."""
        query = select(ReviewFormRow).order_by(ReviewFormRow.name, ReviewFormRow.version)
        newest = {row.name: row for row in await self._session.scalars(query)}
        return list(newest.values())

    async def form(self, name: str, version: int | None = None) -> ReviewFormRow:
        """One version, or the newest. Raises `NotOnTheDesk`."""
        query = select(ReviewFormRow).where(ReviewFormRow.name == name)
        if version is not None:
            query = query.where(ReviewFormRow.version == version)
        query = query.order_by(ReviewFormRow.version.desc()).limit(1)
        row = (await self._session.scalars(query)).one_or_none()
        if row is None:
            raise NotOnTheDesk(f"form {name}")
        return row

    async def calibrations(self) -> Sequence[CalibrationRow]:
        """Newest first."""
        query = select(CalibrationRow).order_by(CalibrationRow.id.desc())
        return (await self._session.scalars(query)).all()

    async def calibration(self, number: int) -> CalibrationRow:
        """Raises `NotOnTheDesk`."""
        row = await self._session.get(CalibrationRow, number)
        if row is None:
            raise NotOnTheDesk(f"calibration {number}")
        return row

    async def submitted(self, purposes: Sequence[str]) -> Mapping[tuple[str, str], int]:
        """(purpose, reviewer) → how many calls are scored."""
        query = (
            select(ReviewRow.purpose, ReviewRow.reviewer, func.count())
            .where(ReviewRow.purpose.in_(purposes), ReviewRow.submitted_at.is_not(None))
            .group_by(ReviewRow.purpose, ReviewRow.reviewer)
        )
        return {(row[0], row[1]): row[2] for row in await self._session.execute(query)}

    def add(self, row: ReviewFormRow | ReviewRow | CalibrationRow) -> None:
        self._session.add(row)

    async def get(self, number: int) -> ReviewRow:
        """Raises `NotOnTheDesk`."""
        row = await self._session.get(ReviewRow, number)
        if row is None:
            raise NotOnTheDesk(f"review {number}")
        return row

    async def find(self, wanted: ReviewFilter, limit: int = 500) -> Sequence[ReviewRow]:
        """Newest first."""
        query = select(ReviewRow)
        values: dict[Any, str | None] = {
            ReviewRow.reviewer: wanted.reviewer,
            ReviewRow.agent: wanted.agent,
            ReviewRow.state: wanted.state,
            ReviewRow.call_id: wanted.call_id,
            ReviewRow.purpose: wanted.purpose,
        }
        for column, value in values.items():
            if value is not None:
                query = query.where(column == value)
        return (await self._session.scalars(query.order_by(ReviewRow.id.desc()).limit(limit))).all()

    async def scored(self, start: datetime, end: datetime) -> Sequence[ReviewRow]:
        """Submitted between two moments, oldest first, calibrations left out."""
        query = select(ReviewRow).where(
            ReviewRow.submitted_at >= start,
            ReviewRow.submitted_at < end,
            ReviewRow.purpose.in_(("first", "second")),
        )
        return (await self._session.scalars(query.order_by(ReviewRow.submitted_at))).all()
