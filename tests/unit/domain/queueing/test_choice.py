"""Which ready seat rings for which waiting caller, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.queueing.choice import (
    ASKED_FOR,
    NOT_YET_RUNG,
    PRIORITY_WORTH,
    RUNG_LONGEST_AGO,
    SPOKE_BEFORE,
    pick_seat,
    rank,
    urgency,
)
from domain.queueing.rules import DEFAULT_QUEUE, QueueRule, Relaxation, Selection
from domain.queueing.seats import Caller, Profile, Seat
from domain.queueing.states import SeatState

T0 = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOW = T0 + timedelta(minutes=10)
TWENTY_S = timedelta(seconds=20)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def ready(seat_id: str, idle_from: float = 0, busy_s: float = 0, **skills: int) -> Seat:
    profile = Profile(skills=skills)
    return Seat(seat_id, SeatState.READY, at(idle_from), at(idle_from), profile, busy_s=busy_s)


A, B, C = ready("1001", 1, 500), ready("1002", 2, 100), ready("1003", 3, 300)


def test_the_longest_idle_seat_rings_and_the_reason_names_all() -> None:
    given = pick_seat(Caller("a", at(9)), DEFAULT_QUEUE, (A, B, C), NOW)
    assert given is not None
    assert (given.call_id, given.seat_id) == ("a", "1001")
    assert given.why.rule == "longest_idle"
    assert given.why.candidates == ("1001", "1002", "1003")
    assert given.why.scores == (540.0, 480.0, 420.0)
    assert given.why.waited_s == 60.0


def test_the_least_occupied_seat_rings() -> None:
    rule = QueueRule("q", selection=Selection.LEAST_OCCUPIED)
    given = pick_seat(Caller("a", NOW), rule, (A, B, C), NOW)
    assert given is not None
    assert given.why.candidates == ("1002", "1003", "1001")
    assert given.why.scores == (100.0, 300.0, 500.0)


@pytest.mark.parametrize(
    ("rung", "seat", "rule"), [((), "1003", SPOKE_BEFORE), (("1003",), "1001", NOT_YET_RUNG)]
)
def test_the_last_agent_rings_once(rung: tuple[str, ...], seat: str, rule: str) -> None:
    last = QueueRule("q", selection=Selection.LAST_AGENT)
    given = pick_seat(Caller("a", NOW, last_seat="1003", rung=rung), last, (A, B, C), NOW)
    assert given is not None
    assert (given.seat_id, given.why.rule) == (seat, rule)


@pytest.mark.parametrize(
    ("rung", "seat", "rule"),
    [
        (("1001",), "1002", NOT_YET_RUNG),
        (("1002", "1001"), "1003", NOT_YET_RUNG),
        (("1002", "1003", "1001"), "1002", RUNG_LONGEST_AGO),
    ],
)
def test_seats_that_did_not_answer_come_last(rung: tuple[str, ...], seat: str, rule: str) -> None:
    given = pick_seat(Caller("a", NOW, rung=rung), DEFAULT_QUEUE, (A, B, C), NOW)
    assert given is not None
    assert (given.seat_id, given.why.rule) == (seat, rule)


def test_a_seat_asked_for_by_name_is_waited_for_and_then_anybody_rings() -> None:
    asked = Caller("a", NOW, wants="1003", wants_until=NOW + TWENTY_S)
    given = pick_seat(asked, DEFAULT_QUEUE, (A, B, C), NOW)
    assert given is not None
    assert (given.seat_id, given.why.rule) == ("1003", ASKED_FOR)
    assert pick_seat(asked, DEFAULT_QUEUE, (A, B), NOW) is None
    later = pick_seat(asked, DEFAULT_QUEUE, (A, B), NOW + TWENTY_S)
    assert later is not None
    assert later.seat_id == "1001"


def test_skills_are_needed_until_the_rule_relaxes() -> None:
    steps = (
        Relaxation(timedelta(seconds=15), {"english": 2}),
        Relaxation(timedelta(seconds=60), {}),
    )
    rule = QueueRule("foreign", needs={"english": 4}, relaxations=steps)
    some = ready("1004", english=2)
    good = ready("1005", 5, english=4)
    found = {}
    for waited_s in (0, 15, 60):
        caller = Caller("a", NOW - timedelta(seconds=waited_s))
        for name, seats in {"all": (A, some, good), "some": (A, some), "none": (A,)}.items():
            given = pick_seat(caller, rule, seats, NOW)
            found[waited_s, name] = given and (given.seat_id, given.why.relaxed)
    assert found == {
        (0, "all"): ("1005", 0),
        (0, "some"): None,
        (0, "none"): None,
        (15, "all"): ("1004", 1),
        (15, "some"): ("1004", 1),
        (15, "none"): None,
        (60, "all"): ("1001", 2),
        (60, "some"): ("1001", 2),
        (60, "none"): ("1001", 2),
    }


def test_what_queue_and_caller_need_holds_together() -> None:
    rule = QueueRule("q", needs={"english": 2, "medical": 1})
    caller = Caller("a", NOW, needs={"english": 4})
    assert rule.needs_of(caller, NOW) == {"english": 4, "medical": 1}


def test_a_priority_is_worth_waiting_time() -> None:
    urgent = Caller("urgent", NOW, priority=1)
    assert rank(urgent) < rank(Caller("ordinary", NOW - PRIORITY_WORTH + TWENTY_S))
    assert rank(Caller("patient", NOW - PRIORITY_WORTH - TWENTY_S)) < rank(urgent)


def test_of_two_queues_the_one_goes_first_whose_goal_is_used_up_more() -> None:
    fast = QueueRule("fast", goal_within=timedelta(seconds=15))
    slow = QueueRule("slow", goal_within=timedelta(seconds=60))
    assert urgency(Caller("a", NOW - TWENTY_S), fast, NOW) == pytest.approx(20 / 15)
    assert urgency(Caller("b", NOW - 2 * TWENTY_S), slow, NOW) == pytest.approx(40 / 60)


@pytest.mark.parametrize(
    ("steps", "share", "wrong"),
    [
        ((60, 15), 0.95, "in order of time"),
        ((), 0.0, "share of callers"),
        ((), 1.5, "share of callers"),
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(
    steps: tuple[int, ...], share: float, wrong: str
) -> None:
    relaxations = tuple(Relaxation(timedelta(seconds=step)) for step in steps)
    with pytest.raises(ValueError, match=wrong):
        QueueRule("q", goal_share=share, relaxations=relaxations)
