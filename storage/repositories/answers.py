"""How long callers waited for a person: one query over the journalled events of calls."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.tables.call import CallRow
from storage.tables.call_event import CallEventRow

SECONDS_A_DAY = 86_400.0


async def answer_times(
    session: AsyncSession, since: datetime, until: datetime, goal_s: float
) -> dict[str, Any]:
    """asked, answered, within_goal, abandoned (counts) and mean_wait_s (None without answers)."""
    queued = aliased(CallEventRow)
    first = (
        select(CallEventRow.call_id, func.min(CallEventRow.at).label("at"))
        .where(CallEventRow.kind == "answered")
        .group_by(CallEventRow.call_id)
        .subquery()
    )
    waited_s = _seconds(session, first.c.at, queued.at)
    query = (
        select(
            func.count(),
            func.count(first.c.at),
            func.sum(case((waited_s <= goal_s, 1), else_=0)),
            func.sum(case((CallRow.outcome == "abandoned", 1), else_=0)),
            func.avg(waited_s),
        )
        .select_from(queued)
        .join(CallRow, CallRow.id == queued.call_id)
        .outerjoin(first, first.c.call_id == queued.call_id)
        .where(queued.kind == "queued", queued.at >= since, queued.at < until)
    )
    asked, answered, within, abandoned, mean_s = (await session.execute(query)).one()
    return {
        "asked": asked,
        "answered": answered,
        "within_goal": int(within or 0),
        "abandoned": int(abandoned or 0),
        "mean_wait_s": None if mean_s is None else round(float(mean_s), 1),
    }


async def queue_of(session: AsyncSession, call_id: str) -> str:
    """The queue in which this call first waited for a person; "" if it did not."""
    query = (
        select(CallEventRow.body["queue"].as_string())
        .where(CallEventRow.call_id == call_id, CallEventRow.kind == "queued")
        .order_by(CallEventRow.seq)
        .limit(1)
    )
    return (await session.scalar(query)) or ""


def _seconds(session: AsyncSession, later: Any, earlier: Any) -> ColumnElement[float]:  # noqa: ANN401
    """The difference of two moments, which the two databases write differently."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.extract("epoch", later - earlier), Float)
    days = func.julianday(later) - func.julianday(earlier)
    return cast(days * SECONDS_A_DAY, Float)
