"""Every query on calls, their events, their words and their recordings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.page import Cursor, Page, cut, older_than
from storage.repositories.upsert import insert_into
from storage.tables.call import CallRow
from storage.tables.call_event import CallEventRow
from storage.tables.recording import RecordingRow
from storage.tables.utterance import UtteranceRow


class CallNotFound(LookupError):
    """No call has this id."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"no call {call_id}")


@dataclass(frozen=True)
class CallFilter:
    """What to list; None means any. Times are of `started_at`, the end excluded."""

    caller: str | None = None
    outcome: str | None = None
    seat: str | None = None
    started_from: datetime | None = None
    started_before: datetime | None = None
    running: bool | None = None


class Calls:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, call_id: str) -> CallRow | None:
        return await self._session.get(CallRow, call_id)

    async def of_ids(self, call_ids: Sequence[str]) -> dict[str, CallRow]:
        query = select(CallRow).where(CallRow.id.in_(call_ids))
        return {row.id: row for row in await self._session.scalars(query)}

    async def get(self, call_id: str) -> CallRow:
        """Raises `CallNotFound`."""
        row = await self.find(call_id)
        if row is None:
            raise CallNotFound(call_id)
        return row

    def add(self, row: CallRow) -> None:
        self._session.add(row)

    async def of_ticket_number(self, number: str) -> CallRow | None:
        found = await self._session.scalars(select(CallRow).where(CallRow.ticket_number == number))
        return found.one_or_none()

    async def newest_of_flow(self, flow: str, *, limit: int) -> Sequence[CallRow]:
        """Ended calls that this flow led, newest first."""
        query = select(CallRow).where(CallRow.flow == flow, CallRow.ended_at.is_not(None))
        return (
            await self._session.scalars(query.order_by(CallRow.started_at.desc()).limit(limit))
        ).all()

    async def count_by_outcome(self) -> dict[str, int]:
        """Calls that have not ended count as `running`."""
        query = select(CallRow.outcome, func.count()).group_by(CallRow.outcome)
        found = await self._session.execute(query)
        return {outcome or "running": number for outcome, number in found}

    async def page(self, wanted: CallFilter, *, after: Cursor | None, limit: int) -> Page[CallRow]:
        """Newest first."""
        query = select(CallRow).order_by(CallRow.started_at.desc(), CallRow.id.desc())
        equal = {
            CallRow.caller: wanted.caller,
            CallRow.outcome: wanted.outcome,
            CallRow.seat: wanted.seat,
        }
        for column, value in equal.items():
            if value is not None:
                query = query.where(column == value)
        if wanted.started_from is not None:
            query = query.where(CallRow.started_at >= wanted.started_from)
        if wanted.started_before is not None:
            query = query.where(CallRow.started_at < wanted.started_before)
        if wanted.running is not None:
            ended = CallRow.ended_at.is_not(None)
            query = query.where(~ended if wanted.running else ended)
        if after is not None:
            query = query.where(older_than(after, CallRow.started_at, CallRow.id))
        rows = await self._session.scalars(query.limit(limit + 1))
        return cut(list(rows), limit, "started_at")

    async def waiting(
        self, start: datetime, end: datetime, queues: Collection[str]
    ) -> list[tuple[datetime, bool, float]]:
        """(when, reached a person, seconds until then or until given up) of ended calls.

        Those of the period that came to one of the steps `queues`.
        """
        query = select(CallRow).where(
            CallRow.started_at >= start, CallRow.started_at < end, CallRow.ended_at.is_not(None)
        )
        found = []
        for row in (await self._session.scalars(query)).all():
            reached = row.talked_from_s is not None
            if not reached and not set(queues) & set(row.path):
                continue
            began, ended = row.answered_at or row.started_at, row.ended_at or row.started_at
            waited_s = row.talked_from_s if reached else (ended - began).total_seconds()
            found.append((row.started_at, reached, waited_s or 0.0))
        return found


class CallEvents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(
        self, call_id: str, seq: int, *, at: datetime, kind: str, body: Mapping[str, Any]
    ) -> bool:
        """Write down one journal line of a known call; False if it had been applied before."""
        statement = insert_into(self._session, CallEventRow).values(
            call_id=call_id, seq=seq, at=at, kind=kind, body=dict(body)
        )
        result = await self._session.execute(
            statement.on_conflict_do_nothing(index_elements=["call_id", "seq"]).returning(
                CallEventRow.seq
            )
        )
        return result.scalar_one_or_none() is not None

    async def forget_words(self, call_id: str) -> None:
        """What was said is taken out of the facts; that, when and by whom it was said stays."""
        for row in await self.of_call(call_id):
            if row.kind == "heard":
                row.body = {**row.body, "text": "", "words": []}
            event = row.body.get("event")
            if isinstance(event, dict) and event.get("said"):
                row.body = {**row.body, "event": {**event, "said": ""}}

    async def of_call(self, call_id: str) -> Sequence[CallEventRow]:
        """In the order they happened."""
        query = select(CallEventRow).where(CallEventRow.call_id == call_id)
        return (await self._session.scalars(query.order_by(CallEventRow.seq))).all()


@dataclass(frozen=True)
class Utterance:
    """One stretch of speech; see `UtteranceRow` for the units."""

    side: str
    source: str
    seq: int
    start_s: float
    end_s: float
    text: str
    words: Sequence[Mapping[str, Any]]


class Utterances:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, call_id: str, utterance: Utterance) -> None:
        """Write it down; the same (call, side, source, seq) again replaces the words."""
        later = {
            "start_s": utterance.start_s,
            "end_s": utterance.end_s,
            "text": utterance.text,
            "words": [dict(word) for word in utterance.words],
        }
        key = {
            "call_id": call_id,
            "side": utterance.side,
            "source": utterance.source,
            "seq": utterance.seq,
        }
        statement = insert_into(self._session, UtteranceRow).values(**key, **later)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=later)
        )

    async def get(self, utterance_id: int) -> UtteranceRow | None:
        return await self._session.get(UtteranceRow, utterance_id)

    async def of_call(self, call_id: str) -> Sequence[UtteranceRow]:
        """Both sides, in the order in which they began to speak."""
        query = select(UtteranceRow).where(UtteranceRow.call_id == call_id)
        order = (UtteranceRow.start_s, UtteranceRow.side, UtteranceRow.source, UtteranceRow.seq)
        return (await self._session.scalars(query.order_by(*order))).all()


class Recordings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, row: RecordingRow) -> None:
        """Write it down; a second recording of the same call replaces the first."""
        await self._session.merge(row)

    async def exist_for(self, call_ids: Sequence[str]) -> set[str]:
        """Which of these calls have a recording."""
        query = select(RecordingRow.call_id).where(RecordingRow.call_id.in_(call_ids))
        return set((await self._session.scalars(query)).all())

    async def of_calls(self, call_ids: Sequence[str]) -> dict[str, RecordingRow]:
        query = select(RecordingRow).where(RecordingRow.call_id.in_(call_ids))
        return {row.call_id: row for row in await self._session.scalars(query)}

    async def after(self, call_id: str, limit: int) -> Sequence[RecordingRow]:
        """The next ones in the order of their calls' ids: for going through all of them."""
        query = select(RecordingRow).where(RecordingRow.call_id > call_id)
        return (
            await self._session.scalars(query.order_by(RecordingRow.call_id).limit(limit))
        ).all()

    async def of_call(self, call_id: str) -> RecordingRow | None:
        return await self._session.get(RecordingRow, call_id)
