"""What must be kept and what must go. The longest of all rules that fit wins.

None of the five regulations gives a number of days: `OURS` are our own proposals, not law, and a
city changes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

HOLD = "legal hold"
NO_RULE = "no rule"


@dataclass(frozen=True)
class Conditions:
    """A rule fits when every condition that is set holds. Empty: it fits every recording.

    ``topics`` are beginnings (``城市管理`` fits ``城市管理/路灯``); ``score_below`` is of 100
    points; ``ticket_open``: the ticket is a draft or is being handled.
    """

    queues: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    ticket_statuses: frozenset[str] = frozenset()
    ticket_open: bool | None = None
    score_below: float | None = None
    suspension: bool | None = None


class ConditionsRefused(ValueError):
    """The conditions of a rule cannot be read; says which and what would be right."""


@dataclass(frozen=True)
class Rule:
    """``keep`` counts from the call's beginning; None: for ever."""

    name: str
    keep: timedelta | None
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True)
class Facts:
    """What is known of one recording; ``score`` None: never scored."""

    started_at: datetime
    queue: str = ""
    topic: str = ""
    ticket_status: str = ""
    ticket_open: bool = False
    score: float | None = None
    suspension: bool = False
    held: bool = False


@dataclass(frozen=True)
class Decision:
    """``until`` None: it stays. ``rule``: the name of what decided."""

    until: datetime | None
    rule: str

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now


OURS = (
    Rule("全部录音（本系统建议）", timedelta(days=365)),
    Rule("暂停服务的证据（本系统建议）", timedelta(days=3 * 365), Conditions(suspension=True)),
    Rule("评分不合格（本系统建议）", timedelta(days=2 * 365), Conditions(score_below=60)),
    Rule("工单未办结（本系统建议）", None, Conditions(ticket_open=True)),
)


def decide(rules: Iterable[Rule], facts: Facts) -> Decision:
    """The longest of the rules that fit; a hold beats them all; without a rule it stays."""
    if facts.held:
        return Decision(None, HOLD)
    fitting = [rule for rule in rules if fits(rule.conditions, facts)]
    if not fitting:
        return Decision(None, NO_RULE)
    longest = max(fitting, key=lambda rule: rule.keep or timedelta.max)
    until = None if longest.keep is None else facts.started_at + longest.keep
    return Decision(until, longest.name)


def shortest(rules: Iterable[Rule]) -> timedelta | None:
    """No recording younger than this can be over; None: none ever is."""
    return min((rule.keep for rule in rules if rule.keep is not None), default=None)


def fits(conditions: Conditions, facts: Facts) -> bool:
    """Whether every condition that is set holds."""
    wanted = conditions
    below = wanted.score_below
    return (
        (not wanted.queues or facts.queue in wanted.queues)
        and (not wanted.topics or any(facts.topic.startswith(one) for one in wanted.topics))
        and (not wanted.ticket_statuses or facts.ticket_status in wanted.ticket_statuses)
        and wanted.ticket_open in {None, facts.ticket_open}
        and wanted.suspension in {None, facts.suspension}
        and (below is None or (facts.score is not None and facts.score < below))
    )


def conditions_of(written: dict[str, Any]) -> Conditions:
    """Conditions from JSON. Raises `ConditionsRefused`."""
    known = {"queues", "topics", "ticket_statuses", "ticket_open", "score_below", "suspension"}
    unknown = sorted(set(written) - known)
    if unknown:
        raise ConditionsRefused(f"no condition {', '.join(unknown)}; there are {sorted(known)}")
    values: dict[str, Any] = dict(written)
    for name in ("queues", "topics", "ticket_statuses"):
        given = values.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
            raise ConditionsRefused(f'{name} wants a list of names, such as ["城市管理"]')
        values[name] = frozenset(given)
    for name in ("ticket_open", "suspension"):
        if values.get(name) not in (None, True, False):
            raise ConditionsRefused(f"{name} wants true or false")
    below = values.get("score_below")
    if below is not None and (isinstance(below, bool) or not isinstance(below, int | float)):
        raise ConditionsRefused("score_below wants a number of points, such as 60")
    return Conditions(**values)


def written(conditions: Conditions) -> dict[str, Any]:
    """Undo `conditions_of`; only what is set."""
    values: dict[str, Any] = {}
    for name, value in vars(conditions).items():
        if isinstance(value, frozenset):
            if value:
                values[name] = sorted(value)
        elif value is not None:
            values[name] = value
    return values
