"""The facts that statistics of queues and agents are counted from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.queueing.states import SeatEvent, SeatState
from domain.queueing.statistics import Asked, Changed
from storage.tables.call import CallRow
from storage.tables.call_event import CallEventRow
from storage.tables.seat_event import SeatEventRow


async def asked_between(session: AsyncSession, since: datetime, until: datetime) -> list[Asked]:
    """Calls that asked for a person in this time, ``until`` excluded, in order."""
    queued = aliased(CallEventRow)
    first = (
        select(CallEventRow.call_id, func.min(CallEventRow.at).label("at"))
        .where(CallEventRow.kind == "answered", CallEventRow.at >= since)
        .group_by(CallEventRow.call_id)
        .subquery()
    )
    query = (
        select(
            queued.body["queue"].as_string(),
            queued.at,
            first.c.at,
            CallRow.ended_at,
            CallRow.outcome,
            CallRow.talked_from_s,
            CallRow.talked_to_s,
        )
        .join(CallRow, CallRow.id == queued.call_id)
        .outerjoin(first, first.c.call_id == queued.call_id)
        .where(queued.kind == "queued", queued.at >= since, queued.at < until)
        .order_by(queued.at)
    )
    found = []
    for queue, at, answered_at, ended_at, outcome, from_s, to_s in await session.execute(query):
        talked_s = None if from_s is None or to_s is None else to_s - from_s
        found.append(Asked(queue, at, answered_at, ended_at, outcome == "abandoned", talked_s))
    return found


async def changes_between(session: AsyncSession, since: datetime, until: datetime) -> list[Changed]:
    """Changes of seats in this time, and each seat's last one before it; in order."""
    last = (
        select(func.max(SeatEventRow.seq))
        .where(SeatEventRow.at < since)
        .group_by(SeatEventRow.seat)
    )
    within = (SeatEventRow.at >= since) & (SeatEventRow.at < until)
    query = (
        select(SeatEventRow).where(within | SeatEventRow.seq.in_(last)).order_by(SeatEventRow.seq)
    )
    rows: Sequence[SeatEventRow] = (await session.scalars(query)).all()
    return [
        Changed(row.seat, row.agent, row.at, SeatEvent(row.event), SeatState(row.after))
        for row in rows
    ]
