"""Seconds of a leg's sound on the call's clock: what was lost, and what only came late."""

from hypothesis import given
from hypothesis import strategies as st

from asr.leg_clock import LegClock

PIECE_S = 0.1


def told(*pieces: tuple[float, float]) -> LegClock:
    """A clock that was told of pieces: seconds of sound at their end, second they came."""
    clock = LegClock()
    for sound_s, at in pieces:
        clock.came(sound_s, 1000.0 + at)
    return clock


def line(lost_before: dict[int, float], delays: list[float]) -> LegClock:
    """Pieces of 0.1 s, delivered in order; seconds lost before some, each later by its delay."""
    clock, missing_s, came_at = LegClock(), 0.0, 0.0
    for number, delay in enumerate(delays):
        missing_s += lost_before.get(number, 0.0)
        end_s = (number + 1) * PIECE_S
        came_at = max(came_at, end_s + missing_s + delay)
        clock.came(end_s, came_at)
    return clock


def near(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6


def test_sound_that_comes_as_it_is_spoken_is_on_time() -> None:
    clock = told((0.1, 0.1), (0.2, 0.2), (0.3, 0.3))
    assert [clock.call_s(second) for second in (0.0, 0.15, 0.3)] == [0.0, 0.15, 0.3]
    assert clock.whole


def test_half_a_second_lost_makes_the_rest_late_and_not_what_was_before() -> None:
    clock = line({10: 0.5}, [0.0] * 30)
    assert near(clock.call_s(1.0), 1.0)
    assert near(clock.call_s(1.05), 1.55)
    assert near(clock.call_s(3.0), 3.5)
    assert not clock.whole


def test_a_busy_moment_moves_nothing() -> None:
    clock = line({}, [0.0] * 10 + [0.9] + [0.0] * 20)
    assert near(clock.call_s(1.05), 1.05)
    assert near(clock.call_s(3.0), 3.0)
    assert clock.whole


def test_a_packet_now_and_then_is_put_right_without_a_second_reading() -> None:
    clock = line(dict.fromkeys(range(10, 600, 4), 0.02), [0.0] * 600)
    assert near(clock.call_s(60.0), 60.0 + 148 * 0.02)
    assert clock.whole


def test_many_packets_within_a_second_are_a_word_that_may_be_missing() -> None:
    assert not line(dict.fromkeys(range(10, 20), 0.03), [0.0] * 60).whole


def test_sound_faster_than_the_clock_is_taken_as_it_is() -> None:
    """A file that is fed at once."""
    clock = told((1.0, 0.0), (2.0, 0.0), (3.0, 0.001))
    assert clock.call_s(2.5) == 2.5
    assert clock.whole


def test_before_any_sound_nothing_is_late() -> None:
    assert LegClock().call_s(1.0) == 1.0
    assert LegClock().whole


@given(
    st.dictionaries(st.integers(1, 80), st.floats(0.0, 2.0)),
    st.lists(st.floats(0.0, 3.0), min_size=1, max_size=80),
)
def test_all_that_was_lost_is_found_where_the_line_is_on_time(
    lost: dict[int, float], delays: list[float]
) -> None:
    clock = line(lost, [0.0, *delays] + [0.0] * 40)
    pieces = len(delays) + 41
    missing_s = 0.0
    for number in range(pieces):
        missing_s += lost.get(number, 0.0)
        late_s = clock.late_s((number + 0.5) * PIECE_S)
        assert late_s >= missing_s - 1e-6
        if number >= pieces - 5:  # the longest delay has been caught up with
            assert near(late_s, missing_s)
    for number in range(2, pieces):  # time never runs backwards
        assert clock.call_s(number * PIECE_S) >= clock.call_s((number - 1) * PIECE_S)
