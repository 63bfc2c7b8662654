import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.engines.tape import Tape
from asr.recognizer import RecognizerUnavailable

RATE = 1000  # 2000 bytes a second: easy arithmetic


def seconds(length_s: float, fill: int = 1) -> bytes:
    return bytes([fill]) * (round(length_s * RATE) * 2)


def test_blocks_are_whole_until_the_rest_is_asked_for() -> None:
    tape = Tape(RATE, keep_s=30)
    tape.feed(seconds(0.25))
    assert len(tape.take(0.1, rest=False)) == 200
    assert len(tape.take(0.1, rest=False)) == 200
    assert tape.take(0.1, rest=False) == b""
    assert len(tape.take(0.1, rest=True)) == 100
    assert tape.take(0.1, rest=True) == b""


def test_half_a_sample_is_never_sent() -> None:
    tape = Tape(RATE, keep_s=30)
    tape.feed(b"\x01\x02\x03")
    assert tape.take(0.1, rest=True) == b"\x01\x02"


def test_behind_counts_from_the_last_answer() -> None:
    tape = Tape(RATE, keep_s=30)
    tape.feed(seconds(1.0))
    while tape.take(0.1, rest=False):
        pass
    assert tape.behind_s == 1.0
    assert tape.answer() == pytest.approx(0.1)
    assert tape.behind_s == pytest.approx(0.9)


def test_a_rewind_plays_everything_since_the_settled_point() -> None:
    tape = Tape(RATE, keep_s=30)
    tape.feed(seconds(1.0, fill=1) + seconds(1.0, fill=2))
    assert len(tape.take(2.0, rest=False)) == 4000
    tape.answer()
    tape.settle(1.0)
    assert tape.rewind() == 1.0
    assert not tape.waiting
    assert tape.take(1.0, rest=False) == seconds(1.0, fill=2)


def test_sound_that_was_dropped_cannot_be_played_again() -> None:
    tape = Tape(RATE, keep_s=2)
    for _ in range(40):
        tape.feed(seconds(0.1))
        tape.take(0.1, rest=False)
        tape.answer()
    with pytest.raises(RecognizerUnavailable, match="4 s into a stretch"):
        tape.rewind()


def test_sound_that_is_not_answered_is_never_dropped() -> None:
    tape = Tape(RATE, keep_s=2)
    tape.feed(seconds(10))
    assert tape.rewind() == 0.0
    assert len(tape.take(10, rest=False)) == 20_000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["feed", "take", "answer", "settle", "rewind"]), st.integers(1, 50)
        ),
        max_size=60,
    )
)
def test_what_reaches_the_recognizer_is_always_the_sound_from_the_settled_point(
    acts: list[tuple[str, int]],
) -> None:
    tape = Tape(RATE, keep_s=1000)
    whole = b"".join(number.to_bytes(2, "little") for number in range(4000))
    fed = sent = settled = 0
    for act, size in acts:
        if act == "feed":
            tape.feed(whole[fed : fed + size * 2])
            fed += size * 2
        elif act == "take":
            block = tape.take(size / RATE, rest=False)
            assert block == whole[sent : sent + len(block)]
            sent += len(block)
        elif act == "answer" and tape.waiting:
            tape.answer()
        elif act == "settle":
            settled = max(settled, min(size * 2, sent))
            tape.settle(size / RATE)
        elif act == "rewind":
            assert tape.rewind() == settled / 2 / RATE
            sent = settled
