"""The figures the texts name, each a part of a whole counted over one period.

What is due in the period is its whole; what was not due yet is not counted at all. A figure's
article is that of the text that names it, else it is an engine default (no text defines one).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calendar.limit import passed
from domain.cities.rules import ENGINE_DEFAULT, Rules
from domain.tickets.assessment.work import Answer, Round, Work
from domain.tickets.lifecycle.states import RESULT


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (with it) to `end` (without it), told at `now`: nothing later is known."""

    start: datetime
    end: datetime
    now: datetime

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end

    def counts(self, due: datetime | None, done: datetime | None) -> bool:
        """True if a limit ends in the period and is settled: by the deed, or by being over."""
        return due is not None and self.has(due) and (done is not None or passed(due, self.now))


@dataclass(frozen=True, slots=True)
class Call:
    """A call that asked for a person. `waited_s`: until it was answered or given up."""

    at: datetime
    answered: bool
    waited_s: float


@dataclass(frozen=True, slots=True)
class Figure:
    """`whole` 0: there was nothing to measure. `left_out`: negative answers under an exemption."""

    name: str
    label: str
    part: int
    whole: int
    article: str = ENGINE_DEFAULT
    left_out: int = 0
    goal: float | None = None

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def met(self) -> bool | None:
        """Whether the goal of the text was reached; None without one or with nothing to measure."""
        return None if self.goal is None or self.share is None else self.share >= self.goal


LABELS = {
    "intake": "受理量",
    "closing_rate": "办结率",
    "direct_answer_rate": "在线解答率",
    "dispatch_on_time_rate": "按时转出率",
    "sign_on_time_rate": "按时签收率",
    "close_on_time_rate": "按时办结率",
    "overdue_rate": "超时率",
    "explained_overrun_rate": "说明情况的超时率",
    "return_rate": "退单率",
    "extension_rate": "延期率",
    "rework_rate": "重办率",
    "visit_rate": "回访率",
    "visit_on_time_rate": "按时回访率",
    "satisfaction_rate": "满意率",
    "solution_rate": "解决率",
    "false_handling": "虚假办理",
    "supervised": "督办件",
}
CONNECTION = "connection_rate"
WITHIN_15_S = "connection_within_15_s_rate"


def figures(
    works: Iterable[Work], rules: Rules, span: Span, unit: str | None = None
) -> tuple[Figure, ...]:
    """Every figure over tickets, for all units together or for one.

    What the hotline itself does (dispatch, direct answers, intake) is not a unit's: with `unit`
    those figures count the tickets that went to it.
    """
    found = list(works)
    if unit is not None:
        found = [work for work in found if any(one.unit == unit for one in work.assignments)]
    counts = {
        **_of_line(found, span),
        **_of_units(found, span, unit),
        **_of_results(found, rules, span, unit),
    }
    return tuple(_figure(name, counts[name], rules) for name in LABELS)


def by_unit(works: Sequence[Work], rules: Rules, span: Span) -> dict[str, tuple[Figure, ...]]:
    """The figures of every unit that had a ticket, by its name."""
    units = sorted({one.unit for work in works for one in work.assignments})
    return {unit: figures(works, rules, span, unit) for unit in units}


def connection(calls: Iterable[Call], rules: Rules, span: Span) -> tuple[Figure, Figure]:
    """接通率: answered of all who asked for a person; beside it GB/T 33358's share within 15 s.

    The goal is the city's (Huizhou: 90 % a month); GB/T 33358 wants 95 % in any 24 hours.
    """
    offered = [call for call in calls if span.has(call.at)]
    answered = [call for call in offered if call.answered]
    soon = [call for call in answered if call.waited_s <= _SOON_S]
    stated = rules.connection_rate
    goal = None if stated.value is None else stated.value / 100
    return (
        Figure(CONNECTION, "接通率", len(answered), len(offered), stated.article, goal=goal),
        Figure(
            WITHIN_15_S, "15秒接通率", len(soon), len(offered), "GB/T 33358-2016", goal=_GB_GOAL
        ),
    )


_SOON_S, _GB_GOAL = 15.0, 0.95


def _figure(name: str, counted: tuple[int, ...], rules: Rules) -> Figure:
    part, whole, left_out = (*counted, 0)[:3]
    named = rules.figures
    article = named.article if name in named.value else ENGINE_DEFAULT
    return Figure(name, LABELS[name], part, whole, article, left_out)


