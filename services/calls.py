"""What the facts of a call mean for the database. One record is applied once, however often read.

The kinds of record, in the order of a call:

``started``   caller, dialled, ticket_number, flow, flow_version
``stepped``   state: where the flow stands now (callflow.step.State as JSON)
``queued``    queue
``ringing``   seat, why: `domain.queueing.seats.Why`
``answered``  seat
``talked``    seat, from_s, to_s
``heard``     side, source, seq, start_s, end_s, text, words
``listened``  side, from_s, to_s, complete: what live recognition covered of one leg
``seat``      a change of a seat, of no call: see `services.seats`
``call_back``, ``floor``  of no call either: see `services.floor_records`
``ended``     outcome, live_complete, recovered, length_s
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services import floor_records, seats
from services.journal import Record
from storage.repositories.calls import CallEvents, Calls, Utterance, Utterances
from storage.tables.call import CallRow


async def apply(session: AsyncSession, record: Record) -> bool:
    """Apply one record; False if it had been applied before."""
    if record.kind == seats.KIND:
        return await seats.apply(session, record)
    if record.kind in floor_records.KINDS:
        return await floor_records.apply(session, record)
    if record.kind == "started":
        return await _start(session, record)
    fresh = await CallEvents(session).append(
        record.call_id, record.seq, at=record.at, kind=record.kind, body=record.body
    )
    if fresh and record.kind in _EFFECTS:
        call = await Calls(session).get(record.call_id)
        await _EFFECTS[record.kind](session, call, record.at, record.body)
    return fresh


async def _start(session: AsyncSession, record: Record) -> bool:
    calls = Calls(session)
    if await calls.find(record.call_id) is not None:
        return False
    body = record.body
    calls.add(
        CallRow(
            id=record.call_id,
            caller=body["caller"],
            dialled=body["dialled"],
            ticket_number=body["ticket_number"],
            started_at=record.at,
            answered_at=record.at,
            flow=body.get("flow"),
            flow_version=body.get("flow_version"),
        )
    )
    await session.flush()
    return await CallEvents(session).append(
        record.call_id, record.seq, at=record.at, kind=record.kind, body=body
    )


async def _stepped(_: AsyncSession, call: CallRow, __: datetime, body: dict[str, Any]) -> None:
    call.path = list(body["state"]["path"])


async def _talked(_: AsyncSession, call: CallRow, __: datetime, body: dict[str, Any]) -> None:
    call.seat = body["seat"]
    call.talked_from_s = body["from_s"]
    call.talked_to_s = body["to_s"]


async def _heard(session: AsyncSession, call: CallRow, _: datetime, body: dict[str, Any]) -> None:
    await Utterances(session).put(call.id, Utterance(**body))


async def _ended(_: AsyncSession, call: CallRow, at: datetime, body: dict[str, Any]) -> None:
    call.ended_at = at
    call.outcome = body["outcome"]
    call.live_complete = body["live_complete"]
    call.recovered = body["recovered"]


_EFFECTS: dict[
    str, Callable[[AsyncSession, CallRow, datetime, dict[str, Any]], Awaitable[None]]
] = {"stepped": _stepped, "talked": _talked, "heard": _heard, "ended": _ended}
