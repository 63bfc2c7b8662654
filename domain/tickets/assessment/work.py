"""What a ticket's history says for the assessment: who had it, what was due when, what came of it.

Read from the events, not from the final ticket: a sign-in limit of the first unit is gone from the
ticket when the second has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.calendar.table import Calendar
from domain.cities.rules import Rules
from domain.tickets.lifecycle.after import NEGATIVE
from domain.tickets.lifecycle.engine import at, step
from domain.tickets.lifecycle.states import RESULT, WORKED_ON, State, Verb
from domain.tickets.lifecycle.ticket import Event, Ticket

_HANDLING = ("handle", "reply")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit having the ticket. `signed_at` None: never, or only by silence."""

    unit: str
    at: datetime
    sign_due: datetime | None
    signed_at: datetime | None = None
    return_asked_at: datetime | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One handling: the first, or a rework. `due` is the limit with all its extensions."""

    unit: str
    started: datetime
    rework: bool
    due: datetime | None = None
    done_at: datetime | None = None
    extensions: int = 0
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the requester said of the result, in a visit or by rating; None: not asked."""

    at: datetime
    unit: str
    satisfied: bool | None
    solved: bool | None
    by_visit: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A result and the visit it got. `due` None: no limit; `at` None: not visited."""

    unit: str
    since: datetime
    due: datetime | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Everything the figures need of one ticket. `exempted`: the ground, or ""."""

    registered_at: datetime | None
    category: str
    end_state: State | None
    ended_at: datetime | None
    dispatch_due: datetime | None = None
    dispatched_at: datetime | None = None
    direct: bool = False
    assignments: tuple[Assignment, ...] = ()
    rounds: tuple[Round, ...] = ()
    visits: tuple[Visit, ...] = ()
    answers: tuple[Answer, ...] = ()
    reworks: tuple[tuple[datetime, str], ...] = ()
    supervised: tuple[tuple[datetime, str], ...] = ()
    repeats: tuple[datetime, ...] = ()
    false_handling: bool = False
    exempted: str = ""
    unit: str = ""


def work_of(events: Iterable[Event], rules: Rules, calendar: Calendar, now: datetime) -> Work:
    """The work on one ticket until `now`; `events` are those that were accepted, in order."""
    steps: list[Step] = []
    ticket = Ticket()
    for event in events:
        if event.at > now:
            break
        before = at(ticket, event.at, rules)
        ticket = step(ticket, event, rules, calendar)
        steps.append(Step(before, event, ticket))
    return work_of_steps(steps, at(ticket, now, rules))


@dataclass(frozen=True, slots=True)
class Step:
    """One event with the ticket right before and after it."""

    before: Ticket
    event: Event
    after: Ticket


def work_of_steps(steps: Iterable[Step], now: Ticket) -> Work:
    """The same for a history that was replayed already; `now`: the ticket as it is."""
    reading = _Reading()
    for each in steps:
        reading.read(each.before, each.after, each.event)
    return reading.work(now)


