"""/floor: what concerns all desks: alarms, messages to everybody, rules, drills."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.queues import tell_engine
from api.routes.seats import ordered
from api.schemas.failure import failures
from api.schemas.floor import (
    Alarm,
    AlarmList,
    Broadcast,
    BroadcastInput,
    BroadcastList,
    PolicyModel,
)
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.floor import SettingRefused, policy_of, set_policy
from storage.repositories.floor import FloorEvents

router = APIRouter(
    prefix="/floor", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403)
)
Watcher = Annotated[Principal, Depends(Require(Permission.LIVE_WATCH))]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]


@router.get("/policy", summary="Rules of the whole floor")
async def get_policy(_principal: Watcher, backend: BackendHere) -> PolicyModel:
    """Call-backs, thresholds of alarms, the city's own words of danger, drills."""
    async with backend.database.session() as session:
        return PolicyModel.of(await policy_of(session), backend.zone)


@router.put("/policy", summary="Change them", responses=failures(422))
async def put_policy(
    given: PolicyModel, principal: Supervisor, backend: BackendHere
) -> PolicyModel:
    """In force within a second; audited."""
    try:
        policy = given.policy()
    except ValueError as wrong:
        raise SettingRefused("call_backs", str(wrong), "回拨时段的开始应早于结束") from wrong
    async with backend.database.transaction() as session:
        await set_policy(session, policy, actor=principal.actor, now=backend.clock())
    await tell_engine(backend, principal)
    return PolicyModel.of(policy, backend.zone)


@router.get("/alarms", summary="Alarms, the latest first", responses=failures(503))
async def list_alarms(principal: Watcher, backend: BackendHere) -> AlarmList:
    """Those of this running engine, and of those before it as far as its journal goes."""
    return AlarmList.model_validate(await ordered(backend, principal, "alarms"))


@router.post(
    "/alarms/{alarm}/acknowledge",
    summary="Somebody sees to it",
    responses=failures(404, 409, 422, 503),
)
async def acknowledge(alarm: int, principal: Supervisor, backend: BackendHere) -> Alarm:
    """Once: whoever comes second is told who was first."""
    answer = await ordered(backend, principal, "acknowledge", alarm=alarm)
    await _audited(backend, principal, Deed("alarm.acknowledge", "alarm", str(alarm)))
    return Alarm.model_validate(answer["alarm"])


@router.post(
    "/broadcasts", status_code=201, summary="A message to desks", responses=failures(422, 503)
)
async def broadcast(
    given: BroadcastInput, principal: Supervisor, backend: BackendHere
) -> Broadcast:
    """Comes over `/live` as `broadcast`; audited."""
    answer = await ordered(backend, principal, "broadcast", **given.model_dump())
    deed = Deed("floor.broadcast", "floor", reason=given.text, detail={"queues": given.queues})
    await _audited(backend, principal, deed)
    return Broadcast.model_validate(answer)


@router.get("/broadcasts", summary="Messages of late, the latest first")
async def list_broadcasts(_principal: Watcher, backend: BackendHere) -> BroadcastList:
    """For desks that open later; the last hundred."""
    async with backend.database.session() as session:
        rows = await FloorEvents(session).latest("broadcast")
    return BroadcastList(
        broadcasts=[
            Broadcast(id=row.seq, at=row.at.astimezone(backend.zone), **row.body) for row in rows
        ]
    )


async def _audited(backend: BackendHere, principal: Principal, deed: Deed) -> None:
    async with backend.database.transaction() as session:
        write_down(session, principal.actor, deed, now=backend.clock())
