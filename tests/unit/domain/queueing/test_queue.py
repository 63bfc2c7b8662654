from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.queueing.queue import Queue, Step
from domain.queueing.seats import Caller, SeatState

T0 = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass
class Desk:
    """Runs events one second apart and remembers the last step."""

    queue: Queue = field(default_factory=Queue)
    now: datetime = T0

    def do(self, event: str, *args: object, **options: object) -> Step:
        self.now += timedelta(seconds=1)
        step: Step = getattr(self.queue, event)(*args, self.now, **options)
        self.queue = step.queue
        return step

    def call(self, call_id: str, priority: int = 0) -> Step:
        return self.do("join", Caller(call_id, self.now, priority))

    def free(self, *seat_ids: str) -> None:
        for seat_id in seat_ids:
            self.do("seat_is", seat_id, SeatState.FREE)


def rings(step: Step) -> list[tuple[str, str]]:
    return [(given.call_id, given.seat_id) for given in step.assignments]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_call_rings_the_longest_idle_and_is_answered(desk: Desk) -> None:
    desk.free("1001", "1002")
    assert rings(desk.call("a")) == [("a", "1001")]
    assert rings(desk.call("b")) == [("b", "1002")]
    desk.do("answered", "1001", "a")
    assert desk.queue.seats["1001"].state is SeatState.TALKING
    assert list(desk.queue.ringing) == ["b"]


def test_the_queue_moves_when_a_seat_comes_free(desk: Desk) -> None:
    desk.call("a")
    desk.call("b")
    assert [desk.queue.place(call) for call in ("a", "b", "z")] == [1, 2, None]
    assert rings(desk.do("seat_is", "1001", SeatState.FREE)) == [("a", "1001")]
    assert desk.queue.place("b") == 1


def test_no_answer_rings_the_next_and_keeps_the_place(desk: Desk) -> None:
    desk.free("1001", "1002")
    desk.call("a")
    assert rings(desk.do("not_answered", "1001", "a")) == [("a", "1002")]
    assert rings(desk.do("not_answered", "1002", "a")) == [("a", "1001")]


def test_an_empty_chair_does_not_stay_first_for_other_callers(desk: Desk) -> None:
    desk.free("1001", "1002")
    desk.call("a")
    desk.do("not_answered", "1001", "a")
    desk.do("leave", "a")
    assert rings(desk.call("b")) == [("b", "1002")]


def test_a_caller_who_gives_up_frees_the_seat_at_its_old_turn(desk: Desk) -> None:
    desk.free("1001", "1002")
    desk.call("a")
    step = desk.do("leave", "a")
    assert step.released == ("1001",)
    assert rings(desk.call("b")) == [("b", "1001")]


def test_the_released_seat_serves_the_next_who_waits(desk: Desk) -> None:
    desk.free("1001")
    desk.call("a")
    desk.call("b")
    step = desk.do("leave", "a")
    assert step.released == ("1001",)
    assert rings(step) == [("b", "1001")]


@pytest.mark.parametrize("state", [SeatState.PAUSED, SeatState.UNREACHABLE, SeatState.WRAP_UP])
def test_a_seat_lost_while_ringing_gives_the_caller_back(desk: Desk, state: SeatState) -> None:
    desk.free("1001", "1002")
    desk.call("a")
    step = desk.do("seat_is", "1001", state)
    assert step.released == ("1001",)
    assert rings(step) == [("a", "1002")]
    assert desk.queue.seats["1001"].state is state


def test_a_seat_that_says_free_while_it_rings_is_no_news(desk: Desk) -> None:
    desk.free("1001")
    desk.call("a")
    before = desk.queue
    assert desk.do("seat_is", "1001", SeatState.FREE) == Step(before)


def test_a_pause_during_the_talk_begins_after_it(desk: Desk) -> None:
    desk.free("1001")
    desk.call("a")
    desk.do("answered", "1001", "a")
    desk.do("seat_is", "1001", SeatState.PAUSED)
    assert desk.queue.seats["1001"].state is SeatState.TALKING
    desk.call("b")
    assert rings(desk.do("talk_ended", "1001", "a", wrap_up=True)) == []
    assert desk.queue.seats["1001"].state is SeatState.PAUSED


@pytest.mark.parametrize(("wrap_up", "next_rings"), [(True, []), (False, [("b", "1001")])])
def test_after_the_talk(desk: Desk, wrap_up: bool, next_rings: list[tuple[str, str]]) -> None:
    desk.free("1001")
    desk.call("a")
    desk.do("answered", "1001", "a")
    desk.call("b")
    assert rings(desk.do("talk_ended", "1001", "a", wrap_up=wrap_up)) == next_rings


