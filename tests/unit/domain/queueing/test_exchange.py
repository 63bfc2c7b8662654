"""The exchange: who waits, who rings, what a seat becomes; and that nobody is ever stuck."""

import contextlib
from datetime import UTC, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.queueing.choice import PRIORITY_WORTH
from domain.queueing.estimate import Pace, spoken
from domain.queueing.exchange import Exchange, SeatUnknown, Step
from domain.queueing.rules import (
    Overflow,
    OverflowTo,
    PriorityCause,
    QueueRule,
    Relaxation,
    priority_of,
)
from domain.queueing.seats import Caller, Profile
from domain.queueing.states import (
    IN_A_CALL,
    TABLE,
    PauseReason,
    SeatCannot,
    SeatEvent,
    SeatState,
    next_state,
)

T0 = datetime(2026, 11, 22, 9, tzinfo=UTC)
S, E = SeatState, SeatEvent


class Scene:
    """An exchange and its clock; each step is remembered."""

    def __init__(self, *rules: QueueRule) -> None:
        self.exchange = Exchange(rules)
        self.now = T0
        self.last = Step()

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def ready(self, *seats: str, queues: tuple[str, ...] = ("general",), **profile: object) -> None:
        for seat in seats:
            self.pass_s(1)
            self.last = self.exchange.log_in(
                seat,
                "li",
                Profile(queues=queues, **profile),
                self.now,  # type: ignore[arg-type]
            )

    def call(self, call_id: str, **caller: object) -> list[str]:
        self.pass_s(1)
        self.last = self.exchange.join(Caller(call_id, self.now, **caller), self.now)  # type: ignore[arg-type]
        return self.rung()

    def answer(self, seat: str, call_id: str) -> None:
        self.last = self.exchange.answered(seat, call_id, self.now)

    def end(self, seat: str, call_id: str) -> list[str]:
        self.last = self.exchange.talk_ended(seat, call_id, self.now)
        return self.rung()

    def miss(self, seat: str, call_id: str) -> list[str]:
        self.last = self.exchange.not_answered(seat, call_id, PauseReason.NO_ANSWER, self.now)
        return self.rung()

    def ask(self, seat: str, event: SeatEvent, reason: str = "") -> list[str]:
        self.last = self.exchange.ask(seat, event, self.now, reason)
        return self.rung()

    def tick(self, seconds: float = 0) -> list[str]:
        self.pass_s(seconds)
        self.last = self.exchange.tick(self.now, UTC)
        return self.rung()

    def rung(self) -> list[str]:
        return [f"{one.call_id}>{one.seat_id}" for one in self.last.assignments]

    def state(self, seat: str) -> SeatState:
        return self.exchange.seats[seat].state


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(("state", "event"), list(product(SeatState, SeatEvent)))
def test_every_state_takes_what_the_table_says_and_refuses_the_rest(
    state: SeatState, event: SeatEvent
) -> None:
    if (state, event) in TABLE:
        assert next_state("1001", state, event) is TABLE[state, event]
    else:
        with pytest.raises(SeatCannot, match=f"seat 1001 is {state}") as refused:
            next_state("1001", state, event)
        assert set(refused.value.allowed) == {known for at, known in TABLE if at is state}


def test_out_of_every_state_there_is_a_way_to_ready() -> None:
    for start in SeatState:
        reached, fresh = {start}, {start}
        while fresh:
            fresh = {to for (at, _), to in TABLE.items() if at in fresh} - reached
            reached |= fresh
        assert SeatState.READY in reached, start


def test_a_call_rings_the_longest_idle_and_is_answered(scene: Scene) -> None:
    scene.ready("1002", "1001")
    assert scene.call("a") == ["a>1002"]
    scene.answer("1002", "a")
    assert scene.state("1002") is S.TALKING
    assert scene.call("b") == ["b>1001"]
    assert scene.end("1002", "a") == []
    assert scene.state("1002") is S.READY


