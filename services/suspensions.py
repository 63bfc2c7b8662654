"""Abuse of the hotline: measures taken, suspensions proposed, decided, appealed against.

The caller is always the one of a recorded call: no number is typed in, and the recording proves
what the measure rests on. What the city's text does not allow is refused with its article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from sqlalchemy.ext.asyncio import AsyncSession

from domain.callers.conduct import (
    Conduct,
    Measure,
    Practice,
    Taken,
    allowed_now,
    check,
    notice,
    steps_of,
    suspended_until,
)
from domain.callers.suspension import (
    Suspension,
    SuspensionNotAllowed,
    SuspensionStatus,
    check_appeal_decision,
    check_decision,
    check_in_force,
)
from domain.cities.load import rules_on
from domain.cities.rules import Rules
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from services.cards import file_card
from storage.repositories.calls import Calls
from storage.repositories.suspensions import ConductMeasures, Suspensions
from storage.tables.call import CallRow
from storage.tables.conduct_measure import ConductMeasureRow
from storage.tables.suspension import SuspensionRow

SUSPENDED_FLOW = "suspended"  # leads whoever is suspended: told why, may leave a message
LONGEST_APPEAL = 2000
NUMBERLESS = frozenset({"", "anonymous", "unknown", "restricted", "unavailable"})


class NumberWithheld(Exception):
    """The caller's number is unknown: whoever withholds it must not be barred with all others."""

    def __init__(self) -> None:
        super().__init__("the call shows no number; nobody can be suspended by it")


class LengthRefused(ValueError):
    """The length of the suspension is not the city's; `reason_zh` says what would be right."""

    field = "days"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason_zh = reason


@dataclass(frozen=True)
class Place:
    """Where the hotline is: its city's rules and calendar days count."""

    city: str
    zone: tzinfo
    practice: Practice = field(default_factory=Practice)

    def rules(self, now: datetime) -> Rules:
        return rules_on(self.city, now.astimezone(self.zone).date())[0]


@dataclass(frozen=True)
class Standing:
    """A caller's past measures, and what may be done now, with the article of the steps."""

    taken: Sequence[ConductMeasureRow]
    allowed: Sequence[Measure]
    article: str


async def standing_of(
    session: AsyncSession, place: Place, call_id: str, conduct: Conduct, *, now: datetime
) -> Standing:
    """Raises `CallNotFound` or `NumberWithheld`."""
    rules = place.rules(now)
    rows = await ConductMeasures(session).of_caller(await _caller_of(session, call_id))
    allowed = allowed_now(rules, conduct, _taken(rows), now, place.practice)
    return Standing(rows, allowed, steps_of(rules, conduct).article)


@dataclass(frozen=True)
class Act:
    """What an agent does about the conduct in a call; `note` is what he said or heard."""

    call_id: str
    conduct: Conduct
    note: str


async def take_measure(
    session: AsyncSession, place: Place, act: Act, measure: Measure, *, actor: Actor, now: datetime
) -> ConductMeasureRow:
    """A reminder given, consequences told, police asked. A suspension is proposed instead.

    Raises `CallNotFound`, `NumberWithheld`, `MeasureRefused` or `SuspensionNotAllowed`.
    """
    if measure is Measure.SUSPEND:
        raise SuspensionNotAllowed("暂停须提出建议，由另一人决定")
    caller = await _caller_of(session, act.call_id)
    rules, measures = place.rules(now), ConductMeasures(session)
    taken = _taken(await measures.of_caller(caller))
    check(rules, Taken(act.conduct, measure, now), taken, place.practice)
    row = _measure(caller, rules, act, measure, actor, now)
    measures.add(row)
    await session.flush()
    write_down(session, actor, Deed(f"conduct.{measure}", "call", act.call_id, act.note), now=now)
    await file_card(session, act.call_id)
    return row


async def propose_suspension(
    session: AsyncSession, place: Place, act: Act, *, actor: Actor, now: datetime
) -> SuspensionRow:
    """For another person to decide. Raises what `take_measure` raises.

    It rests on the call itself and on every call in which a measure was taken before.
    """
    rules = place.rules(now)
    caller = await _caller_of(session, act.call_id)
    rows = await ConductMeasures(session).of_caller(caller)
    wanted = Taken(act.conduct, Measure.SUSPEND, now)
    article = check(rules, wanted, _taken(rows), place.practice)
    suspensions = Suspensions(session)
    for earlier in await suspensions.of_caller(caller):
        if status_of(earlier, now) in {SuspensionStatus.PROPOSED, SuspensionStatus.IN_FORCE}:
            raise SuspensionNotAllowed("该号码已有待决定的建议或者正在暂停")
    row = SuspensionRow(
        caller=caller,
        city=place.city,
        rules_version=rules.period.version,
        article=article,
        conduct=act.conduct.value,
        call_id=act.call_id,
        evidence=list(dict.fromkeys([*(row.call_id for row in rows), act.call_id])),
        reason=act.note,
        proposed_by=actor.name,
        proposed_at=now,
    )
    suspensions.add(row)
    await session.flush()
    _audit(session, "suspension.propose", row, actor, act.note, now)
    await file_card(session, act.call_id)
    return row


