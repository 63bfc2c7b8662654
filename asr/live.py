"""One leg of a call, recognised while it is spoken, and whether nothing of it was missed.

Recognition may fail, hang or never start: the sound is taken from the line all the same, the call
goes on, and the leg's `Coverage` tells that its recording must be transcribed later.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from types import TracebackType

import structlog

from asr.leg_clock import LegClock
from asr.recognizer import Heard, Hearing, Recognizer, RecognizerUnavailable

log = structlog.get_logger(__name__)

_SAMPLE_BYTES = 2
# After a failure: long enough not to hammer a recognizer that restarts, short beside a call.
_RETRY_S = 5.0


@dataclass(frozen=True)
class Coverage:
    """A leg's stretch in call time; ``complete``: no second of it was missed by recognition."""

    from_s: float
    to_s: float
    complete: bool


@dataclass(frozen=True)
class Leg:
    """Where a leg lies in its call: ``starts_at_s`` in call time, sound at ``rate`` Hz."""

    starts_at_s: float = 0.0
    rate: int = 8_000


class LiveCapacity:
    """How many legs may be recognised live at once; the newest beyond it wait, in their order.

    A leg that waits is heard from the moment a seat is free; what it missed is transcribed from
    its recording. Nobody who is being heard loses the seat to a newcomer.
    """

    def __init__(self, max_legs: int) -> None:
        self.max_legs = max_legs
        self._held: set[Seat] = set()
        self._waiting: deque[Seat] = deque()

    @property
    def taken(self) -> int:
        return len(self._held)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def take(self) -> "Seat":
        """A seat (a context manager), held at once or as soon as it is this one's turn."""
        seat = Seat(self)
        self._waiting.append(seat)
        self._seat_next()
        return seat

    def holds(self, seat: "Seat") -> bool:
        return seat in self._held

    def leave(self, seat: "Seat") -> None:
        """The seat's leg has ended, heard or not."""
        self._held.discard(seat)
        if seat in self._waiting:
            self._waiting.remove(seat)
        self._seat_next()

    def _seat_next(self) -> None:
        while self._waiting and len(self._held) < self.max_legs:
            self._held.add(self._waiting.popleft())


class Seat:
    """One leg's share of a `LiveCapacity`; given back on leaving the context."""

    def __init__(self, capacity: LiveCapacity) -> None:
        self._capacity = capacity

    @property
    def held(self) -> bool:
        """Whether the leg may be recognised now."""
        return self._capacity.holds(self)

    def __enter__(self) -> "Seat":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._capacity.leave(self)


async def hear_leg(
    sound: AsyncIterator[bytes],
    recognizer: Recognizer,
    leg: Leg,
    *,
    capacity: LiveCapacity | None = None,
) -> AsyncIterator[Heard | Coverage]:
    """Words of one leg with times in call time, then, as the last item, its `Coverage`.

    ``sound`` is mono 16-bit PCM from the line until it hangs up; it is read at the line's pace
    whatever recognition does, also while the consumer of this iterator is slow. No failure of
    recognition is raised.
    """
    with (capacity or LiveCapacity(1)).take() as seat:
        if not seat.held:
            log.warning("live_capacity_full")
        listening = _Listening(recognizer, leg, seat)
        task = asyncio.create_task(listening.run(sound))
        try:
            while (heard := await listening.heard.get()) is not None:
                yield heard
            await task
            yield listening.coverage()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Listening:
    """Takes sound from the line and hands it to the hearing of the moment, if there is one."""

    def __init__(self, recognizer: Recognizer, leg: Leg, seat: Seat) -> None:
        self._recognizer = recognizer
        self._leg = leg
        self._seat = seat
        self._samples = 0.0
        self._clock = LegClock()
        self._complete = True
        self._hearing: asyncio.Task[None] | None = None
        self._sound: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._retry_at = 0.0
        self.heard: asyncio.Queue[Heard | None] = asyncio.Queue()

    def coverage(self) -> Coverage:
        to_s = self._in_call_s(self._sound_s())
        if not self._clock.whole:
            self._miss("sound was lost on its way here")
        return Coverage(self._leg.starts_at_s, to_s, self._complete)

    async def run(self, sound: AsyncIterator[bytes]) -> None:
        """Until the line ends."""
        try:
            async for pcm in sound:
                self._pass_on(pcm)
                self._samples += len(pcm) / _SAMPLE_BYTES
                self._clock.came(self._sound_s(), asyncio.get_running_loop().time())
        except OSError as broken:  # the line's socket: as good as a hang-up
            log.info("leg_sound_ended", why=str(broken))
        finally:
            self._sound.put_nowait(None)
            try:
                if self._hearing is not None:
                    await self._hearing
            finally:
                if self._hearing is not None:
                    self._hearing.cancel()
                self.heard.put_nowait(None)

    def _sound_s(self) -> float:
        return self._samples / self._leg.rate

    def _in_call_s(self, sound_s: float) -> float:
        return self._leg.starts_at_s + self._clock.call_s(sound_s)

    def _pass_on(self, pcm: bytes) -> None:
        if not self._seat.held:
            self._complete = False
            return
        now = asyncio.get_running_loop().time()
        if self._hearing is None or self._hearing.done():
            if now < self._retry_at:
                return
            self._retry_at = now + _RETRY_S
            self._sound = asyncio.Queue()
            self._hearing = asyncio.create_task(self._hear(self._recognizer, self._sound_s()))
        self._sound.put_nowait(pcm)

    async def _hear(self, recognizer: Recognizer, from_s: float) -> None:
        """One hearing from its opening to its last word, or to its failure."""
        sound = self._sound
        try:
            hearing = await recognizer.open(rate=self._leg.rate)
            feeding = asyncio.create_task(_feed(hearing, sound))
            try:
                async for heard in hearing.results():
                    self.heard.put_nowait(self._in_call(heard, from_s))
                if not feeding.done():
                    self._miss("the recognizer ended before the line did")
            finally:
                feeding.cancel()
                await asyncio.gather(feeding, return_exceptions=True)
        except RecognizerUnavailable as gone:
            self._miss(str(gone))
        except Exception:
            # An engine's bug must not end the call's sound; it is logged with its trace.
            log.exception("live_recognition_failed")
            self._complete = False

    def _in_call(self, heard: Heard, from_s: float) -> Heard:
        """The same words in call time; the hearing began ``from_s`` into the sound."""
        words = (
            replace(
                word,
                start_s=self._in_call_s(from_s + word.start_s),
                end_s=self._in_call_s(from_s + word.end_s),
            )
            for word in heard.words
        )
        return replace(heard, words=tuple(words))

    def _miss(self, why: str) -> None:
        at_s = self._in_call_s(self._sound_s())
        log.warning("live_recognition_lost", why=why, at_s=round(at_s, 1))
        self._complete = False


async def _feed(hearing: Hearing, sound: "asyncio.Queue[bytes | None]") -> None:
    while (pcm := await sound.get()) is not None:
        await hearing.feed(pcm)
    await hearing.finish()