def test_the_queue_moves_in_order_when_a_seat_comes_free(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("a")
    scene.answer("1001", "a")
    assert scene.call("b") == scene.call("c") == []
    assert [scene.exchange.place(one) for one in ("b", "c", "a")] == [1, 2, None]
    assert scene.end("1001", "a") == ["b>1001"]


def test_a_seat_that_lets_it_ring_pauses_and_the_caller_keeps_the_place(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("a")
    scene.call("b")
    assert scene.miss("1001", "a") == []
    seat = scene.exchange.seats["1001"]
    assert (seat.state, seat.reason) == (S.PAUSED, "no_answer")
    assert [scene.exchange.place(one) for one in ("a", "b")] == [1, 2]
    assert scene.ask("1001", E.READY) == ["a>1001"]


def test_a_seat_without_a_desk_comes_back_by_itself(scene: Scene) -> None:
    scene.ready("1001", missed_pause=timedelta(seconds=30))
    scene.call("a")
    scene.miss("1001", "a")
    assert scene.tick(29) == []
    assert scene.tick(1) == ["a>1001"]


def test_another_seat_rings_after_one_that_did_not_answer(scene: Scene) -> None:
    scene.ready("1001", "1002")
    scene.call("a")
    assert scene.miss("1001", "a") == ["a>1002"]


def test_a_caller_who_gives_up_frees_the_seat_at_its_old_turn(scene: Scene) -> None:
    scene.ready("1001", "1002")
    scene.call("a")
    scene.last = scene.exchange.leave("a", scene.now)
    assert scene.last.released == ("1001",)
    assert scene.call("b") == ["b>1001"]


@pytest.mark.parametrize("event", [E.PAUSED, E.LOGGED_OUT])
def test_a_seat_lost_while_ringing_gives_the_caller_back(scene: Scene, event: SeatEvent) -> None:
    scene.ready("1001")
    scene.call("a")
    scene.ask("1001", event, "meal")
    assert scene.last.released == ("1001",)
    assert scene.exchange.place("a") == 1
    scene.ready("1002")
    assert scene.rung() == ["a>1002"]


def test_what_is_asked_during_a_conversation_happens_after_it(scene: Scene) -> None:
    scene.ready("1001", wrap_up=timedelta(seconds=30))
    for wish, becomes in ((E.PAUSED, S.PAUSED), (E.LOGGED_OUT, S.LOGGED_OUT)):
        scene.call(wish)
        scene.answer("1001", wish)
        assert scene.ask("1001", wish, "meal") == []
        assert scene.state("1001") is S.TALKING
        scene.end("1001", wish)
        assert (scene.state("1001"), scene.exchange.seats["1001"].reason) == (becomes, "meal")
        if becomes is S.PAUSED:
            scene.ask("1001", E.READY)


def test_wrap_up_ends_by_itself_by_hand_or_later(scene: Scene) -> None:
    scene.ready("1001", wrap_up=timedelta(seconds=20))
    for call_id in ("a", "b", "c"):
        scene.call(call_id)
        scene.answer("1001", call_id)
        scene.end("1001", call_id)
        assert scene.state("1001") is S.WRAP_UP
        if call_id == "a":
            scene.ask("1001", E.READY)
        elif call_id == "b":
            scene.tick(20)
        else:
            scene.exchange.extend_wrap_up("1001", timedelta(seconds=60), scene.now)
            scene.tick(79)
            assert scene.state("1001") is S.WRAP_UP
            scene.tick(1)
        assert scene.state("1001") is S.READY
    with pytest.raises(SeatCannot):
        scene.exchange.extend_wrap_up("1001", timedelta(seconds=60), scene.now)


def test_holding_and_consulting_are_seen_and_counted_once(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("a")
    scene.answer("1001", "a")
    for event, state in (
        (E.HELD, S.HOLDING),
        (E.HELD, S.HOLDING),
        (E.CONSULTED, S.CONSULTING),
        (E.RESUMED, S.TALKING),
    ):
        scene.exchange.holds("1001", event, scene.now)
        assert scene.state("1001") is state
    scene.exchange.holds("1002", E.HELD, scene.now)
    assert scene.end("1001", "a") == []


def test_each_transition_is_told_with_what_led_to_it(scene: Scene) -> None:
    scene.ready("1001", wrap_up=timedelta(seconds=5))
    scene.call("a")
    scene.pass_s(3)
    scene.answer("1001", "a")
    (told,) = scene.last.transitions
    assert (told.before, told.after, told.event) == (S.RINGING, S.TALKING, E.ANSWERED)
    assert (told.call_id, told.agent, told.lasted_s) == ("a", "li", 3.0)


def test_of_several_queues_the_one_late_by_its_own_goal_goes_first() -> None:
    scene = Scene(
        QueueRule("fast", goal_within=timedelta(seconds=15)),
        QueueRule("slow", goal_within=timedelta(seconds=60)),
    )
    scene.call("slow", queue="slow")
    scene.pass_s(10)
    scene.call("fast", queue="fast")
    scene.pass_s(10)
    scene.ready("1001", queues=("slow", "fast"))
    assert scene.rung() == ["fast>1001"]
    scene.call("fast-2", queue="fast")
    scene.pass_s(60)
    scene.call("fast-3", queue="fast")
    scene.answer("1001", "fast")
    scene.exchange.leave("fast-2", scene.now)
    assert scene.end("1001", "fast") == ["slow>1001"]


def test_skills_relax_while_a_caller_waits() -> None:
    steps = (Relaxation(timedelta(seconds=30)),)
    scene = Scene(QueueRule("general", needs={"english": 3}, relaxations=steps))
    scene.ready("1001")
    assert scene.call("a") == []
    assert scene.tick(29) == []
    assert scene.tick(1) == ["a>1001"]


@pytest.mark.parametrize(
    ("overflow", "after_s", "callers", "gone"),
    [
        (Overflow(OverflowTo.RECORDING, after=timedelta(seconds=20)), 20, 1, ["0"]),
        (Overflow(OverflowTo.RECORDING, after=timedelta(seconds=20)), 19, 1, []),
        (Overflow(OverflowTo.CALL_BACK, ratio=2.0), 0, 4, ["2", "3"]),
        (Overflow(OverflowTo.RECORDING, closed=True), 0, 1, []),
    ],
)
def test_callers_overflow_by_time_ratio_and_hours(
    overflow: Overflow, after_s: float, callers: int, gone: list[str]
) -> None:
    scene = Scene(QueueRule("general", overflows=(overflow,), hours=(time(8), time(18))))
    scene.ready("1001")
    scene.ask("1001", E.PAUSED, "meal")
    for place in range(callers):
        scene.exchange.join(Caller(str(place), scene.now), scene.now)
    scene.tick(after_s)
    assert [call_id for call_id, _ in scene.last.overflows] == gone
    assert len(scene.exchange.waiting) == callers - len(gone)


def test_outside_the_hours_every_caller_overflows() -> None:
    overflow = Overflow(OverflowTo.CALL_BACK, closed=True)
    scene = Scene(QueueRule("general", overflows=(overflow,), hours=(time(22), time(8))))
    scene.call("a")
    scene.tick()
    assert scene.last.overflows == (("a", overflow),)


def test_overflow_to_another_queue_keeps_the_time_waited_and_never_circles() -> None:
    twenty = timedelta(seconds=20)
    scene = Scene(
        QueueRule("a", overflows=(Overflow(OverflowTo.QUEUE, "b", after=twenty),)),
        QueueRule("b", overflows=(Overflow(OverflowTo.QUEUE, "a", after=twenty),)),
    )
    scene.call("x", queue="a")
    scene.tick(20)
    moved = scene.exchange.waiting["x"]
    assert (moved.queue, moved.moved) == ("b", ("a",))
    scene.tick(20)
    assert scene.exchange.waiting["x"].queue == "b"
    scene.ready("1001", queues=("b",))
    assert scene.rung() == ["x>1001"]


@pytest.mark.parametrize(
    "given",
    [
        {"to": OverflowTo.RECORDING},
        {"to": OverflowTo.RECORDING, "ratio": 1.0, "closed": True},
        {"to": OverflowTo.QUEUE, "closed": True},
        {"to": OverflowTo.RECORDING, "queue": "b", "closed": True},
    ],
)
def test_an_overflow_that_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an overflow"):
        Overflow(**given)  # type: ignore[arg-type]


def test_emergency_words_bring_a_caller_to_the_front_at_once(scene: Scene) -> None:
    for call_id in ("a", "b", "c"):
        scene.call(call_id)
    urgent = priority_of(frozenset({PriorityCause.EMERGENCY_WORDS}))
    scene.exchange.raise_priority("c", urgent, scene.now)
    scene.exchange.raise_priority("c", 1, scene.now)  # never down again
    assert [scene.exchange.place(one) for one in ("c", "a", "b")] == [1, 2, 3]


def test_nobody_starves_under_a_stream_of_urgent_calls(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("first")
    scene.answer("1001", "first")
    scene.call("ordinary")
    ended, served = "first", []
    for number in range(12):
        scene.pass_s(60)
        scene.call(f"urgent-{number}", priority=1)
        ended = scene.end("1001", ended)[0].partition(">")[0]
        scene.answer("1001", ended)
        served.append(ended)
    assert "ordinary" in served
    assert served.index("ordinary") * 60 <= PRIORITY_WORTH.total_seconds() + 60


def test_work_is_shared_evenly(scene: Scene) -> None:
    seats = ["1001", "1002", "1003"]
    scene.ready(*seats)
    turns = []
    for number in range(30):
        (rung,) = scene.call(str(number))
        seat = rung.partition(">")[2]
        scene.answer(seat, str(number))
        scene.end(seat, str(number))
        turns.append(seat)
    assert {seat: turns.count(seat) for seat in seats} == dict.fromkeys(seats, 10)


def test_the_estimate_is_silent_until_it_knows(scene: Scene) -> None:
    scene.ready("1001", "1002")
    for number in range(5):
        scene.call(str(number))
        seat = "1001" if number % 2 == 0 else "1002"
        scene.answer(seat, str(number))
        scene.pass_s(60)
        scene.end(seat, str(number))
    for call_id in ("talks", "talks too", "a", "b"):
        scene.call(call_id)
    assert scene.exchange.expected_wait("a") == timedelta(seconds=30)
    assert scene.exchange.expected_wait("b") == timedelta(seconds=60)
    assert scene.exchange.expected_wait("talks") is None
    scene.ask("1001", E.PAUSED, "meal")  # it rang: that caller is first in line again
    assert scene.exchange.expected_wait("a") == timedelta(seconds=120)


def test_who_gives_up_makes_the_wait_of_the_others_shorter() -> None:
    pace = Pace()
    for _ in range(5):
        assert pace.wait(1, 2) is None
        pace.handled(timedelta(seconds=60))
    pace.waited(timedelta(seconds=90), gave_up=False)
    pace.waited(timedelta(seconds=30), gave_up=True)
    first, second = pace.wait(1, 2), pace.wait(2, 2)
    assert first == timedelta(seconds=30)
    assert second == timedelta(seconds=30) + timedelta(seconds=1 / (1 / 30 + 1 / 120))
    assert pace.wait(1, 0) is None
    assert [spoken(timedelta(seconds=one)) for one in (0, 30, 60, 61)] == [1, 1, 1, 2]


def test_what_nobody_holds_any_more_comes_loose(scene: Scene) -> None:
    scene.ready("1001", "1002", "1003")
    for call_id in ("talks", "rings", "lives"):
        scene.call(call_id)
    scene.answer("1001", "talks")
    scene.answer("1003", "lives")
    scene.call("waits")
    scene.last = scene.exchange.reconcile(["lives"], scene.now)
    states = {seat: scene.state(seat) for seat in ("1001", "1002", "1003")}
    assert states == {"1001": S.READY, "1002": S.READY, "1003": S.TALKING}
    assert not scene.exchange.waiting
    assert not scene.exchange.ringing


def test_bad_orders_are_refused_with_what_is_possible(scene: Scene) -> None:
    scene.ready("1001")
    with pytest.raises(SeatUnknown, match="no seat 1009"):
        scene.ask("1009", E.READY)
    with pytest.raises(SeatCannot):
        scene.ready("1001")
    scene.ask("1001", E.LOGGED_OUT)
    with pytest.raises(SeatCannot) as refused:
        scene.ask("1001", E.PAUSED)
    assert refused.value.allowed == ("logged_in",)


def test_late_events_change_nothing(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("a")
    scene.answer("1001", "a")
    before = dict(scene.exchange.seats)
    for late in (
        scene.exchange.answered("1001", "a", scene.now),
        scene.exchange.answered("1001", "b", scene.now),
        scene.exchange.not_answered("1001", "a", PauseReason.NO_ANSWER, scene.now),
        scene.exchange.talk_ended("1001", "b", scene.now),
        scene.exchange.join(Caller("a", scene.now), scene.now),
        scene.exchange.leave("b", scene.now),
    ):
        assert late == Step()
    assert dict(scene.exchange.seats) == before


def test_a_seat_moved_to_another_queue_serves_who_waits_there(scene: Scene) -> None:
    scene.ready("1001")
    scene.call("a", queue="medical")
    profile = Profile(queues=("medical",))
    scene.last = scene.exchange.serve("1001", profile, scene.now)
    assert scene.rung() == ["a>1001"]


SEATS = ("1001", "1002", "1003")
QUEUES = ("general", "medical")


class NeverStuck(RuleBasedStateMachine):
    """Any order of events, possible or not: seats and calls stay whole, nobody waits in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.calls = 0
        self.open: list[str] = []

    def do(self, work: object) -> None:
        with contextlib.suppress(SeatCannot, SeatUnknown):
            work()  # type: ignore[operator]

    @rule(queue=st.sampled_from(QUEUES), priority=st.integers(0, 2))
    def call(self, queue: str, priority: int) -> None:
        self.calls += 1
        self.open.append(f"c{self.calls}")
        self.scene.call(self.open[-1], queue=queue, priority=priority)

    @rule(place=st.integers(0, 9))
    def hang_up(self, place: int) -> None:
        if self.open:
            call_id = self.open.pop(place % len(self.open))
            seat = self.scene.exchange.seat_of(call_id)
            self.scene.exchange.leave(call_id, self.scene.now)
            if seat is not None:
                self.scene.end(seat.seat_id, call_id)

    @rule(seat=st.sampled_from(SEATS), queues=st.sampled_from([QUEUES, QUEUES[:1]]))
    def log_in(self, seat: str, queues: tuple[str, ...]) -> None:
        self.do(lambda: self.scene.ready(seat, queues=queues, wrap_up=timedelta(seconds=5)))

    @rule(seat=st.sampled_from(SEATS), event=st.sampled_from([E.READY, E.PAUSED, E.LOGGED_OUT]))
    def ask(self, seat: str, event: SeatEvent) -> None:
        self.do(lambda: self.scene.ask(seat, event, "meal"))

    @rule(seat=st.sampled_from(SEATS), what=st.sampled_from(["answer", "miss", "end", "hold"]))
    def line(self, seat: str, what: str) -> None:
        known = self.scene.exchange.seats.get(seat)
        call_id = known.call_id if known and known.call_id else "none"
        if what == "hold":
            self.scene.exchange.holds(seat, E.HELD, self.scene.now)
        else:
            getattr(self.scene, what)(seat, call_id)

    @rule(seconds=st.floats(0, 40))
    def time_passes(self, seconds: float) -> None:
        self.scene.tick(seconds)

    @invariant()
    def every_open_call_is_in_at_most_one_place(self) -> None:
        exchange = self.scene.exchange
        in_seats = [seat.call_id for seat in exchange.seats.values() if seat.call_id]
        assert len(in_seats) == len(set(in_seats))
        ringing = {s.call_id for s in exchange.seats.values() if s.state is S.RINGING}
        assert ringing == set(exchange.ringing)
        assert not set(exchange.waiting) & set(in_seats)
        for seat in exchange.seats.values():
            assert (seat.call_id is not None) == (seat.state in IN_A_CALL)

    @invariant()
    def nobody_waits_while_a_seat_is_ready_for_them(self) -> None:
        exchange = self.scene.exchange
        for caller in exchange.waiting.values():
            free = [
                seat
                for seat in exchange.seats.values()
                if seat.state is S.READY and caller.queue in seat.profile.queues
            ]
            assert not free

    @invariant()
    def writing_always_has_an_end(self) -> None:
        for seat in self.scene.exchange.seats.values():
            assert (seat.state is not S.WRAP_UP) or seat.until is not None


TestNeverStuck = NeverStuck.TestCase
TestNeverStuck.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
