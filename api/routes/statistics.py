"""/statistics: queues and agents, exact at any moment, with definitions, also as files."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.failure import failures
from api.schemas.seats import SeatId
from api.schemas.statistics import (
    AgentRow,
    AgentStatistics,
    QueueRow,
    QueueStatistics,
    SeatEventAnswer,
    SeatEventList,
)
from api.schemas.wallboard import Definition
from domain.accounts.permissions import Permission
from domain.queueing.statistics import AGENT_DEFINITIONS, QUEUE_DEFINITIONS
from services.statistics import (
    Sheet,
    Span,
    agent_sheet,
    as_csv,
    as_xlsx,
    of_agents,
    of_queues,
    queue_sheet,
)
from storage.repositories.seats import SeatEvents

router = APIRouter(
    prefix="/statistics", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403, 422)
)
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]
By = Annotated[Literal["hour", "day", "total"], Query(description="One row for each")]
Kind = Annotated[str, Path(pattern="^(csv|xlsx)$")]
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"example": "queue,asked\r\n"}, FILES["xlsx"]: {}}}
}


def span_of(
    backend: BackendHere,
    since: Annotated[AwareDatetime | None, Query(description="Default: 24 h ago")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now; never later")] = None,
) -> Span:
    """Raises `TimeRefused`."""
    now = backend.clock()
    end = min(until or now, now)
    return Span(since or end - timedelta(days=1), end)


SpanAsked = Annotated[Span, Depends(span_of)]


@router.get("/queues", summary="Each queue over a time")
async def queues(
    _principal: Supervisor, backend: BackendHere, span: SpanAsked, by: By = "total"
) -> QueueStatistics:
    """Counted from the journalled facts of calls: the same after any restart. 31 days at most."""
    async with backend.database.session() as session:
        rows = queue_sheet(await of_queues(session, span, by, backend.zone)).rows
    return QueueStatistics(
        since=span.since.astimezone(backend.zone),
        until=span.until.astimezone(backend.zone),
        rows=[QueueRow(**row) for row in rows],
        definitions=_defined(QUEUE_DEFINITIONS),
    )


@router.get(
    "/queues.{kind}",
    summary="The same as a file",
    response_class=Response,
    responses=FILE_ANSWERS,
)
async def queues_file(
    kind: Kind, _principal: Supervisor, backend: BackendHere, span: SpanAsked, by: By = "total"
) -> Response:
    """CSV or XLSX; each figure's definition stands below its name."""
    async with backend.database.session() as session:
        return await _file(kind, queue_sheet(await of_queues(session, span, by, backend.zone)))


@router.get("/agents", summary="Each agent over a time")
async def agents(_principal: Supervisor, backend: BackendHere, span: SpanAsked) -> AgentStatistics:
    """Seconds by state, cut off at the ends of the time, running states included."""
    async with backend.database.session() as session:
        rows = agent_sheet(await of_agents(session, span)).rows
    return AgentStatistics(
        since=span.since.astimezone(backend.zone),
        until=span.until.astimezone(backend.zone),
        rows=[AgentRow(**row) for row in rows],
        definitions=_defined(AGENT_DEFINITIONS),
    )


@router.get(
    "/agents.{kind}",
    summary="The same as a file",
    response_class=Response,
    responses=FILE_ANSWERS,
)
async def agents_file(
    kind: Kind, _principal: Supervisor, backend: BackendHere, span: SpanAsked
) -> Response:
    """CSV or XLSX; each figure's definition stands below its name."""
    async with backend.database.session() as session:
        return await _file(kind, agent_sheet(await of_agents(session, span)))


@router.get("/events", summary="Every change of a seat's state")
async def events(
    _principal: Supervisor,
    backend: BackendHere,
    span: SpanAsked,
    seat: Annotated[SeatId | None, Query(description="Default: all")] = None,
) -> SeatEventList:
    """Oldest first, a thousand at most: what the figures of agents are counted from."""
    async with backend.database.session() as session:
        rows = await SeatEvents(session).between(span.since, span.until, seat=seat or "")
    return SeatEventList(
        since=span.since.astimezone(backend.zone),
        until=span.until.astimezone(backend.zone),
        events=[
            SeatEventAnswer(
                **{
                    name: getattr(row, name)
                    for name in SeatEventAnswer.model_fields
                    if name != "at"
                },
                at=row.at.astimezone(backend.zone),
            )
            for row in rows
        ],
    )


async def _file(kind: str, sheet: Sheet) -> Response:
    content = await asyncio.to_thread(as_csv if kind == "csv" else as_xlsx, sheet)
    return Response(content, media_type=FILES[kind])


def _defined(texts: Mapping[str, tuple[str, str]]) -> dict[str, Definition]:
    return {name: Definition(zh=zh, en=en) for name, (zh, en) in texts.items()}
