"""The list of recordings: by what it is filtered, and how a page of a million is found at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.review.finding import Wanted
from domain.tickets.status import TicketStatus
from storage.repositories.page import Cursor, Page, cut, older_than
from storage.search.index import index_of
from storage.tables.recording_card import RANGED, CardTagRow, RecordingCardRow
from storage.tables.ticket import TicketRow

# What fits at most so many recordings is read off its own index and then put into order; what fits
# more is met so often on the way down the list that a page is full soon. Measured with a million
# recordings: either way stays below 100 ms, the wrong one takes 500.
RARE = 20_000


class Plan(Enum):
    """How a page is found."""

    OWN = "own"  # as the database thinks
    BY_TIME = "by_time"  # down the list, until the page is full
    BY_VALUE = "by_value"  # all that fit the rare condition, then put into order


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
        plan = await self._plan(wanted)
        query = select(card).where(*_plain(wanted, plan), *await self._joined(wanted))
        if after is not None:
            query = query.where(older_than(after, card.started_at, card.call_id))
        started_at = _unindexed("started_at") if plan is Plan.BY_VALUE else card.started_at
        query = query.order_by(started_at.desc(), card.call_id.desc()).limit(limit + 1)
        return cut(list(await self._session.scalars(query)), limit, "started_at", "call_id")

    async def _joined(self, wanted: CardFilter) -> list[ColumnElement[bool]]:
        """Conditions on other tables."""
        card = RecordingCardRow
        found: list[ColumnElement[bool]] = []
        for tag in wanted.tags:
            marked = _tagged(tag)
            if await self._is_rare(marked):
                found.append(card.call_id.in_(marked))
            else:
                found.append(exists(marked.where(CardTagRow.call_id == card.call_id)))
        if wanted.ticket_status is not None:
            of_status = _of_status(wanted.ticket_status)
            if await self._is_rare(of_status):
                found.append(card.ticket_id.in_(of_status))
            else:
                found.append(exists(of_status.where(TicketRow.id == card.ticket_id)))
        if wanted.words:
            index = index_of(self._session)
            found.append(index.said(wanted.words, card.call_id, by_sound=wanted.by_sound))
        return found

    async def _plan(self, wanted: CardFilter) -> Plan:
        """Left alone, SQLite knows no distribution, and PostgreSQL trusts that the few lie evenly.

        Both then walk a million recordings for a page of rare ones.
        """
        ids = RecordingCardRow.__table__.c["call_id"]
        asked = [
            fits for fits in (_topic(wanted), *(_range(wanted, one) for one in RANGED)) if fits
        ]
        rare = [select(ids).where(*fits) for fits in asked]
        rare += [_tagged(tag) for tag in wanted.tags]
        if wanted.ticket_status is not None:
            rare.append(_of_status(wanted.ticket_status))
        for few in rare:
            if await self._is_rare(few):
                return Plan.BY_VALUE
        return Plan.BY_TIME if asked and not wanted.equal and not wanted.words else Plan.OWN

    async def _is_rare(self, ids: Select[Any]) -> bool:
        counted = select(func.count()).select_from(ids.limit(RARE + 1).subquery())
        return (await self._session.scalar(counted) or 0) <= RARE

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


def _tagged(tag: str) -> Select[Any]:
    return select(CardTagRow.call_id).where(CardTagRow.tag == tag)


def _of_status(status: TicketStatus) -> Select[Any]:
    return select(TicketRow.id).where(TicketRow.status == status)


def _plain(wanted: CardFilter, plan: Plan) -> list[ColumnElement[bool]]:
    """Conditions on the card itself."""
    card = RecordingCardRow
    columns = card.__table__.c
    found: list[ColumnElement[bool]] = [
        (_unindexed(name) if plan is Plan.BY_VALUE else columns[name]) == value
        for name, value in wanted.equal.items()
    ]
    for name in {**wanted.at_least, **wanted.at_most}:
        found += _range(wanted, name, plan)
    found += _topic(wanted, plan)
    if wanted.started_from is not None:
        found.append(card.started_at >= wanted.started_from)
    if wanted.started_before is not None:
        found.append(card.started_at < wanted.started_before)
    return found


def _topic(wanted: CardFilter, plan: Plan = Plan.OWN) -> list[ColumnElement[bool]]:
    if not wanted.topic:
        return []
    # A range, not LIKE: both databases then read it off the index.
    topic = _column("topic", plan)
    return [topic >= wanted.topic, topic < wanted.topic + "\uffff"]


def _range(wanted: CardFilter, name: str, plan: Plan = Plan.OWN) -> list[ColumnElement[bool]]:
    column = _column(name, plan)
    found: list[ColumnElement[bool]] = []
    if name in wanted.at_least:
        found.append(column >= wanted.at_least[name])
    if name in wanted.at_most:
        found.append(column <= wanted.at_most[name])
    return found


def _column(name: str, plan: Plan) -> ColumnElement[Any]:
    return _unindexed(name) if plan is Plan.BY_TIME else RecordingCardRow.__table__.c[name]


def _unindexed(name: str) -> ColumnElement[Any]:
    """The same values, but no index of either database knows the expression."""
    column = RecordingCardRow.__table__.c[name]
    return func.coalesce(column, column)