def test_late_events_change_nothing(desk: Desk) -> None:
    desk.free("1001")
    desk.call("a")
    desk.do("leave", "a")
    before = desk.queue
    for event in ("answered", "not_answered"):
        assert desk.do(event, "1001", "a") == Step(before)
        assert desk.do(event, "9999", "a") == Step(before)
    assert desk.do("talk_ended", "1001", "a", wrap_up=False) == Step(before)
    assert desk.do("leave", "a") == Step(before)


def test_joining_twice_keeps_one_place(desk: Desk) -> None:
    desk.call("a")
    desk.call("a")
    desk.free("1001", "1002")
    desk.call("a")
    desk.do("answered", "1001", "a")
    desk.call("a")
    assert not desk.queue.waiting
    assert not desk.queue.ringing


@pytest.mark.parametrize("state", [SeatState.RINGING, SeatState.TALKING])
def test_a_seat_cannot_claim_a_call(desk: Desk, state: SeatState) -> None:
    with pytest.raises(ValueError, match=state):
        desk.do("seat_is", "1001", state)


class AnyDay(RuleBasedStateMachine):
    """Whatever happens in whatever order: nobody is lost, doubled or left waiting in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.number = 0
        self.inside: set[str] = set()

    seats = st.sampled_from(["1001", "1002", "1003"])

    @rule(priority=st.integers(0, 2))
    def call(self, priority: int) -> None:
        self.number += 1
        self.inside.add(f"c{self.number}")
        self.desk.call(f"c{self.number}", priority)

    @rule(
        seat=seats,
        state=st.sampled_from(
            [SeatState.FREE, SeatState.PAUSED, SeatState.UNREACHABLE, SeatState.WRAP_UP]
        ),
    )
    def seat(self, seat: str, state: SeatState) -> None:
        self.desk.do("seat_is", seat, state)

    @precondition(lambda self: self.inside)
    @rule(draw=st.data())
    def hang_up(self, draw: st.DataObject) -> None:
        call_id = draw.draw(st.sampled_from(sorted(self.inside)))
        seat = next((s for s in self.desk.queue.seats.values() if s.call_id == call_id), None)
        if seat is not None and seat.state is SeatState.TALKING:
            self.desk.do("talk_ended", seat.seat_id, call_id, wrap_up=bool(self.number % 2))
        else:
            self.desk.do("leave", call_id)
        self.inside.discard(call_id)

    @rule(seat=seats, answers=st.booleans())
    def ring_ends(self, seat: str, answers: bool) -> None:
        known = self.desk.queue.seats.get(seat)
        call_id = known.call_id if known and known.call_id else "nobody"
        self.desk.do("answered" if answers else "not_answered", seat, call_id)

    @invariant()
    def every_call_is_in_exactly_one_place(self) -> None:
        queue = self.desk.queue
        by_state = {
            state: [seat.call_id for seat in queue.seats.values() if seat.state is state]
            for state in SeatState
        }
        talking = by_state.pop(SeatState.TALKING)
        assert sorted([*queue.waiting, *queue.ringing, *map(str, talking)]) == sorted(self.inside)
        assert sorted(map(str, by_state.pop(SeatState.RINGING))) == sorted(queue.ringing)
        assert {call for calls in by_state.values() for call in calls} <= {None}

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        free = [s for s in self.desk.queue.seats.values() if s.state is SeatState.FREE]
        assert not (free and self.desk.queue.waiting)


AnyDay.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyDay = AnyDay.TestCase


def test_nobody_starves_under_a_stream_of_urgent_calls(desk: Desk) -> None:
    desk.free("1001")
    desk.call("ordinary")
    desk.do("not_answered", "1001", "ordinary")
    desk.do("seat_is", "1001", SeatState.PAUSED)
    for minute in range(1, 30):
        desk.now = T0 + timedelta(minutes=minute)
        desk.call(f"urgent-{minute}", priority=1)
        step = desk.do("seat_is", "1001", SeatState.FREE)
        ((served, _),) = rings(step)
        if served == "ordinary":
            break
        desk.do("answered", "1001", served)
        desk.do("talk_ended", "1001", served, wrap_up=True)
        desk.do("seat_is", "1001", SeatState.PAUSED)
    assert 9 <= minute <= 12


def test_work_is_shared_evenly(desk: Desk) -> None:
    desk.free("1001", "1002", "1003", "1004")
    served: list[str] = []
    for number in range(40):
        ((_, seat),) = rings(desk.call(f"c{number}"))
        served.append(seat)
        desk.do("answered", seat, f"c{number}")
        desk.do("talk_ended", seat, f"c{number}", wrap_up=False)
    assert {seat: served.count(seat) for seat in set(served)} == dict.fromkeys(
        ["1001", "1002", "1003", "1004"], 10
    )
