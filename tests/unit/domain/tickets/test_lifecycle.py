"""What holds for every sequence of events, whatever the city."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.limit import CHINA
from domain.calendar.table import state_council
from domain.cities.load import cities, rule_sets
from domain.tickets.lifecycle.engine import HANDLERS, at, rebuild, step
from domain.tickets.lifecycle.states import ENDS, FOLLOWS, HAPPENS_IN, SPEAKS_OF, State, Verb
from domain.tickets.lifecycle.ticket import Event, Refused, Ticket, broken_at

START = datetime(2026, 3, 2, 9, tzinfo=CHINA)
UNITS = st.sampled_from(["甲局", "乙局"])
FIELDS = st.fixed_dictionaries(
    {"unit": UNITS, "accept": st.booleans(), "new_facts": st.booleans()},
    optional={
        "category": st.sampled_from(["consult", "help", "complaint", "suggest"]),
        "urgency": st.sampled_from(["general", "fast", "emergency_general", "emergency_major"]),
        "reason": st.just("理由"),
        "basis": st.just("依据"),
        "suggested_unit": UNITS,
        "materials": st.just(["材料"]),
        "handler_name": st.just("林某"),
        "handler_contact": st.just("1"),
        "reply": st.just("已经处理完毕"),
        "evidence": st.just(["录音"]),
        "days": st.integers(1, 20),
        "plan": st.just("计划"),
        "documents": st.just(["sealed_statement"]),
        "satisfied": st.booleans(),
        "ground": st.sampled_from(["unlawful", "emergency", "special", "within_duties"]),
        "asked": st.booleans(),
        "kind": st.sampled_from(["admin_case_filed", "info_refused", "staged"]),
        "refused": st.booleans(),
        "level": st.sampled_from(["satisfied", "dissatisfied", "district"]),
        "assist": st.just(["乙局"]),
        "content": st.fixed_dictionaries({"facts": st.just("x"), "request": st.just("y")}),
        "measure": st.sampled_from(["coordination", "referral", "phone"]),
        "unsolvable": st.booleans(),
        "contested": st.booleans(),
        "trigger": st.sampled_from(["overdue", "shirk"]),
        "statutory_by": st.just(START + timedelta(days=40)),
        "feedback_by": st.just(START + timedelta(days=9)),
    },
)
# Mostly the way a ticket goes, so that late states are reached too; then anything.
WAY = ["register", "dispatch", "sign", "request_close", "decide_close", "visit", "order_rework"]
VERBS = st.one_of(st.sampled_from([Verb(verb) for verb in WAY]), st.sampled_from(list(Verb)))
STEPS = st.lists(st.tuples(VERBS, FIELDS, st.integers(0, 90)), min_size=1, max_size=25)


def walk(city: str, steps: list) -> list[Ticket]:
    """Every ticket on the way; refused events leave none."""
    rules, calendar = rule_sets(city)[0], state_council()
    moment, found = START, [Ticket()]
    for verb, fields, hours in steps:
        moment += timedelta(hours=hours)
        try:
            found.append(step(found[-1], Event(moment, verb, fields), rules, calendar))
        except Refused as refusal:
            no = refusal
        else:
            continue
        assert no.article
        assert no.reason
    return found


@given(st.sampled_from(cities()), STEPS)
@settings(max_examples=120, deadline=None)
def test_only_known_states_and_ways(city: str, steps: list) -> None:
    on_the_way = walk(city, steps)
    for before, after in pairwise(on_the_way):
        reached = {before.state} | {
            between for state in FOLLOWS[before.state] for between in (state, *FOLLOWS[state])
        }
        assert after.state in reached


@given(st.sampled_from(cities()), STEPS)
@settings(max_examples=120, deadline=None)
def test_clocks_move_only_with_a_recorded_reason(city: str, steps: list) -> None:
    on_the_way = walk(city, steps)
    for before, after in pairwise(on_the_way):
        new = {line.what for line in after.history[len(before.history) :]}
        for name, clock in before.clocks.items():
            now = after.clocks[name]
            if (now.due, now.started) != (clock.due, clock.started):
                assert f"clock:{name}" in new


@given(st.sampled_from(cities()), STEPS)
@settings(max_examples=120, deadline=None)
def test_what_is_owed_until_a_clock_ends_ends_with_it(city: str, steps: list) -> None:
    for ticket in walk(city, steps):
        handle, duty = ticket.clocks.get("handle"), ticket.obligations.get("handle")
        if handle and duty and duty.by and handle.stopped is None:
            assert duty.by == handle.due


@given(st.sampled_from(cities()), STEPS)
@settings(max_examples=120, deadline=None)
def test_an_ended_ticket_has_no_running_limit_of_the_unit(city: str, steps: list) -> None:
    for ticket in walk(city, steps):
        if ticket.ended:
            running = {name for name, clock in ticket.clocks.items() if clock.stopped is None}
            assert running <= {"visit", "rate"}


@given(st.sampled_from(cities()), STEPS, st.integers(0, 2000))
@settings(max_examples=120, deadline=None)
def test_history_gives_the_same_ticket_again(city: str, steps: list, hours: int) -> None:
    rules, calendar = rule_sets(city)[0], state_council()
    last = walk(city, steps)[-1]
    now = max([START, *(line.at for line in last.history)]) + timedelta(hours=hours)
    ticket = at(last, now, rules)
    assert rebuild(ticket.history, rules, calendar, now) == ticket


@given(st.sampled_from(cities()), STEPS, st.data())
@settings(max_examples=80, deadline=None)
def test_any_edit_of_the_history_is_found(city: str, steps: list, data: st.DataObject) -> None:
    start = (Verb.REGISTER, {"category": "complaint", "unit": "甲局"}, 0)
    history = walk(city, [start, *steps])[-1].history
    assert broken_at(history) is None
    index = data.draw(st.integers(0, len(history) - 1))
    line = history[index]
    edits = [
        replace(line, at=line.at + timedelta(seconds=1)),
        replace(line, reason=line.reason + "。"),
        replace(line, by="someone"),
        replace(line, article="第一条"),
        replace(line, by=f"{line.by}\x1f{line.article}", article=""),
    ]
    if line.event:
        changed = {**line.event.fields, "unit": "丙局"}
        edits.append(replace(line, event=replace(line.event, fields=changed)))
    edited = data.draw(st.sampled_from(edits))
    assert broken_at((*history[:index], edited, *history[index + 1 :])) == index
    if index < len(history) - 1:
        assert broken_at((*history[:index], *history[index + 1 :])) == index


@given(st.sampled_from(cities()), STEPS)
@settings(max_examples=60, deadline=None)
def test_a_step_leaves_the_ticket_it_was_given_alone(city: str, steps: list) -> None:
    rules, calendar = rule_sets(city)[0], state_council()
    ticket, before = Ticket(), repr(Ticket())
    moment = START
    for verb, fields, hours in steps:
        moment += timedelta(hours=hours)
        try:
            after = step(ticket, Event(moment, verb, fields), rules, calendar)
        except Refused:
            after = ticket
        assert repr(ticket) == before
        ticket, before = after, repr(after)


def test_the_tables_know_every_state_and_verb() -> None:
    assert set(FOLLOWS) == set(State)
    assert set(HAPPENS_IN) == set(SPEAKS_OF) == set(HANDLERS) == set(Verb)
    assert len(ENDS) == 11
    reached = {state for after in FOLLOWS.values() for state in after}
    assert reached == set(State) - {State.NEW}


def test_every_verb_at_the_wrong_time_is_refused_with_what_is_possible() -> None:
    for city in cities():
        rules = rule_sets(city)[0]
        for verb in set(Verb) - {v for v in Verb if State.NEW in HAPPENS_IN[v]}:
            with pytest.raises(Refused) as no:
                step(Ticket(), Event(START, verb, {}), rules, state_council())
            assert "register" in no.value.allowed
