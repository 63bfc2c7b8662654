"""/queues: how callers wait and who serves them; set at run time, in force within a second."""

import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.routes.seats import ordered
from api.schemas.failure import failures
from api.schemas.queues import QueueAnswer, QueueInput, QueueList, QueueLive
from api.schemas.seats import QueueName
from api.schemas.shapes import local_or_none
from domain.accounts.permissions import Permission
from domain.queueing.rules import QueueRule
from services.floor import SettingRefused, delete_queue, queue_rules, set_queue
from services.orders import OrderRefused
from storage.tables.queue_rule import QueueRuleRow

router = APIRouter(
    prefix="/queues", tags=["floor"], dependencies=SCHEMES, responses=failures(401, 403)
)
Watcher = Annotated[Principal, Depends(Require(Permission.LIVE_WATCH))]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]


@router.get("", summary="Every queue, its rules and what goes on in it")
async def list_queues(principal: Watcher, backend: BackendHere) -> QueueList:
    """Also while the engine is away: then without what goes on."""
    live = await _live(backend, principal)
    async with backend.database.session() as session:
        found = await queue_rules(session)
    return QueueList(queues=[_answer(rule, row, live, backend) for rule, row in found])


@router.put("/{name}", summary="Make or change a queue", responses=failures(422))
async def put_queue(
    name: QueueName, given: QueueInput, principal: Supervisor, backend: BackendHere
) -> QueueAnswer:
    """In force at once, for those who wait already too; audited.

    An overflow names its cause. Opening hours, and where callers go outside them, go together.
    """
    if (given.hours is not None) != any(one.closed for one in given.overflows):
        wrong = "opening hours, if and only if an overflow with closed says where callers go then"
        raise SettingRefused("hours", wrong, "开放时间与关闭后的去向须同时设置")
    try:
        rule = given.rule(name)
    except ValueError as wrong:
        told = "规则自相矛盾：溢出须有且只有一个原因"
        raise SettingRefused("overflows", str(wrong), told) from wrong
    async with backend.database.transaction() as session:
        row = await set_queue(session, rule, actor=principal.actor, now=backend.clock())
        answer = _answer(rule, row, None, backend)
    await tell_engine(backend, principal)
    return answer


@router.delete(
    "/{name}", status_code=204, summary="Delete a queue", responses=failures(404, 409, 422)
)
async def remove_queue(name: QueueName, principal: Supervisor, backend: BackendHere) -> None:
    """Not the general one, nor one that others overflow into. Who waits there waits on."""
    async with backend.database.transaction() as session:
        await delete_queue(session, name, actor=principal.actor, now=backend.clock())
    await tell_engine(backend, principal)


async def tell_engine(backend: Backend, principal: Principal) -> None:
    """So that it looks at once; it does so by itself within a second."""
    with contextlib.suppress(OrderRefused):
        await ordered(backend, principal, "settings_changed")


async def _live(backend: Backend, principal: Principal) -> Mapping[str, Any] | None:
    with contextlib.suppress(OrderRefused):
        return await ordered(backend, principal, "seats")
    return None


def _answer(
    rule: QueueRule, row: QueueRuleRow | None, live: Mapping[str, Any] | None, backend: Backend
) -> QueueAnswer:
    return QueueAnswer(
        name=rule.name,
        rule=QueueInput.of(rule),
        live=None if live is None else _now(rule.name, live, backend.clock()),
        changed_at=local_or_none(row.changed_at if row else None, backend.zone),
        changed_by=row.changed_by if row else "",
    )


def _now(name: str, live: Mapping[str, Any], now: datetime) -> QueueLive:
    since = [
        datetime.fromisoformat(live["waiting"][call_id])
        for call_id, queue in live["queue_of"].items()
        if queue == name
    ]
    longest_s = max(((now - one).total_seconds() for one in since), default=0.0)
    states = Counter(seat["state"] for seat in live["seats"] if name in seat["queues"])
    return QueueLive(
        waiting=len(since), longest_wait_s=round(max(0.0, longest_s), 1), seats=dict(states)
    )
