"""/retention: what is kept how long, what is held, what goes, and the proof that it went."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.schemas.failure import failures
from api.schemas.recordings import (
    DeletionAnswer,
    DeletionList,
    DueAnswer,
    DueList,
    HoldAnswer,
    HoldGiven,
    HoldList,
    KeysAnswer,
    RuleAnswer,
    RuleGiven,
    RuleList,
)
from api.schemas.shapes import RowId, local
from domain.accounts.permissions import Permission
from domain.keeping.retention import conditions_of, written
from services.audit import Deed, write_down
from services.retention import Due, NothingDue, confirm, due, propose, withdraw
from storage.repositories.calls import Calls
from storage.repositories.keeping import Deletions, Retention
from storage.tables.retention import DeletionRow, LegalHoldRow, RetentionRuleRow

router = APIRouter(
    prefix="/retention", tags=["retention"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Keeper = Annotated[Principal, Depends(Require(Permission.RECORDING_DELETE))]
Holder = Annotated[Principal, Depends(Require(Permission.RECORDING_HOLD))]
SHOWN = 200


@router.get("/rules", summary="List retention rules")
async def list_rules(_principal: Keeper, backend: BackendHere) -> RuleList:
    """The longest of all that fit a recording wins; without a rule it stays."""
    async with backend.database.session() as session:
        rows = await Retention(session).rules()
    return RuleList(rules=[RuleAnswer.of(row, backend.zone) for row in rows])


@router.post("/rules", status_code=201, summary="Add a retention rule", responses=failures(422))
async def add_rule(given: RuleGiven, principal: Keeper, backend: BackendHere) -> RuleAnswer:
    """It counts from the next proposal on. Audited."""
    conditions = conditions_of(given.conditions)
    row = RetentionRuleRow(
        name=given.name,
        conditions=written(conditions),
        keep_days=given.keep_days,
        origin="city",
        changed_by=principal.actor.name,
        changed_at=backend.clock(),
    )
    async with backend.database.transaction() as session:
        Retention(session).add(row)
        detail = {"keep_days": given.keep_days, "conditions": row.conditions}
        deed = Deed("retention.rule.add", "retention_rule", given.name, detail=detail)
        write_down(session, principal.actor, deed, now=backend.clock())
    return RuleAnswer.of(row, backend.zone)


@router.delete(
    "/rules/{rule_id}",
    status_code=204,
    summary="Remove a retention rule",
    responses=failures(404, 422),
)
async def remove_rule(rule_id: RowId, principal: Keeper, backend: BackendHere) -> Response:
    """Recordings that no rule fits any more stay. Audited."""
    async with backend.database.transaction() as session:
        row = await Retention(session).rule(rule_id)
        detail = {"keep_days": row.keep_days, "conditions": row.conditions}
        await Retention(session).remove(row)
        deed = Deed("retention.rule.remove", "retention_rule", row.name, detail=detail)
        write_down(session, principal.actor, deed, now=backend.clock())
    return Response(status_code=204)


@router.get("/holds", summary="List legal holds")
async def list_holds(_principal: Holder, backend: BackendHere) -> HoldList:
    """Those in force, newest first."""
    async with backend.database.session() as session:
        rows = await Retention(session).holds()
    return HoldList(holds=[HoldAnswer.of(row, backend.zone) for row in rows])


@router.post("/holds", status_code=201, summary="Hold a recording", responses=failures(404, 422))
async def place_hold(given: HoldGiven, principal: Holder, backend: BackendHere) -> HoldAnswer:
    """No rule deletes it until the hold is lifted, nor a deletion confirmed before. Audited."""
    row = LegalHoldRow(
        call_id=given.call_id,
        reason=given.reason,
        placed_by=principal.actor.name,
        placed_at=backend.clock(),
    )
    async with backend.database.transaction() as session:
        await Calls(session).get(given.call_id)
        Retention(session).add(row)
        deed = Deed("hold.place", "call", given.call_id, given.reason)
        write_down(session, principal.actor, deed, now=backend.clock())
    return HoldAnswer.of(row, backend.zone)


@router.delete(
    "/holds/{hold_id}", status_code=204, summary="Lift a legal hold", responses=failures(404, 422)
)
async def lift_hold(hold_id: RowId, principal: Holder, backend: BackendHere) -> Response:
    """From now on the rules count again. Audited."""
    async with backend.database.transaction() as session:
        row = await Retention(session).hold(hold_id)
        row.lifted_by, row.lifted_at = principal.actor.name, backend.clock()
        deed = Deed("hold.lift", "call", row.call_id, row.reason)
        write_down(session, principal.actor, deed, now=backend.clock())
    return Response(status_code=204)


@router.get("/due", summary="See what would go now")
async def what_is_due(_principal: Keeper, backend: BackendHere) -> DueList:
    """A dry run: nothing is changed."""
    number, first = 0, list[Due]()
    async for batch in due(backend.database, now=backend.clock()):
        number += len(batch)
        first += batch[: SHOWN - len(first)]
    zone = backend.zone
    shown = [
        DueAnswer(
            call_id=one.call_id,
            started_at=local(one.started_at, zone),
            rule=one.rule,
            until=local(one.until, zone),
        )
        for one in first
    ]
    return DueList(number=number, first=shown)


@router.get("/keys", summary="See which keys seal recordings")
async def see_keys(_principal: Keeper, backend: BackendHere) -> KeysAnswer:
    """Their names, never the keys. `hotline recordings rotate-keys` makes a new one."""
    ring = backend.vault.ring
    active, keys = await asyncio.to_thread(lambda: (ring.active, ring.key_ids))
    return KeysAnswer(active=active, keys=keys, public_key=ring.public_key)


@router.get("/deletions", summary="List deletions")
async def list_deletions(_principal: Keeper, backend: BackendHere) -> DeletionList:
    """Newest first, with certificate and signature once they are done."""
    async with backend.database.session() as session:
        rows = await Deletions(session).every()
        counts = await Deletions(session).counts()
    answers = [DeletionAnswer.of(row, counts.get(row.id, (0, 0, 0)), backend.zone) for row in rows]
    return DeletionList(deletions=answers, public_key=backend.vault.ring.public_key)


@router.post("/deletions", status_code=201, summary="Propose a deletion", responses=failures(409))
async def propose_deletion(principal: Keeper, backend: BackendHere) -> DeletionAnswer:
    """The first step: everything that is due is written down; nothing goes yet. Audited."""
    number = await propose(backend.database, principal.actor, now=backend.clock())
    if number is None:
        raise NothingDue
    return await _answer(backend, number)


@router.post(
    "/deletions/{deletion_id}/confirm",
    summary="Confirm a deletion",
    responses=failures(403, 404, 409, 422),
)
async def confirm_deletion(
    deletion_id: RowId, principal: Keeper, backend: BackendHere
) -> DeletionAnswer:
    """The second step, by somebody else; the worker then deletes. Audited."""
    async with backend.database.transaction() as session:
        await confirm(session, deletion_id, principal.actor, now=backend.clock())
    return await _answer(backend, deletion_id)


@router.post(
    "/deletions/{deletion_id}/withdraw",
    summary="Withdraw a deletion",
    responses=failures(404, 409, 422),
)
async def withdraw_deletion(
    deletion_id: RowId, principal: Keeper, backend: BackendHere
) -> DeletionAnswer:
    """Nothing of it goes. Audited."""
    async with backend.database.transaction() as session:
        await withdraw(session, deletion_id, principal.actor, now=backend.clock())
    return await _answer(backend, deletion_id)


async def _answer(backend: Backend, number: int) -> DeletionAnswer:
    async with backend.database.session() as session:
        row: DeletionRow = await Deletions(session).get(number)
        counts = await Deletions(session).counts()
    return DeletionAnswer.of(row, counts.get(number, (0, 0, 0)), backend.zone)
