"""Time passing in one step or in many is the same; a new table moves what it should move."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.limit import CHINA
from domain.calendar.table import Calendar, build, state_council, state_council_years
from domain.cities.load import cities, rule_sets
from domain.tickets.explaining import explain
from domain.tickets.lifecycle.engine import step
from domain.tickets.lifecycle.passing import (
    Edition,
    carry_on,
    next_moment,
    pass_time,
    recount,
    working_days_between,
)
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Event, Ticket

TABLE = state_council()
LISHUI = rule_sets("lishui")[-1]


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00:00+08:00")


def ticket(city: str, at: str, **register: Any) -> Ticket:
    rules = rule_sets(city)[-1]
    fields = {"category": "complaint", "urgency": "general", **register}
    made = step(Ticket(), Event(china(at), Verb.REGISTER, fields), rules, TABLE)
    return step(made, Event(china(at), Verb.DISPATCH, {"unit": "住建局"}), rules, TABLE)


def with_2027(*off: str, worked: tuple[str, ...] = ()) -> Calendar:
    days = [date.fromisoformat(day) for day in off], [date.fromisoformat(day) for day in worked]
    return build("table-2", {**state_council_years(), 2027: days})


@given(
    city=st.sampled_from(cities()),
    urgency=st.sampled_from(["general", "emergency_general", "emergency_major"]),
    hours=st.lists(st.integers(0, 900), min_size=1, max_size=5),
)
def test_time_in_many_steps_is_time_in_one(city: str, urgency: str, hours: list[int]) -> None:
    rules, made = rule_sets(city)[-1], ticket(city, "2026-09-07T10", urgency=urgency)
    moments = sorted(china("2026-09-07T10") + timedelta(hours=each) for each in hours)
    slow = made
    for moment in moments:
        slow = pass_time(slow, rules, TABLE, moment)
    fast = pass_time(made, rules, TABLE, moments[-1])
    assert (slow.state, slow.clocks, slow.obligations) == (
        fast.state,
        fast.clocks,
        fast.obligations,
    )
    told = [{(line.at, line.what) for line in each.history} for each in (slow, fast)]
    # Whoever slept through a card hears of the highest only.
    assert {each for each in told[1] if not each[1].startswith("card:")} <= told[0]
    assert pass_time(slow, rules, TABLE, moments[-1]).history == slow.history


@given(city=st.sampled_from(cities()), hours=st.integers(0, 900))
def test_nothing_happens_before_the_next_moment(city: str, hours: int) -> None:
    rules, now = rule_sets(city)[-1], china("2026-09-07T10") + timedelta(hours=hours)
    made = pass_time(ticket(city, "2026-09-07T10"), rules, TABLE, now)
    ahead = next_moment(made, rules, TABLE, now)
    if ahead is None:
        far = pass_time(made, rules, TABLE, now + timedelta(days=400))
        assert far.history == made.history
        return
    just_before = pass_time(made, rules, TABLE, ahead - timedelta(seconds=1, microseconds=1))
    assert just_before.history == made.history
    assert len(pass_time(made, rules, TABLE, ahead).history) > len(made.history)


def test_a_provisional_limit_becomes_firm_and_moves() -> None:
    made = ticket("lishui", "2026-12-28T10")
    assert made.clocks["handle"].provisional
    first, second = (Edition(n, china("2026-12-29T09"), t) for n, t in
                     ((1, TABLE), (2, with_2027("2027-01-01", "2027-01-04"))))  # fmt: skip
    after = recount(made, first, second, china("2026-12-29T09"))
    clock = after.clocks["handle"]
    assert (clock.due.astimezone(CHINA).date(), clock.provisional) == (date(2027, 1, 8), False)
    assert after.obligations["handle"].by == clock.due
    told = [line.what for line in after.history[len(made.history) :]]
    assert told[0] == "calendar"
    assert "clock:handle" in told
    assert made.clocks["handle"].provisional, "the caller's ticket is his own"


def test_granted_days_stay_granted_by_the_new_table() -> None:
    rules = rule_sets("huizhou")[-1]
    made = ticket("huizhou", "2026-12-21T10")
    ask = {"reason": "论证", "plan": "下周", "days": 5, "documents": ["sealed_statement"]}
    made = step(made, Event(china("2026-12-22T10"), Verb.REQUEST_EXTENSION, ask), rules, TABLE)
    grant = Event(china("2026-12-22T11"), Verb.DECIDE_EXTENSION, {"accept": True})
    made = step(made, grant, rules, TABLE)
    old, new = TABLE, with_2027("2027-01-01", worked=("2027-01-09",))
    clock = made.clocks["handle"]
    length = working_days_between(clock.started, clock.due, old)
    moment = china("2026-12-23T09")
    after = recount(made, Edition(1, moment, old), Edition(2, moment, new), moment)
    assert working_days_between(clock.started, after.clocks["handle"].due, new) == length == 20


def test_hours_and_ended_limits_do_not_move() -> None:
    made = ticket("huizhou", "2026-12-31T10", urgency="emergency_major")
    first, second = (Edition(n, china("2026-12-31T11"), t) for n, t in
                     ((1, TABLE), (2, with_2027("2027-01-01"))))  # fmt: skip
    after = recount(made, first, second, china("2026-12-31T11"))
    for name in ("on_site", "reply"):
        assert after.clocks[name] == made.clocks[name]


def test_silence_comes_by_the_table_of_its_day() -> None:
    made = ticket("lishui", "2026-12-31T10")
    silent_at = made.clocks["sign"].due
    editions = [Edition(1, china("2026-01-01T00"), TABLE),
                Edition(2, silent_at + timedelta(days=3), with_2027("2027-01-01"))]  # fmt: skip
    after = carry_on(made, LISHUI, editions, silent_at + timedelta(days=9))
    deemed = next(line for line in after.history if line.what == "deemed_accepted")
    assert deemed.at == silent_at


@pytest.mark.parametrize(
    ("city", "urgency", "name", "counted", "word"),
    [
        ("lishui", "general", "handle", 7, "工作日"),
        ("huizhou", "emergency_major", "on_site", None, "小时"),
        ("shantou", "general", "sign", 2, "工作日"),
    ],
)
def test_a_limit_is_explained_in_its_own_unit(
    city: str, urgency: str, name: str, counted: int | None, word: str
) -> None:
    made = ticket(city, "2026-09-30T10", urgency=urgency)
    told = {each.clock.name: each for each in explain(made, TABLE)}[name]
    days = [day.counted for day in told.days if day.counted]
    assert days == list(range(1, counted + 1)) if counted else days == []
    assert word in told.why
    assert told.clock.article in told.why
    assert told.started_by["what"] in ("register", "dispatch")


def test_a_year_nobody_announced_is_said_to_be_so() -> None:
    told = {each.clock.name: each for each in explain(ticket("lishui", "2026-12-28T10"), TABLE)}
    handle = told["handle"]
    assert "暂定" in handle.why
    assert any("尚未公布" in day.why for day in handle.days if day.day.year == 2027)


def test_a_fixed_date_is_explained_as_fixed() -> None:
    until = datetime(2026, 10, 20, 15, 59, 59, tzinfo=UTC).astimezone(CHINA)
    made = ticket("hangzhou", "2026-09-30T10", feedback_by=until)
    told = {each.clock.name: each for each in explain(made, TABLE)}
    assert "该工单确定的期限" in told["handle"].why
    assert told["handle"].days == ()
