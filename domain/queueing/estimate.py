"""How long a caller will still wait, honestly, from how long talks take and who hangs up."""

from collections import deque
from datetime import timedelta

# What counts: the last so many conversations and waits. Fewer than `LEAST` are no measure.
REMEMBERED = 100
LEAST = 5


class Pace:
    """How one queue has been moving."""

    def __init__(self) -> None:
        self._handled_s: deque[float] = deque(maxlen=REMEMBERED)
        self._waits: deque[tuple[float, bool]] = deque(maxlen=REMEMBERED)

    def handled(self, took: timedelta) -> None:
        """A conversation, with the time for writing after it."""
        self._handled_s.append(took.total_seconds())

    def waited(self, waited: timedelta, *, gave_up: bool) -> None:
        """Somebody's wait is over, by an answer or because he hung up."""
        self._waits.append((waited.total_seconds(), gave_up))

    def wait(self, place: int, seats: int) -> timedelta | None:
        """What to expect at this place with so many seats at work; None: too little is known.

        The queue moves when a conversation ends, ``seats`` times in the mean of one, and when one
        of those ahead gives up (Erlang A: Gans, Koole, Mandelbaum 2003, see `erlang`).
        """
        if len(self._handled_s) < LEAST or seats < 1:
            return None
        ends_per_s = seats / max(1.0, sum(self._handled_s) / len(self._handled_s))
        patient_s = sum(waited_s for waited_s, _ in self._waits)
        gave_up = sum(one for _, one in self._waits)
        leaving_per_s = gave_up / patient_s if patient_s > 0 else 0.0
        # One's own place comes with an end; of those ahead the first n - 1 may also give up.
        return timedelta(
            seconds=sum(1 / (ends_per_s + ahead * leaving_per_s) for ahead in range(place))
        )


def spoken(wait: timedelta) -> int:
    """Whole minutes to say, rounded up: a promise that is kept. At least 1."""
    return max(1, -(-int(wait.total_seconds()) // 60))
