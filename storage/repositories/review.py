"""Every query of the review desk: cards, work lists, forms, reviews, comments, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.review.finding import Wanted
from domain.tickets.status import TicketStatus
from storage.repositories.page import Cursor, Page, cut, older_than
from storage.search.index import index_of
from storage.tables.recording_card import CardTagRow, RecordingCardRow
from storage.tables.review import (
    CallCommentRow,
    CorrectionRow,
    ReviewFormRow,
    ReviewRow,
    SamplingRuleRow,
    SavedSearchRow,
    WorkItemRow,
)
from storage.tables.ticket import TicketRow


class NotOnTheDesk(LookupError):
    """No such thing at the review desk; says what was asked for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no {what}")


@dataclass(frozen=True)
class CardFilter:
    """What to list; None means any. `tags`: all of them. `topic`: its beginning."""

    words: Sequence[Wanted] = ()
    by_sound: bool = True
    equal: dict[str, str | int] = field(default_factory=dict)
    at_least: dict[str, float] = field(default_factory=dict)
    at_most: dict[str, float] = field(default_factory=dict)
    topic: str | None = None
    tags: Sequence[str] = ()
    ticket_status: TicketStatus | None = None
    started_from: datetime | None = None
    started_before: datetime | None = None


class Cards:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, wanted: CardFilter, *, after: Cursor | None, limit: int
    ) -> Page[RecordingCardRow]:
        """Newest first."""
        card = RecordingCardRow
        query = select(card).where(*self._conditions(wanted))
        if after is not None:
            query = query.where(older_than(after, card.started_at, card.call_id))
        query = query.order_by(card.started_at.desc(), card.call_id.desc()).limit(limit + 1)
        return cut(list(await self._session.scalars(query)), limit, "started_at", "call_id")

    def _conditions(self, wanted: CardFilter) -> list[ColumnElement[bool]]:
        card = RecordingCardRow
        columns = card.__table__.c
        found: list[ColumnElement[bool]] = [
            *(columns[name] == value for name, value in wanted.equal.items()),
            *(columns[name] >= value for name, value in wanted.at_least.items()),
            *(columns[name] <= value for name, value in wanted.at_most.items()),
        ]
        if wanted.topic:
            # A range, not LIKE: both databases then read it off the index.
            found += [card.topic >= wanted.topic, card.topic < wanted.topic + "\uffff"]
        if wanted.started_from is not None:
            found.append(card.started_at >= wanted.started_from)
        if wanted.started_before is not None:
            found.append(card.started_at < wanted.started_before)
        for tag in wanted.tags:
            marked = select(CardTagRow.call_id).where(CardTagRow.tag == tag)
            found.append(card.call_id.in_(marked))
        if wanted.ticket_status is not None:
            of_status = select(TicketRow.id).where(TicketRow.status == wanted.ticket_status)
            found.append(card.ticket_id.in_(of_status))
        if wanted.words:
            index = index_of(self._session)
            found.append(index.said(wanted.words, card.call_id, by_sound=wanted.by_sound))
        return found

    async def get(self, call_id: str) -> RecordingCardRow:
        """Raises `NotOnTheDesk`."""
        row = await self._session.get(RecordingCardRow, call_id)
        if row is None:
            raise NotOnTheDesk(f"recording of call {call_id}")
        return row

    async def tags_of(self, call_ids: Sequence[str]) -> dict[str, list[str]]:
        query = select(CardTagRow).where(CardTagRow.call_id.in_(call_ids)).order_by(CardTagRow.tag)
        found: dict[str, list[str]] = {}
        for row in await self._session.scalars(query):
            found.setdefault(row.call_id, []).append(row.tag)
        return found

    async def between(self, start: datetime, end: datetime) -> Sequence[RecordingCardRow]:
        card = RecordingCardRow
        query = select(card).where(card.started_at >= start, card.started_at < end)
        return (await self._session.scalars(query.order_by(card.started_at))).all()

    async def calls_of_seats_before(self, start: datetime) -> dict[str, int]:
        """How many recorded calls each seat had had by then."""
        card = RecordingCardRow
        query = select(card.seat, func.count()).where(card.started_at < start).group_by(card.seat)
        return {row[0]: row[1] for row in await self._session.execute(query)}


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

    def add(self, row: ReviewFormRow | ReviewRow) -> None:
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
