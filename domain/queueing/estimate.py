"""How long a caller will still wait, honestly: from how fast the queue has been moving."""

from collections import deque
from datetime import datetime, timedelta

# The last answers that count: at 17 calls/s a second or two, at one call a minute a third of an
# hour. Fewer than `LEAST` are no measure.
REMEMBERED = 20
LEAST = 5


class Pace:
    """When the last callers of one queue were answered."""

    def __init__(self) -> None:
        self._answers: deque[datetime] = deque(maxlen=REMEMBERED)

    def answered(self, now: datetime) -> None:
        self._answers.append(now)

    def wait(self, place: int, now: datetime) -> timedelta | None:
        """``place`` times the mean gap between answers; None while fewer than `LEAST` are known.

        A gap that is still open counts once it is longer than the mean: a queue that has stopped
        moving must not go on promising what it did when it moved.
        """
        if len(self._answers) < LEAST:
            return None
        gap = (self._answers[-1] - self._answers[0]) / (len(self._answers) - 1)
        return place * max(gap, now - self._answers[-1])


def spoken(wait: timedelta) -> int:
    """Whole minutes to say, rounded up: a promise that is kept. At least 1."""
    return max(1, -(-int(wait.total_seconds()) // 60))
