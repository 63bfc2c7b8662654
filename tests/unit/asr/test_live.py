import asyncio
from collections.abc import AsyncIterator

import pytest

from asr.live import Coverage, Leg, LiveCapacity, hear_leg
from asr.recognizer import Heard, RecognizerUnavailable, Word

SECOND = bytes(16_000)


class FakeHearing:
    """Hears one word per second of sound, named by its second."""

    def __init__(self, dies_after: int | None = None) -> None:
        self.dies_after = dies_after
        self.fed = 0
        self._heard: asyncio.Queue[Heard | Exception | None] = asyncio.Queue()

    async def feed(self, pcm: bytes) -> None:
        start_s = self.fed / 16_000
        self.fed += len(pcm)
        if self.dies_after is not None and self.fed >= self.dies_after * 16_000:
            self._heard.put_nowait(RecognizerUnavailable("it died"))
            return
        word = Word(f"w{start_s:.0f}", start_s, start_s + 1, 1.0)
        self._heard.put_nowait(Heard(final=True, text=word.word, words=(word,)))

    async def results(self) -> AsyncIterator[Heard]:
        while (heard := await self._heard.get()) is not None:
            if isinstance(heard, Exception):
                raise heard
            yield heard

    async def finish(self) -> None:
        self._heard.put_nowait(None)


class FakeRecognizer:
    def __init__(self, *hearings: FakeHearing | Exception) -> None:
        self.hearings = list(hearings)
        self.opened = 0

    async def open(self, *, rate: int) -> FakeHearing:
        assert rate == 8000
        self.opened += 1
        hearing = self.hearings.pop(0)
        if isinstance(hearing, Exception):
            raise hearing
        return hearing


class FakeLine:
    """Speaks for a number of seconds; tells when it was read to the end."""

    def __init__(self, length_s: int, *, breaks: bool = False) -> None:
        self.length_s = length_s
        self.breaks = breaks
        self.read_to_end = False

    async def sound(self) -> AsyncIterator[bytes]:
        for _ in range(self.length_s):
            yield SECOND
            for _ in range(5):
                await asyncio.sleep(0)  # others run between two pieces, as on a line
        self.read_to_end = True
        if self.breaks:
            raise ConnectionResetError("the line's socket")


async def heard_of(
    line: FakeLine,
    recognizer: FakeRecognizer,
    leg: Leg | None = None,
    capacity: LiveCapacity | None = None,
) -> tuple[list[Heard], Coverage]:
    items = [
        item async for item in hear_leg(line.sound(), recognizer, leg or Leg(), capacity=capacity)
    ]
    coverage = items.pop()
    assert isinstance(coverage, Coverage)
    return [item for item in items if isinstance(item, Heard)], coverage


async def test_times_are_in_call_time_and_the_leg_is_covered() -> None:
    heard, coverage = await heard_of(
        FakeLine(3), FakeRecognizer(FakeHearing()), Leg(starts_at_s=12.5)
    )
    assert [word.start_s for one in heard for word in one.words] == [12.5, 13.5, 14.5]
    assert coverage == Coverage(12.5, 15.5, complete=True)


async def test_words_after_lost_sound_are_told_at_their_second_and_the_leg_is_read_again() -> None:
    async def line() -> AsyncIterator[bytes]:
        for number in range(6):
            if number == 3:
                await asyncio.sleep(0.6)  # never came, while others waited for it
            await asyncio.sleep(0.1)
            yield SECOND[:1600]

    items = [
        one async for one in hear_leg(line(), FakeRecognizer(FakeHearing()), Leg(starts_at_s=7.0))
    ]
    coverage = items.pop()
    starts = [word.start_s for one in items if isinstance(one, Heard) for word in one.words]
    assert len(starts) == 6
    assert starts[0] == pytest.approx(7.0, abs=0.01)
    assert 7.85 <= starts[5] <= 8.4  # without the gap 7.5; a busy machine only adds
    assert isinstance(coverage, Coverage)
    assert coverage.to_s >= 8.1
    assert not coverage.complete


