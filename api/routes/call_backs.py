"""/call-backs: citizens to be rung back, by offer, after a lost call, or by an agent."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.routes.seats import ordered
from api.schemas.failure import failures
from api.schemas.floor import (
    CallBackAnswer,
    CallBackList,
    CancelInput,
    call_back_answer,
)
from api.schemas.shapes import CallId
from domain.accounts.masking import mask_number
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from storage.repositories.floor import CallBacks
from storage.tables.call_back import CallBackRow

router = APIRouter(
    prefix="/call-backs", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403)
)
Worker = Annotated[Principal, Depends(Require(Permission.SEAT_WORK))]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]
StateName = Literal["waiting", "dialling", "reached", "failed", "cancelled"]


@router.get("", summary="Call-backs, the earliest due first", responses=failures(422))
async def list_call_backs(
    principal: Worker,
    backend: BackendHere,
    state: Annotated[list[StateName], Query(description="Default: the open ones")] = [  # noqa: B006
        "waiting",
        "dialling",
    ],
) -> CallBackList:
    """Two hundred at most. Changes come over `/live` as `call_back`."""
    async with backend.database.session() as session:
        rows = await CallBacks(session).listed(state)
    return CallBackList(call_backs=[_answer(row, principal, backend) for row in rows])


@router.get("/{call_back}", summary="One call-back", responses=failures(404, 422))
async def get_call_back(
    call_back: CallId, principal: Worker, backend: BackendHere
) -> CallBackAnswer:
    """How it stands, and how its last attempt ended."""
    async with backend.database.session() as session:
        return _answer(await CallBacks(session).get(call_back), principal, backend)


@router.post("/{call_back}/cancel", summary="Call it off", responses=failures(404, 409, 422, 503))
async def cancel(
    call_back: CallId, given: CancelInput, principal: Supervisor, backend: BackendHere
) -> CallBackAnswer:
    """Only while it waits: one that rings, or is settled, is refused; audited."""
    await ordered(backend, principal, "cancel_call_back", id=call_back, reason=given.reason)
    async with backend.database.transaction() as session:
        deed = Deed("call_back.cancel", "call_back", call_back, given.reason)
        write_down(session, principal.actor, deed, now=backend.clock())
        row = await CallBacks(session).get(call_back)
        row.state, row.result = "cancelled", given.reason
        return _answer(row, principal, backend)


def _answer(row: CallBackRow, principal: Principal, backend: Backend) -> CallBackAnswer:
    caller = row.caller if principal.sees_clear else mask_number(row.caller)
    return call_back_answer(row, caller, backend.clock(), backend.zone)
