"""What supervisors set at run time: queues, rosters, policy, numbers that go first. All audited."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from domain.queueing.policy import Policy
from domain.queueing.roster import Duty, check
from domain.queueing.rules import DEFAULT_QUEUE, QueueRule
from domain.queueing.seats import GENERAL, SeatKind
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.floor import DutyNotFound, Policies, PriorityCallers, Queues, Rosters
from storage.tables.floor_policy import FloorPolicyRow
from storage.tables.priority_caller import PriorityCallerRow
from storage.tables.queue_rule import QueueRuleRow
from storage.tables.roster_duty import RosterDutyRow

RULE = TypeAdapter(QueueRule)
POLICY = TypeAdapter(Policy)
# Nobody is rostered years ahead, and overlaps are looked for within this time only.
FURTHEST = timedelta(days=400)


class QueueStays(Exception):
    """A queue that others lead to, or the one every caller can fall back on."""

    def __init__(self, name: str, why: str) -> None:
        self.chinese = "这个队列仍在使用，不能删除"
        super().__init__(f"queue {name} cannot be deleted: {why}")


class SettingRefused(ValueError):
    """Settings that contradict themselves; ``field`` is at fault."""

    def __init__(self, field: str, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.field, self.reason_zh = field, reason_zh


class QueueUnknown(ValueError):
    """A queue is named that there is none of."""

    field = "queue"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.reason_zh = f"没有队列 {name}；现有：{'、'.join(known)}"
        super().__init__(f"there is no queue {name}; there are {', '.join(known)}")


async def queue_rules(session: AsyncSession) -> list[tuple[QueueRule, QueueRuleRow | None]]:
    """Every queue by name; the general one exists also where nobody has set it."""
    rows = {row.name: row for row in await Queues(session).every()}
    found: list[tuple[QueueRule, QueueRuleRow | None]] = [
        (RULE.validate_python(row.rule), row) for row in rows.values()
    ]
    if GENERAL not in rows:
        found.append((DEFAULT_QUEUE, None))
    return sorted(found, key=lambda pair: pair[0].name)


async def set_queue(
    session: AsyncSession, rule: QueueRule, *, actor: Actor, now: datetime
) -> QueueRuleRow:
    """Raises `QueueUnknown` for an overflow into a queue that does not exist."""
    known = [one.name for one, _ in await queue_rules(session)]
    for overflow in rule.overflows:
        if overflow.queue and overflow.queue not in known:
            raise QueueUnknown(overflow.queue, known)
    values = RULE.dump_python(rule, mode="json")
    row = QueueRuleRow(name=rule.name, rule=values, changed_at=now, changed_by=actor.name)
    await Queues(session).put(row)
    write_down(session, actor, Deed("queue.set", "queue", rule.name, detail=values), now=now)
    return row


async def delete_queue(session: AsyncSession, name: str, *, actor: Actor, now: datetime) -> None:
    """Raises `QueueNotFound` or `QueueStays`."""
    if name == GENERAL:
        raise QueueStays(name, "callers who name no queue wait there")
    for rule, _ in await queue_rules(session):
        if any(overflow.queue == name for overflow in rule.overflows):
            raise QueueStays(name, f"queue {rule.name} overflows into it")
    await Queues(session).delete(name)
    write_down(session, actor, Deed("queue.delete", "queue", name), now=now)


async def policy_of(session: AsyncSession) -> Policy:
    """The usual one where no supervisor has said otherwise."""
    row = await Policies(session).find()
    return Policy() if row is None else POLICY.validate_python(row.policy)


async def set_policy(session: AsyncSession, policy: Policy, *, actor: Actor, now: datetime) -> None:
    values = POLICY.dump_python(policy, mode="json")
    await Policies(session).put(
        FloorPolicyRow(id=1, policy=values, changed_at=now, changed_by=actor.name)
    )
    write_down(session, actor, Deed("floor.policy", "floor", detail=values), now=now)


def duty_of(row: RosterDutyRow) -> Duty:
    kind = SeatKind(row.kind)
    return Duty(row.account, kind, row.queue, row.title, row.starts_at, row.ends_at)


async def add_duty(
    session: AsyncSession, duty: Duty, *, actor: Actor, now: datetime
) -> RosterDutyRow:
    """Raises `RosterRefused` or `QueueUnknown`."""
    known = [one.name for one, _ in await queue_rules(session)]
    if duty.queue not in known:
        raise QueueUnknown(duty.queue, known)
    rosters = Rosters(session)
    near = await rosters.between(now, now + FURTHEST, account=duty.account)
    check(duty, (duty_of(row) for row in near), now)
    row = RosterDutyRow(
        account=duty.account,
        kind=duty.kind.value,
        queue=duty.queue,
        title=duty.title,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        set_at=now,
        set_by=actor.name,
    )
    rosters.add(row)
    await session.flush()
    deed = Deed("roster.set", "duty", str(row.id), detail={"account": duty.account})
    write_down(session, actor, deed, now=now)
    return row


async def call_off_duty(
    session: AsyncSession, duty_id: int, reason: str, *, actor: Actor, now: datetime
) -> RosterDutyRow:
    """Raises `DutyNotFound`, also for one that was called off before."""
    row = await Rosters(session).get(duty_id)
    if row.called_off_at is not None:
        raise DutyNotFound(duty_id)
    row.called_off_at, row.called_off_by, row.reason = now, actor.name, reason
    write_down(session, actor, Deed("roster.call_off", "duty", str(duty_id), reason), now=now)
    return row


async def register_priority(
    session: AsyncSession, row: PriorityCallerRow, *, actor: Actor, now: datetime
) -> None:
    """This number goes before others; the trail holds who said so, not the number."""
    await PriorityCallers(session).put(row)
    write_down(session, actor, Deed("priority_caller.set", "caller", reason=row.note), now=now)


async def forget_priority(
    session: AsyncSession, caller: str, *, actor: Actor, now: datetime
) -> bool:
    """False if the number was not registered."""
    there = await PriorityCallers(session).delete(caller)
    if there:
        write_down(session, actor, Deed("priority_caller.delete", "caller"), now=now)
    return there


async def everything(session: AsyncSession, now: datetime) -> dict[str, Any]:
    """What the engine works by, as JSON: see `services.floor_shelf`."""
    duties = await Rosters(session).between(now - timedelta(days=1), now + FURTHEST)
    callers = await PriorityCallers(session).every()
    return {
        "queues": [RULE.dump_python(rule, mode="json") for rule, _ in await queue_rules(session)],
        "policy": POLICY.dump_python(await policy_of(session), mode="json"),
        "duties": [DUTY.dump_python(duty_of(row), mode="json") for row in duties],
        "first": {row.caller: row.until.isoformat() if row.until else "" for row in callers},
    }


DUTY = TypeAdapter(Duty)
