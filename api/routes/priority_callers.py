"""/priority-callers: numbers that go before others, such as those the elderly have registered."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.routes.queues import tell_engine
from api.schemas.failure import failures
from api.schemas.floor import (
    PriorityCallerAnswer,
    PriorityCallerInput,
    PriorityCallerList,
)
from api.schemas.shapes import local, local_or_none
from domain.accounts.masking import mask_number
from domain.accounts.permissions import Permission
from services.floor import forget_priority, register_priority
from storage.repositories.floor import PriorityCallers
from storage.tables.priority_caller import PriorityCallerRow

router = APIRouter(
    prefix="/priority-callers", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403)
)
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]
Number = Annotated[str, Path(pattern=r"^[0-9]{5,20}$", examples=["13800000000"])]


@router.get("", summary="Registered numbers, masked")
async def list_callers(principal: Supervisor, backend: BackendHere) -> PriorityCallerList:
    """A level each above everybody else: ten minutes of waiting."""
    async with backend.database.session() as session:
        rows = await PriorityCallers(session).every()
    return PriorityCallerList(callers=[_answer(row, principal, backend) for row in rows])


@router.put("/{caller}", summary="Register a number", responses=failures(422))
async def put_caller(
    caller: Number, given: PriorityCallerInput, principal: Supervisor, backend: BackendHere
) -> PriorityCallerAnswer:
    """Counts from the next call on; audited without the number."""
    now = backend.clock()
    row = PriorityCallerRow(
        caller=caller, note=given.note, until=given.until, set_at=now, set_by=principal.actor.name
    )
    async with backend.database.transaction() as session:
        await register_priority(session, row, actor=principal.actor, now=now)
    await tell_engine(backend, principal)
    return _answer(row, principal, backend)


@router.delete("/{caller}", status_code=204, summary="Forget a number", responses=failures(422))
async def delete_caller(caller: Number, principal: Supervisor, backend: BackendHere) -> None:
    """One that was not registered is no fault; audited."""
    async with backend.database.transaction() as session:
        await forget_priority(session, caller, actor=principal.actor, now=backend.clock())
    await tell_engine(backend, principal)


def _answer(row: PriorityCallerRow, principal: Principal, backend: Backend) -> PriorityCallerAnswer:
    return PriorityCallerAnswer(
        caller=row.caller if principal.sees_clear else mask_number(row.caller),
        note=row.note,
        until=local_or_none(row.until, backend.zone),
        set_at=local(row.set_at, backend.zone),
        set_by=row.set_by,
    )
