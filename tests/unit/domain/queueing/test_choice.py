from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.queueing.choice import LONGEST_IDLE, NOT_YET_RUNG, RUNG_LONGEST_AGO, choose
from domain.queueing.seats import Caller, Seat, SeatState

T0 = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def free(seat_id: str, idle_from: float = 0) -> Seat:
    return Seat(seat_id, SeatState.FREE, since=at(idle_from), idle_since=at(idle_from))


def caller(call_id: str, since: float = 0, priority: int = 0, rung: tuple[str, ...] = ()) -> Caller:
    return Caller(call_id, at(since), priority, rung)


def pairs(seats: list[Seat], waiting: list[Caller]) -> list[tuple[str, str]]:
    return [(given.call_id, given.seat_id) for given in choose(seats, waiting)]


def test_the_longest_idle_seat_rings() -> None:
    seats = [free("1002", 5), free("1001", 3), free("1003", 4)]
    (only,) = choose(seats, [caller("a")])
    assert only.seat_id == "1001"
    assert only.why.rule == LONGEST_IDLE
    assert only.why.candidates == ("1001", "1003", "1002")


def test_callers_are_served_in_order_of_waiting() -> None:
    seats = [free("1001", 1), free("1002", 2)]
    waiting = [caller("late", 3), caller("early", 1), caller("middle", 2)]
    assert pairs(seats, waiting) == [("early", "1001"), ("middle", "1002")]


def test_priority_overtakes_but_not_for_ever() -> None:
    seats = [free("1001")]
    assert pairs(seats, [caller("old", 0), caller("urgent", 9, 1)])[0][0] == "urgent"
    assert pairs(seats, [caller("old", 0), caller("urgent", 11, 1)])[0][0] == "old"


def test_a_seat_that_let_it_ring_comes_after_all_others() -> None:
    seats = [free("1001", 0), free("1002", 5)]
    (only,) = choose(seats, [caller("a", rung=("1001",))])
    assert (only.seat_id, only.why.rule) == ("1002", NOT_YET_RUNG)


def test_when_all_have_rung_the_turn_longest_ago_is_next() -> None:
    seats = [free("1001", 0), free("1002", 5)]
    (only,) = choose(seats, [caller("a", rung=("1002", "1001"))])
    assert (only.seat_id, only.why.rule) == ("1002", RUNG_LONGEST_AGO)


def test_only_free_seats_ring() -> None:
    others = [
        Seat(state.value, state, since=T0, idle_since=T0)
        for state in SeatState
        if state is not SeatState.FREE
    ]
    assert pairs(others, [caller("a")]) == []


seats_strategy = st.lists(
    st.builds(
        lambda number, state, idle: Seat(str(number), state, since=T0, idle_since=at(idle)),
        st.integers(1, 9),
        st.sampled_from(SeatState),
        st.integers(0, 50),
    ),
    unique_by=lambda seat: seat.seat_id,
)
callers_strategy = st.lists(
    st.builds(
        lambda number, since, priority, rung: caller(f"c{number}", since, priority, tuple(rung)),
        st.integers(1, 9),
        st.integers(0, 50),
        st.integers(0, 3),
        st.lists(st.integers(1, 9).map(str), max_size=6),
    ),
    unique_by=lambda caller: caller.call_id,
)


@given(seats_strategy, callers_strategy, st.randoms())
def test_choice_is_full_unique_and_blind_to_listing_order(seats, waiting, random) -> None:
    chosen = pairs(seats, waiting)
    free_seats = [seat for seat in seats if seat.state is SeatState.FREE]
    assert len(chosen) == min(len(free_seats), len(waiting))
    assert len({seat for _, seat in chosen}) == len(chosen) == len({call for call, _ in chosen})
    shuffled_seats, shuffled_callers = seats[:], waiting[:]
    random.shuffle(shuffled_seats)
    random.shuffle(shuffled_callers)
    assert pairs(shuffled_seats, shuffled_callers) == chosen
    unserved = {one.call_id for one in waiting} - {call for call, _ in chosen}
    for one in waiting:
        for other in waiting:
            if one.call_id in unserved and other.waiting_since > one.waiting_since:
                assert other.call_id in unserved or other.priority > one.priority