async def test_a_reset_of_the_line_is_its_end() -> None:
    heard, coverage = await heard_of(FakeLine(2, breaks=True), FakeRecognizer(FakeHearing()))
    assert len(heard) == 2
    assert coverage == Coverage(0.0, 2.0, complete=True)


async def test_no_recognizer_the_line_is_read_all_the_same() -> None:
    line = FakeLine(4)
    recognizer = FakeRecognizer(RecognizerUnavailable("none answers"))
    heard, coverage = await heard_of(line, recognizer)
    assert line.read_to_end
    assert heard == []
    assert coverage == Coverage(0.0, 4.0, complete=False)
    assert recognizer.opened == 1  # not again within five seconds


async def test_a_recognizer_that_dies_leaves_its_words_and_an_incomplete_coverage() -> None:
    line = FakeLine(5)
    recognizer = FakeRecognizer(FakeHearing(dies_after=3), RecognizerUnavailable("still down"))
    heard, coverage = await heard_of(line, recognizer)
    assert line.read_to_end
    assert [one.text for one in heard] == ["w0", "w1"]
    assert not coverage.complete
    assert coverage.to_s == 5.0


async def test_recognition_is_taken_up_again_in_a_long_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("asr.live._RETRY_S", 0.0)
    recognizer = FakeRecognizer(FakeHearing(dies_after=2), FakeHearing())
    heard, coverage = await heard_of(FakeLine(5), recognizer, Leg(starts_at_s=10.0))
    starts = [word.start_s for one in heard for word in one.words]
    assert starts[0] == 10.0
    assert starts[-1] == 14.0  # the second hearing's own time 0 was later in the call
    assert not coverage.complete


async def test_an_engine_with_a_bug_does_not_break_the_leg() -> None:
    line = FakeLine(3)
    heard, coverage = await heard_of(line, FakeRecognizer(ZeroDivisionError("bug")))
    assert line.read_to_end
    assert (heard, coverage.complete) == ([], False)


async def test_leaving_early_stops_everything() -> None:
    before = asyncio.all_tasks()
    leg = hear_leg(FakeLine(100).sound(), FakeRecognizer(FakeHearing()), Leg())
    assert isinstance(await anext(leg), Heard)
    await leg.aclose()
    assert asyncio.all_tasks() == before


async def test_beyond_capacity_a_leg_is_not_recognised_but_read() -> None:
    capacity = LiveCapacity(max_legs=1)
    seat = capacity.take()
    assert seat.held
    line, recognizer = FakeLine(3), FakeRecognizer()
    with seat:
        heard, coverage = await heard_of(line, recognizer, capacity=capacity)
    assert line.read_to_end
    assert (heard, coverage) == ([], Coverage(0.0, 3.0, complete=False))
    assert recognizer.opened == 0


async def test_a_leg_that_waits_is_heard_from_the_moment_a_seat_is_free() -> None:
    capacity = LiveCapacity(max_legs=1)
    first = capacity.take()

    class Line(FakeLine):
        async def sound(self) -> AsyncIterator[bytes]:
            seconds = 0
            async for pcm in super().sound():
                if seconds == 2:
                    with first:
                        pass
                seconds += 1
                yield pcm

    heard, coverage = await heard_of(Line(4), FakeRecognizer(FakeHearing()), capacity=capacity)
    assert [word.start_s for one in heard for word in one.words] == [2.0, 3.0]
    assert coverage == Coverage(0.0, 4.0, complete=False)
    assert (capacity.taken, capacity.waiting) == (0, 0)


def test_seats_go_to_the_first_who_waits_and_are_not_taken_away() -> None:
    capacity = LiveCapacity(max_legs=2)
    one, two, three, four = (capacity.take() for _ in range(4))
    assert [seat.held for seat in (one, two, three, four)] == [True, True, False, False]
    with three:
        pass  # hung up while it waited
    with one:
        assert not four.held
    assert [seat.held for seat in (one, two, four)] == [False, True, True]


async def test_a_seat_is_given_back() -> None:
    capacity = LiveCapacity(max_legs=1)
    for _ in range(3):
        _, coverage = await heard_of(FakeLine(1), FakeRecognizer(FakeHearing()), capacity=capacity)
        assert coverage.complete
    assert capacity.taken == 0
