"""Live ears: words reach the journal and the desks; what is missed is known to be missed."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from asr.live import LiveCapacity
from asr.recognizer import Heard, RecognizerUnavailable, Word
from ivr.call import Call
from ivr.listening import Ears
from telephony.tap import TapUnavailable
from tests.unit.ivr.fakes import Books, Clock, call_in
from tests.wire.telephony.waiting import until

SECOND = bytes(16_000)


class FakeHearing:
    """For each second of sound a partial, and at the end one final of all of them."""

    def __init__(self) -> None:
        self._seconds = 0
        self._heard: asyncio.Queue[Heard | None] = asyncio.Queue()

    async def feed(self, pcm: bytes) -> None:
        self._seconds += 1
        self._heard.put_nowait(Heard(final=False, text="路" * self._seconds))

    async def finish(self) -> None:
        if self._seconds:
            words = tuple(Word("路", at, at + 1, 0.9) for at in range(self._seconds))
            self._heard.put_nowait(Heard(final=True, text="路" * self._seconds, words=words))
        self._heard.put_nowait(Heard(final=True, text=""))
        self._heard.put_nowait(None)

    async def results(self) -> AsyncIterator[Heard]:
        while (heard := await self._heard.get()) is not None:
            yield heard


class FakeRecognizer:
    async def open(self, *, rate: int) -> FakeHearing:
        assert rate == 8000
        return FakeHearing()


class NoRecognizer:
    async def open(self, *, rate: int) -> FakeHearing:
        raise RecognizerUnavailable("none answers")


class FakeTap:
    """``seconds`` of sound, then the party goes; -1 keeps the line open in silence."""

    def __init__(
        self, seconds: int, clock: Clock, fails: Exception | None = None, sound: bytes = SECOND
    ) -> None:
        self._second = sound
        self._seconds = seconds
        self._clock = clock
        self._fails = fails

    async def open(self, channel: str) -> AsyncIterator[bytes]:
        if self._fails is not None:
            raise self._fails
        return self._sound()

    async def _sound(self) -> AsyncIterator[bytes]:
        for _ in range(max(self._seconds, 1) if self._seconds else 0):
            self._clock.pass_s(1)
            yield self._second
            await asyncio.sleep(0)
        if self._seconds < 0:
            await asyncio.Event().wait()


class Scene:
    def __init__(
        self,
        seconds: int,
        *,
        recognizer: FakeRecognizer | NoRecognizer | None = None,
        fails: Exception | None = None,
        legs: int = 9,
        sound: bytes = SECOND,
    ) -> None:
        self.clock = Clock()
        self.books = Books()
        self.call = call_in(self.books, self.clock)
        self.heard: list[tuple[str, bool, str]] = []
        self.on_heard: Callable[[Call, str, Heard], None] = lambda _, side, heard: (
            self.heard.append((side, heard.final, heard.text))
        )
        self.ears = Ears(
            FakeTap(seconds, self.clock, fails, sound),
            recognizer or FakeRecognizer(),
            LiveCapacity(legs),
            lambda call, side, heard: self.on_heard(call, side, heard),
        )

    async def listened(self, *sides: str, within_s: float = 5.0) -> None:
        for side in sides:
            self.ears.listen(self.call, side, f"channel of {side}")
        await self.ears.settled(self.call, within_s)


async def test_words_reach_the_journal_the_desks_and_who_asked() -> None:
    scene = Scene(2)
    scene.clock.pass_s(10)  # the leg begins ten seconds into the call
    await scene.listened("caller")
    (final,) = scene.books.bodies("heard")
    assert [final[key] for key in ("side", "source", "seq", "start_s", "end_s", "text")] == [
        "caller",
        "live",
        0,
        10.0,
        12.0,
        "路路",
    ]
    assert final["words"][1] == {"word": "路", "start_s": 11.0, "end_s": 12.0, "confidence": 0.9}
    assert scene.books.told_kinds() == ["partial", "partial", "final"]
    assert scene.heard == [
        ("caller", False, "路"),
        ("caller", False, "路路"),
        ("caller", True, "路路"),
    ]


async def test_a_recognizer_hears_silence_while_the_call_is_paused_for_privacy() -> None:
    fed: list[bytes] = []

    class Noting(FakeHearing):
        async def feed(self, pcm: bytes) -> None:
            fed.append(pcm)
            if len(fed) == 1:
                scene.call.paused("1001")
            await super().feed(pcm)

    class NotingRecognizer(FakeRecognizer):
        async def open(self, *, rate: int) -> Noting:
            return Noting()

    scene = Scene(3, recognizer=NotingRecognizer(), sound=b"\1" * 16_000)
    await scene.listened("caller")
    assert fed[0] == b"\1" * 16_000
    assert set(fed[-1]) == {0}
    assert sum(map(len, fed)) == 3 * 16_000  # the words after it keep their times


async def test_what_was_listened_to_is_on_record() -> None:
    scene = Scene(3)
    await scene.listened("caller")
    assert scene.books.bodies("listened") == [
        {"side": "caller", "from_s": 0.0, "to_s": 3.0, "complete": True}
    ]
    assert scene.call.live_complete


async def test_both_sides_count_their_own_utterances() -> None:
    scene = Scene(1)
    await scene.listened("caller", "agent", "agent")
    heard = sorted((body["side"], body["seq"]) for body in scene.books.bodies("heard"))
    assert heard == [("agent", 0), ("agent", 1), ("caller", 0)]


async def test_without_a_recognizer_the_leg_is_known_to_be_missed() -> None:
    scene = Scene(2, recognizer=NoRecognizer())
    await scene.listened("caller")
    (listened,) = scene.books.bodies("listened")
    assert (listened["to_s"], listened["complete"]) == (2.0, False)
    assert not scene.call.live_complete


async def test_beyond_capacity_the_leg_is_known_to_be_missed() -> None:
    scene = Scene(2, legs=0)
    await scene.listened("caller")
    assert scene.books.bodies("heard") == []
    assert not scene.call.live_complete


@pytest.mark.parametrize(
    "fails", [TapUnavailable("no snoop"), ConnectionResetError("gone"), ZeroDivisionError("bug")]
)
async def test_a_tap_that_fails_costs_nothing_but_speed(fails: Exception) -> None:
    scene = Scene(2, fails=fails)
    await scene.listened("caller")
    assert scene.books.records == []
    assert not scene.call.live_complete


async def test_a_party_that_goes_before_its_first_sound() -> None:
    scene = Scene(0)
    await scene.listened("caller")
    assert scene.books.records == []
    assert not scene.call.live_complete


async def test_a_fault_of_the_one_who_is_told_is_not_lost() -> None:
    scene = Scene(2)

    def breaks(_call: Call, _side: str, _heard: Heard) -> None:
        raise ZeroDivisionError("bug")

    scene.on_heard = breaks
    await scene.listened("caller")
    assert not scene.call.live_complete


async def test_the_last_words_are_waited_for_but_not_for_ever() -> None:
    scene = Scene(-1)
    before = asyncio.all_tasks()
    await scene.listened("caller", within_s=0.01)
    assert not scene.call.live_complete
    assert asyncio.all_tasks() == before


async def test_who_is_listened_to_is_known() -> None:
    scene = Scene(1)
    assert not scene.ears.hear(scene.call, "caller")
    scene.ears.listen(scene.call, "caller", "hl1-1.1")
    assert scene.ears.hear(scene.call, "caller")
    assert not scene.ears.hear(scene.call, "agent")
    await until(lambda: not scene.ears.hear(scene.call, "caller"))
    await scene.ears.settled(scene.call, 5.0)


async def test_a_call_nobody_listened_to_is_settled_at_once() -> None:
    scene = Scene(1)
    await scene.ears.settled(scene.call, 5.0)
    assert scene.call.live_complete
