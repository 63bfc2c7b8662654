"""Supervision over many tickets: which of a text's triggers the data show, by thresholds.

The texts say 多次, 集中, 多个 and give no number: the numbers are parameters of the installation,
engine defaults and not law.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cities.ids import Urgency
from domain.cities.rules import Rules


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which number on a trigger is reached, within `within_days`.

    `repeats`: requests of one person in the same matter; `requesters`: people with the same kind
    of matter at one unit; `assignments`: how often one ticket was assigned; `returns`: how often
    units asked to give it back; `late_tickets`: of one unit.
    """

    repeats: int = 3
    requesters: int = 5
    assignments: int = 3
    returns: int = 2
    late_tickets: int = 5
    within_days: int = 30


@dataclass(frozen=True, slots=True)
class Facts:
    """What the history of one unsolved ticket tells a supervisor. `topic`: "" if not known."""

    ticket_id: str
    registered_at: datetime
    unit: str
    requester: str
    topic: str
    urgency: str
    assignments: int
    returns: int
    returns_refused: int
    repeats: int
    late: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """`must`: the text says shall (应当), so it is done without being asked."""

    ticket_id: str
    trigger: str
    why: str
    article: str
    must: bool


def proposals(
    found: Iterable[Facts], rules: Rules, thresholds: Thresholds, now: datetime
) -> list[Proposal]:
    """One per ticket and trigger that the city's text names and the figures reach."""
    since = now - timedelta(days=thresholds.within_days)
    recent = [facts for facts in found if facts.registered_at >= since or facts.late]
    crowd = _Crowd(recent, since)
    article, must = rules.supervise_triggers.article, rules.supervise_modality.value == "shall"
    made = []
    for facts in recent:
        for trigger in rules.supervise_triggers.value:
            reached = TRIGGERS.get(trigger)
            why = reached(facts, crowd, thresholds) if reached else ""
            if why:
                made.append(Proposal(facts.ticket_id, trigger, why, article, must))
    return made


class _Crowd:
    """What is counted over all tickets."""

    def __init__(self, found: Sequence[Facts], since: datetime) -> None:
        self.of_requester: dict[tuple[str, str], int] = defaultdict(int)
        self.requesters: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.late: dict[str, int] = defaultdict(int)
        for facts in found:
            self.late[facts.unit] += facts.late and bool(facts.unit)
            if not facts.topic or not facts.requester or facts.registered_at < since:
                continue
            self.of_requester[facts.requester, facts.topic] += 1
            self.requesters[facts.unit, facts.topic].add(facts.requester)


def _overdue(facts: Facts, _crowd: _Crowd, _limit: Thresholds) -> str:
    return "超过办理时限 overdue" if facts.late else ""


def _life_safety(facts: Facts, _crowd: _Crowd, _limit: Thresholds) -> str:
    urgent = facts.urgency in (Urgency.EMERGENCY_GENERAL, Urgency.EMERGENCY_MAJOR)
    return f"紧急程度 urgency {facts.urgency}" if urgent else ""


def _assigned_often(facts: Facts, crowd: _Crowd, limit: Thresholds) -> str:
    if facts.assignments >= limit.assignments:
        return f"已交办 {facts.assignments} 次 assigned (≥ {limit.assignments})"
    return _shirked(facts, crowd, limit)


def _shirked(facts: Facts, _crowd: _Crowd, limit: Thresholds) -> str:
    reached = facts.returns >= limit.returns
    return f"申请退回 {facts.returns} 次 returns (≥ {limit.returns})" if reached else ""


def _refused(facts: Facts, crowd: _Crowd, limit: Thresholds) -> str:
    if facts.returns_refused and facts.returns > facts.returns_refused:
        return "退回未获同意后再次申请退回 return asked again after a refusal"
    return _shirked(facts, crowd, limit)


def _same_requester(facts: Facts, crowd: _Crowd, limit: Thresholds) -> str:
    count = max(crowd.of_requester[facts.requester, facts.topic], facts.repeats + 1)
    return (
        f"同一诉求人反映 {count} 次 repeats (≥ {limit.repeats})" if count >= limit.repeats else ""
    )


def _many_requesters(facts: Facts, crowd: _Crowd, limit: Thresholds) -> str:
    count = len(crowd.requesters[facts.unit, facts.topic])
    reached = count >= limit.requesters
    return f"{count} 人反映同类事项 requesters (≥ {limit.requesters})" if reached else ""


def _low_efficiency(facts: Facts, crowd: _Crowd, limit: Thresholds) -> str:
    count = crowd.late[facts.unit]
    reached = facts.late and count >= limit.late_tickets
    return f"该单位逾期 {count} 件 late tickets (≥ {limit.late_tickets})" if reached else ""


# A trigger that is not here ("other") is a person's judgement.
TRIGGERS: dict[str, Callable[[Facts, _Crowd, Thresholds], str]] = {
    "overdue": _overdue,
    "life_safety": _life_safety,
    "multi_unit_repeat_or_shirk": _assigned_often,
    "shirk": _shirked,
    "refuse_ticket": _refused,
    "same_requester_repeat": _same_requester,
    "many_requesters_same_kind": _many_requesters,
    "low_efficiency": _low_efficiency,
}