class _Reading:
    """The lists as they grow; the last element of each is the current one."""

    def __init__(self) -> None:
        self.assignments: list[Assignment] = []
        self.rounds: list[Round] = []
        self.visits: list[Visit] = []
        self.answers: list[Answer] = []
        self.reworks: list[tuple[datetime, str]] = []
        self.supervised: list[tuple[datetime, str]] = []
        self.repeats: list[datetime] = []
        self.dispatch_due: datetime | None = None
        self.dispatched_at: datetime | None = None
        self.ended_at: datetime | None = None

    def read(self, before: Ticket, ticket: Ticket, event: Event) -> None:
        self._of_dispatch(before, ticket, event)
        self._of_sign_in(before, ticket, event)
        self._of_handling(before, ticket, event)
        self._of_result(before, ticket, event)
        if event.verb is Verb.SUPERVISE:
            self.supervised.append((event.at, ticket.unit))
        elif event.verb is Verb.DUPLICATE:
            self.repeats.append(event.at)
        if ticket.ended and not before.ended:
            self.ended_at = event.at

    def _of_dispatch(self, before: Ticket, ticket: Ticket, event: Event) -> None:
        if self.dispatched_at is None and "dispatch" in ticket.clocks:
            self.dispatch_due = ticket.clocks["dispatch"].due
        again = event.verb is Verb.DUPLICATE and ticket.state is State.DISPATCHED and before.ended
        if event.verb in (Verb.DISPATCH, Verb.DESIGNATE) or again:
            self.dispatched_at = self.dispatched_at or event.at
            sign = ticket.clocks.get("sign")
            due = sign.due if sign else None
            if self.assignments and before.state in WORKED_ON and ticket.district:
                # A district's office that hands on has confirmed by doing so.
                last = self.assignments[-1]
                self.assignments[-1] = replace(last, signed_at=last.signed_at or event.at)
            self.assignments.append(Assignment(ticket.unit, event.at, due))

    def _of_sign_in(self, before: Ticket, ticket: Ticket, event: Event) -> None:
        if not self.assignments:
            return
        last = self.assignments[-1]
        if event.verb is Verb.SIGN and event.fields.get("unit") not in ticket.assist:
            last = replace(last, signed_at=event.at)
        elif event.verb is Verb.REQUEST_RETURN and ticket.state is State.RETURN_REQUESTED:
            last = replace(last, return_asked_at=event.at)
        elif before.state is State.RETURN_REQUESTED and event.verb in _GRANTS:
            kept = event.verb is Verb.DECIDE_RETURN and ticket.unit == before.unit
            kept = kept and ticket.state is State.ACCEPTED
            at_index = -1 if event.verb is Verb.DECIDE_RETURN else -2
            one = self.assignments[at_index]
            self.assignments[at_index] = replace(one, returned=not kept)
            return
        self.assignments[-1] = last

    def _of_handling(self, before: Ticket, ticket: Ticket, event: Event) -> None:
        if event.verb is Verb.ORDER_REWORK:
            self.reworks.append((event.at, before.unit))
        begins = event.verb is Verb.ORDER_REWORK or (before.ended and not ticket.ended)
        if begins or (not self.rounds and ticket.state in WORKED_ON):
            rework = event.verb is Verb.ORDER_REWORK
            self.rounds.append(Round(ticket.unit, event.at, rework))
        if not self.rounds:
            return
        found = [ticket.clocks[name].due for name in _HANDLING if name in ticket.clocks]
        done = event.at if _done(before, ticket, event) else None
        last = self.rounds[-1]
        if event.verb is Verb.DECIDE_CLOSE and ticket.state is State.ACCEPTED:
            last = replace(last, done_at=None)  # sent back: what was handed in does not count
        self.rounds[-1] = replace(
            last,
            unit=ticket.unit,
            due=max(found) if found else None,
            done_at=last.done_at or done,
            extensions=ticket.extensions,
            explained=ticket.explained,
        )

    def _of_result(self, before: Ticket, ticket: Ticket, event: Event) -> None:
        if ticket.state in RESULT and before.state not in RESULT:
            clock = ticket.clocks.get("visit")
            due = clock.due if clock and clock.stopped is None else None
            self.visits.append(Visit(ticket.unit, event.at, due))
        if event.verb is Verb.VISIT:
            if self.visits and self.visits[-1].at is None:
                self.visits[-1] = replace(self.visits[-1], at=event.at)
            answer = Answer(
                event.at, ticket.unit, _said(event, "satisfied"), _said(event, "solved"), True
            )
            self.answers.append(answer)
        elif event.verb is Verb.RATE and len(ticket.ratings) > len(before.ratings):
            rating = ticket.ratings[-1]
            if rating.axis != "line":
                good = rating.level not in NEGATIVE
                solved = good if rating.level in ("solved", "unsolved") else None
                satisfied = good if solved is None else None
                self.answers.append(Answer(event.at, ticket.unit, satisfied, solved, False))

    def work(self, ticket: Ticket) -> Work:
        return Work(
            registered_at=ticket.registered_at,
            category=ticket.category,
            end_state=ticket.state if ticket.ended else None,
            ended_at=self.ended_at if ticket.ended else None,
            dispatch_due=self.dispatch_due,
            dispatched_at=self.dispatched_at,
            direct=ticket.state is State.DIRECT_ANSWERED,
            assignments=tuple(self.assignments),
            rounds=tuple(self.rounds),
            visits=tuple(self.visits),
            answers=tuple(self.answers),
            reworks=tuple(self.reworks),
            supervised=tuple(self.supervised),
            repeats=tuple(self.repeats),
            false_handling=ticket.false_handling,
            exempted=ticket.exempted,
            unit=ticket.unit,
        )


_GRANTS = (Verb.DECIDE_RETURN, Verb.DISPATCH, Verb.DESIGNATE)


def _done(before: Ticket, ticket: Ticket, event: Event) -> bool:
    """True if the unit's part of the work ended with this event."""
    if event.verb in (Verb.REQUEST_CLOSE, Verb.DEEM_CLOSED):
        return True
    return ticket.ended and not before.ended


def _said(event: Event, name: str) -> bool | None:
    value = event.fields.get(name)
    return value if isinstance(value, bool) else None
