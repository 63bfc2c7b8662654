"""The sound of one leg between the line and the recognizer. Pure bookkeeping, in bytes.

Kept is everything since the last settled stretch, so that it can be played again to another
recognizer when this one dies. Positions count from the first sample fed.
"""

from collections import deque

from asr.recognizer import RecognizerUnavailable

_SAMPLE_BYTES = 2


class Tape:
    """Sound fed, sent, answered, settled; in that order along the leg."""

    def __init__(self, rate: int, keep_s: float) -> None:
        self._rate = rate
        self._keep = self._bytes(keep_s)
        self._kept = bytearray()
        self._start = 0  # position of _kept[0]
        self._settled = 0
        self._sent = 0
        self._answered = 0
        self._in_flight: deque[int] = deque()  # ends of the messages not answered yet

    @property
    def behind_s(self) -> float:
        """Seconds of sound fed that the recognizer has not answered yet."""
        return self._seconds(self._start + len(self._kept) - self._answered)

    @property
    def waiting(self) -> bool:
        """Whether an answer is owed."""
        return bool(self._in_flight)

    def feed(self, pcm: bytes) -> None:
        """Add sound at the end; the oldest that was answered goes when too much is kept."""
        self._kept += pcm
        # Half as much again before cutting: moving the rest for every 20 ms would be quadratic.
        if len(self._kept) > self._keep + self._keep // 2:
            self._forget(min(self._start + len(self._kept) - self._keep, self._answered))

    def take(self, block_s: float, *, rest: bool) -> bytes:
        """The next block to send, empty while it is not full; ``rest`` gives a shorter last one."""
        at = self._sent - self._start
        block = bytes(self._kept[at : at + self._bytes(block_s)])
        if len(block) < self._bytes(block_s):
            block = block[: len(block) // _SAMPLE_BYTES * _SAMPLE_BYTES] if rest else b""
        if block:
            self._sent += len(block)
            self._in_flight.append(self._sent)
        return block

    def answer(self) -> float:
        """The oldest message in flight was answered; seconds from the start to its end."""
        self._answered = max(self._answered, self._in_flight[0])
        return self._seconds(self._in_flight.popleft())

    def settle(self, at_s: float) -> None:
        """What was said before ``at_s`` is final: it need not be heard again."""
        self._settled = max(self._settled, min(self._bytes(at_s), self._sent))
        self._forget(self._settled)

    def rewind(self) -> float:
        """Send again from the settled point; seconds from the start to it.

        Raises `RecognizerUnavailable` when that sound is no longer kept.
        """
        if self._start > self._settled:
            raise RecognizerUnavailable(
                f"the recognizer died {self._seconds(self._sent - self._settled):.0f} s into a "
                "stretch of speech, longer than is kept for another"
            )
        self._sent = self._settled
        self._in_flight.clear()
        return self._seconds(self._settled)

    def _forget(self, before: int) -> None:
        if before > self._start:
            del self._kept[: before - self._start]
            self._start = before

    def _seconds(self, size: int) -> float:
        return size / _SAMPLE_BYTES / self._rate

    def _bytes(self, seconds: float) -> int:
        return round(seconds * self._rate) * _SAMPLE_BYTES