def _of_line(works: list[Work], span: Span) -> dict[str, tuple[int, ...]]:
    taken = [work for work in works if span.has(work.registered_at)]
    due = [work for work in works if span.counts(work.dispatch_due, work.dispatched_at)]
    in_time = [work for work in due if _in_time(work.dispatched_at, work.dispatch_due)]
    return {
        "intake": (len(taken), len(taken)),
        "closing_rate": (sum(work.end_state is not None for work in taken), len(taken)),
        "direct_answer_rate": (sum(work.direct for work in taken), len(taken)),
        "dispatch_on_time_rate": (len(in_time), len(due)),
    }


def _of_units(works: list[Work], span: Span, unit: str | None) -> dict[str, tuple[int, ...]]:
    given = [one for work in works for one in work.assignments if unit in (None, one.unit)]
    sent = [one for one in given if span.has(one.at)]
    # A unit that gave the ticket back in time has done what it had to.
    signing = [
        one for one in given if span.counts(one.sign_due, one.signed_at or one.return_asked_at)
    ]
    signed = [
        one for one in signing if _in_time(one.signed_at or one.return_asked_at, one.sign_due)
    ]
    rounds = [one for work in works for one in work.rounds if unit in (None, one.unit)]
    ended = [one for one in rounds if span.counts(one.due, one.done_at)]
    late = [one for one in ended if not _in_time(one.done_at, one.due)]
    return {
        "sign_on_time_rate": (len(signed), len(signing)),
        "return_rate": (sum(one.return_asked_at is not None for one in sent), len(sent)),
        "close_on_time_rate": (len(ended) - len(late), len(ended)),
        "overdue_rate": (len(late), len(ended)),
        "explained_overrun_rate": (sum(one.explained for one in late), len(late)),
        "extension_rate": (sum(one.extensions > 0 for one in ended), len(ended)),
        "supervised": _count(works, span, unit),
    }


def _in_time(moment: datetime | None, due: datetime | None) -> bool:
    return moment is not None and (due is None or not passed(due, moment))


def _count(works: list[Work], span: Span, unit: str | None) -> tuple[int, ...]:
    found = sum(
        any(span.has(at) and unit in (None, who) for at, who in work.supervised) for work in works
    )
    return found, len(works)


def _of_results(
    works: list[Work], rules: Rules, span: Span, unit: str | None
) -> dict[str, tuple[int, ...]]:
    rounds = [one for work in works for one in work.rounds if unit in (None, one.unit)]
    results = [one for one in rounds if span.has(one.done_at)]
    reworks = sum(
        span.has(at) and unit in (None, who) for work in works for at, who in work.reworks
    )
    visits = [one for work in works for one in work.visits if unit in (None, one.unit)]
    owed = [one for one in visits if span.has(one.since)]
    timed = [one for one in visits if span.counts(one.due, one.at)]
    return {
        "rework_rate": (reworks, len(results)),
        "visit_rate": (sum(one.at is not None for one in owed), len(owed)),
        "visit_on_time_rate": (sum(_in_time(one.at, one.due) for one in timed), len(timed)),
        "satisfaction_rate": _answers(works, rules, span, unit, "satisfied"),
        "solution_rate": _answers(works, rules, span, unit, "solved"),
        "false_handling": _false(works, span, rounds),
    }


def _false(works: list[Work], span: Span, rounds: list[Round]) -> tuple[int, ...]:
    closed = [work for work in works if work.end_state in RESULT and span.has(work.ended_at)]
    return sum(work.false_handling for work in closed), len(closed or rounds)


def _answers(
    works: list[Work], rules: Rules, span: Span, unit: str | None, axis: str
) -> tuple[int, ...]:
    """(good, all, left out): the last answer counts (Huizhou Art. 25: the second, after a rework).

    Of an exempted ticket only a negative answer is left out.
    """
    good = whole = left_out = 0
    for work in works:
        last = _last(work.answers, axis, rules)
        if last is None or not span.has(last.at) or unit not in (None, last.unit):
            continue
        value = getattr(last, axis)
        if not value and work.exempted:
            left_out += 1
            continue
        good, whole = good + bool(value), whole + 1
    return good, whole, left_out


def _last(answers: tuple[Answer, ...], axis: str, rules: Rules) -> Answer | None:
    said = [one for one in answers if getattr(one, axis) is not None]
    if not rules.rate_in_visit.value:
        said = [one for one in said if not one.by_visit]
    return said[-1] if said else None
