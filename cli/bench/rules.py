"""The rule engine: events per second, and all deadlines again after a change of the calendar."""

import time
from datetime import datetime, timedelta

from cli.bench.figures import Line
from domain.calendar.limit import CHINA, due, parse_limit
from domain.calendar.table import state_council
from domain.cities.load import rule_sets
from domain.tickets.lifecycle.engine import step
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Event, Ticket

ROW = "rules"
EVENTS_GOAL = 20_000
DEADLINES_GOAL_S = 60.0
TICKETS = 5_000
DEADLINES = 1_000_000
_STARTS = 1_000  # different moments from which the deadlines run
_MONDAY = datetime(2026, 9, 7, 9, tzinfo=CHINA)
_UNIT: dict[str, object] = {"unit": "住建局"}
_LIFE: tuple[tuple[int, Verb, dict[str, object]], ...] = (
    (0, Verb.REGISTER, {"category": "complaint", "urgency": "general"}),
    (1, Verb.DISPATCH, _UNIT),
    (2, Verb.SIGN, _UNIT),
    (3, Verb.CONTACT, _UNIT),
    (50, Verb.REQUEST_CLOSE, {**_UNIT, "reply": "路灯已修好"}),
    (74, Verb.VISIT, {"solved": True, "satisfied": True}),
)


def lines(tickets: int = TICKETS, deadlines: int = DEADLINES) -> list[Line]:
    """Both figures on one core, each beside a loop that only looks a table up."""
    ours, beside = events_per_s(tickets), lookups_per_s(tickets)
    seconds, bare = recomputed_s(deadlines), looked_up_s(deadlines)
    return [
        Line(
            ROW,
            "events of a Lishui ticket through the engine, beside a bare state table",
            f"{ours:,.0f}/s",
            f"{beside:,.0f}/s",
            ours / beside,
            f"≥ {EVENTS_GOAL:,}/s",
            ours >= EVENTS_GOAL,
        ),
        Line(
            ROW,
            f"{deadlines:,} deadlines for another calendar, beside a dict lookup each",
            f"{seconds:.1f} s",
            f"{bare:.1f} s",
            seconds / bare,
            f"< {DEADLINES_GOAL_S:.0f} s",
            seconds < DEADLINES_GOAL_S,
        ),
    ]


def events_per_s(tickets: int) -> float:
    """Per second of one core's time: what else runs on the machine is not the engine's."""
    rules, calendar = rule_sets("lishui")[-1], state_council()
    life = [Event(_MONDAY + timedelta(hours=h), verb, fields) for h, verb, fields in _LIFE]
    began = time.process_time()
    for _ in range(tickets):
        ticket = Ticket()
        for event in life:
            ticket = step(ticket, event, rules, calendar)
    return tickets * len(life) / (time.process_time() - began)


def lookups_per_s(tickets: int) -> float:
    """The least that could be called a state machine: (state, verb) → state, no time, no law."""
    verbs = [verb for _, verb, _ in _LIFE]
    table = {(at, verb): at + 1 for at, verb in enumerate(verbs)}
    began = time.process_time()
    for _ in range(tickets):
        state = 0
        for verb in verbs:
            state = table[(state, verb)]
    return tickets * len(verbs) / (time.process_time() - began)


def recomputed_s(deadlines: int) -> float:
    calendar, limit = state_council(), parse_limit("7wd")
    starts = [_MONDAY + timedelta(minutes=17 * n) for n in range(_STARTS)]
    began = time.perf_counter()
    for n in range(deadlines):
        due(limit, starts[n % _STARTS], calendar)
    return time.perf_counter() - began


def looked_up_s(deadlines: int) -> float:
    starts = [_MONDAY + timedelta(minutes=17 * n) for n in range(_STARTS)]
    table = dict.fromkeys(starts, _MONDAY)
    began = time.perf_counter()
    for n in range(deadlines):
        table[starts[n % _STARTS]]
    return time.perf_counter() - began