@dataclass(frozen=True)
class Decision:
    """`suspend` False rejects. `days` where the city's text names no length."""

    suspend: bool
    reason: str
    days: int | None = None


async def decide_suspension(
    session: AsyncSession,
    place: Place,
    suspension_id: int,
    decision: Decision,
    *,
    actor: Actor,
    now: datetime,
) -> SuspensionRow:
    """Raises `SuspensionNotFound`, `SuspensionNotAllowed` or `LengthRefused`."""
    row = await Suspensions(session).get(suspension_id, to_change=True)
    check_decision(_suspension(row), actor.name, now)
    row.decided_by, row.decided_at, row.decision_reason = actor.name, now, decision.reason
    if decision.suspend:
        rules = place.rules(row.proposed_at)
        try:
            row.ends_at = suspended_until(rules, now, decision.days, place.practice)
        except ValueError as wrong:
            raise LengthRefused(str(wrong)) from None
        conduct = Conduct(row.conduct)
        row.notice = notice(rules, conduct, row.ends_at)
        act = Act(row.call_id, conduct, decision.reason)
        ConductMeasures(session).add(_measure(row.caller, rules, act, Measure.SUSPEND, actor, now))
    _audit(session, "suspension.decide", row, actor, decision.reason, now)
    return row


async def lift_suspension(
    session: AsyncSession, suspension_id: int, reason: str, *, actor: Actor, now: datetime
) -> SuspensionRow:
    """Before its end. Raises `SuspensionNotFound` or `SuspensionNotAllowed`."""
    row = await Suspensions(session).get(suspension_id, to_change=True)
    check_in_force(_suspension(row), now)
    row.lifted_by, row.lifted_at, row.lift_reason = actor.name, now, reason
    _audit(session, "suspension.lift", row, actor, reason, now)
    return row


async def appeal_suspension(
    session: AsyncSession, suspension_id: int, words: str, *, actor: Actor, now: datetime
) -> SuspensionRow:
    """What the suspended caller says against it. Raises as `lift_suspension` does."""
    row = await Suspensions(session).get(suspension_id, to_change=True)
    check_in_force(_suspension(row), now)
    if row.appealed_at is not None:
        raise SuspensionNotAllowed("已提出过申诉")
    row.appeal, row.appealed_at = words, now
    _audit(session, "suspension.appeal", row, actor, "", now)
    return row


async def note_appeal(
    session: AsyncSession, call: CallRow, words: str, *, now: datetime
) -> SuspensionRow | None:
    """What a suspended caller has left as a message is the appeal; the first one counts."""
    if call.flow != SUSPENDED_FLOW or not words.strip():
        return None
    for row in await Suspensions(session).of_caller(call.caller):
        if status_of(row, now) is SuspensionStatus.IN_FORCE and row.appealed_at is None:
            said = words[:LONGEST_APPEAL]
            return await appeal_suspension(session, row.id, said, actor=SYSTEM, now=now)
    return None


async def decide_appeal(
    session: AsyncSession,
    suspension_id: int,
    reason: str,
    *,
    lift: bool,
    actor: Actor,
    now: datetime,
) -> SuspensionRow:
    """By a third person. Raises as `lift_suspension` does."""
    row = await Suspensions(session).get(suspension_id, to_change=True)
    if row.appealed_at is None or row.appeal_decided_at is not None:
        raise SuspensionNotAllowed("没有待处理的申诉")
    check_appeal_decision(_suspension(row), actor.name, now)
    row.appeal_decided_by, row.appeal_decided_at, row.appeal_reason = actor.name, now, reason
    if lift:
        row.lifted_by, row.lifted_at, row.lift_reason = actor.name, now, reason
    _audit(session, "suspension.appeal.decide", row, actor, reason, now)
    return row


def status_of(row: SuspensionRow, now: datetime) -> SuspensionStatus:
    """Where the suspension stands at this moment."""
    return _suspension(row).status(now)


def _suspension(row: SuspensionRow) -> Suspension:
    return Suspension(row.proposed_by, row.decided_by, row.ends_at, row.lifted_at)


async def _caller_of(session: AsyncSession, call_id: str) -> str:
    caller = (await Calls(session).get(call_id)).caller
    if caller.lower() in NUMBERLESS:
        raise NumberWithheld
    return caller


def _taken(rows: Sequence[ConductMeasureRow]) -> list[Taken]:
    return [Taken(Conduct(row.conduct), Measure(row.measure), row.at, row.call_id) for row in rows]


def _measure(
    caller: str, rules: Rules, act: Act, measure: Measure, actor: Actor, now: datetime
) -> ConductMeasureRow:
    return ConductMeasureRow(
        caller=caller,
        city=rules.period.city,
        rules_version=rules.period.version,
        article=steps_of(rules, act.conduct).article,
        conduct=act.conduct.value,
        measure=measure.value,
        call_id=act.call_id,
        note=act.note,
        at=now,
        by=actor.name,
    )


def _audit(
    session: AsyncSession,
    action: str,
    row: SuspensionRow,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    write_down(session, actor, Deed(action, "suspension", str(row.id), reason), now=now)
