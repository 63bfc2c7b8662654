"""/rosters: when experts serve, and when leaders take calls themselves."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.routes.queues import tell_engine
from api.schemas.failure import failures
from api.schemas.floor import CancelInput
from api.schemas.queues import DutyAnswer, Roster, RosterInput
from api.schemas.shapes import RowId, local, local_or_none
from domain.accounts.permissions import Permission
from domain.queueing.roster import Duty
from domain.queueing.seats import SeatKind
from services.floor import add_duty, call_off_duty, duty_of
from storage.repositories.floor import Rosters
from storage.tables.roster_duty import RosterDutyRow

router = APIRouter(
    prefix="/rosters", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403, 422)
)
Watcher = Annotated[Principal, Depends(Require(Permission.LIVE_WATCH))]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]
A_WEEK = timedelta(days=7)


@router.get("", summary="Duties in a time")
async def list_duties(
    _principal: Watcher,
    backend: BackendHere,
    since: Annotated[AwareDatetime | None, Query(description="Default: now")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: a week on")] = None,
    account: Annotated[str, Query(max_length=64)] = "",
) -> Roster:
    """Every duty that touches it. Leaders' windows are announced to callers and desks by these."""
    start = since or backend.clock()
    async with backend.database.session() as session:
        rows = await Rosters(session).between(
            start, until or start + A_WEEK, account=account, called_off=True
        )
    return Roster(duties=[_answer(row, backend) for row in rows])


@router.post("", status_code=201, summary="Put somebody on duty")
async def post_duty(given: RosterInput, principal: Supervisor, backend: BackendHere) -> DutyAnswer:
    """One that is over, or overlaps another of the same account, is refused; audited."""
    duty = Duty(
        given.account,
        SeatKind(given.kind),
        given.queue,
        given.title,
        given.starts_at,
        given.ends_at,
    )
    async with backend.database.transaction() as session:
        row = await add_duty(session, duty, actor=principal.actor, now=backend.clock())
        answer = _answer(row, backend)
    await tell_engine(backend, principal)
    return answer


@router.post("/{duty}/call-off", summary="Call a duty off", responses=failures(404))
async def call_off(
    duty: RowId, given: CancelInput, principal: Supervisor, backend: BackendHere
) -> DutyAnswer:
    """Whoever serves by it takes no more calls; audited."""
    async with backend.database.transaction() as session:
        row = await call_off_duty(
            session, duty, given.reason, actor=principal.actor, now=backend.clock()
        )
        answer = _answer(row, backend)
    await tell_engine(backend, principal)
    return answer


def _answer(row: RosterDutyRow, backend: Backend) -> DutyAnswer:
    zone = backend.zone
    now = row.called_off_at is None and duty_of(row).covers(backend.clock())
    return DutyAnswer(
        id=row.id,
        account=row.account,
        kind=row.kind,
        queue=row.queue,
        title=row.title,
        starts_at=local(row.starts_at, zone),
        ends_at=local(row.ends_at, zone),
        now=now,
        set_by=row.set_by,
        called_off_at=local_or_none(row.called_off_at, zone),
        reason=row.reason,
    )
