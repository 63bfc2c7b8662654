"""Traffic through the exchange itself: what the same rules would do with other staff.

A discrete-event simulation around `Exchange`. Randomness is a seed, so that a run can be repeated.
"""

import heapq
import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from domain.queueing.estimate import REMEMBERED
from domain.queueing.exchange import Exchange, Step
from domain.queueing.rules import OverflowTo, QueueRule
from domain.queueing.seats import Caller, Profile
from domain.queueing.statistics import Asked

# Rules that relax and seats that write are looked at so often in simulated time.
TICK_S = 1.0
# Whom no rule can help is given up after this long without anything new.
LONGEST_S = 3600.0


@dataclass(frozen=True)
class Arrival:
    """A caller at ``at_s``, who talks for ``talk_s`` and waits no longer than ``patience_s``."""

    at_s: float
    talk_s: float
    patience_s: float
    queue: str = "general"


@dataclass(frozen=True)
class Traffic:
    """Poisson arrivals, exponential talk and patience. ``patience_s`` inf: nobody hangs up."""

    calls_per_hour: float
    talk_s: float
    patience_s: float = float("inf")
    hours: float = 8.0
    seed: int = 12345

    def arrivals(self) -> Iterator[Arrival]:
        chance = random.Random(self.seed)  # noqa: S311  a simulation, not a secret
        at_s = 0.0
        while (at_s := at_s + chance.expovariate(self.calls_per_hour / 3600)) < self.hours * 3600:
            patient = self.patience_s == float("inf")
            patience_s = self.patience_s if patient else chance.expovariate(1 / self.patience_s)
            yield Arrival(at_s, chance.expovariate(1 / self.talk_s), patience_s)


class NoTraffic(ValueError):
    """Nobody spoke with an agent in that time: there is no length of talk to go by."""


def past_arrivals(asked: Sequence[Asked], since: datetime, seed: int) -> list[Arrival]:
    """What really came, to be served by other staff or other rules. Raises `NoTraffic`.

    Who was answered would have waited longer: his patience is what he waited and, memoryless, as
    much more as chance gives; the mean is all waiting by the number of those who gave up (maximum
    likelihood for exponential patience with censoring). Who gave up would have talked as others
    did.
    """
    chance = random.Random(seed)  # noqa: S311  a simulation, not a secret
    talks = [one.talked_s for one in asked if one.talked_s]
    if not talks:
        raise NoTraffic("no conversation in that time")
    waits = [_waited_s(one) for one in asked]
    gave_up = sum(one.abandoned for one in asked)
    mean_s = sum(waits) / gave_up if gave_up else float("inf")
    found = []
    for one, waited_s in zip(asked, waits, strict=True):
        more_s = 0.0 if one.abandoned else mean_s
        if 0 < more_s < float("inf"):
            more_s = chance.expovariate(1 / more_s)
        at_s = (one.at - since).total_seconds()
        talk_s = one.talked_s or chance.choice(talks)
        found.append(Arrival(at_s, talk_s, waited_s + more_s, one.queue))
    return found


def _waited_s(one: Asked) -> float:
    ended = one.answered_at or one.ended_at or one.at
    return max((ended - one.at).total_seconds(), 0.0)


@dataclass
class Outcome:
    """What became of the callers. Shares are of all who called."""

    waits_s: list[float] = field(default_factory=list)
    abandoned: int = 0
    left: int = 0
    overflowed: int = 0  # to a call-back or a recording, by rule
    offered_s: float = 0.0  # talk that all callers together wanted
    talked_s: dict[str, float] = field(default_factory=dict)
    estimates: list[tuple[float, float]] = field(default_factory=list)  # promised, waited
    usual: list[tuple[float, float]] = field(default_factory=list)  # the mean wait so far, waited

    @property
    def calls(self) -> int:
        return len(self.waits_s) + self.abandoned + self.left + self.overflowed

    def load(self, traffic: "Traffic") -> float:
        """The Erlang that came in this run; by chance it differs from what was planned."""
        return self.offered_s / (traffic.hours * 3600)

    @property
    def mean_wait_s(self) -> float:
        """Of those who were answered."""
        return sum(self.waits_s) / max(1, len(self.waits_s))

    @property
    def waited_share(self) -> float:
        return sum(wait > 0 for wait in self.waits_s) / max(1, self.calls)

    @property
    def abandoned_share(self) -> float:
        return self.abandoned / max(1, self.calls)

    def within(self, goal_s: float) -> float:
        return sum(wait <= goal_s for wait in self.waits_s) / max(1, self.calls)

    def estimate_error_s(self) -> float | None:
        """The mean absolute difference of promised and real waiting, None where none was given."""
        if not self.estimates:
            return None
        return sum(abs(promised - real) for promised, real in self.estimates) / len(self.estimates)


class Simulation:
    """One run. ``seats``: id → what it serves; all are ready at ``start`` (aware).

    ``zone``: in which queues open and close.
    """

    def __init__(
        self,
        rules: Iterable[QueueRule],
        seats: Mapping[str, Profile],
        start: datetime,
        zone: tzinfo = UTC,
    ) -> None:
        rules = tuple(rules)
        self.exchange = Exchange(rules)
        self.outcome = Outcome(talked_s=dict.fromkeys(seats, 0.0))
        self._start, self._now, self._zone = start, start, zone
        self._calls: dict[str, Arrival] = {}
        self._promised: dict[str, float] = {}
        self._usual: dict[str, float] = {}
        self._latest_waits_s: deque[float] = deque(maxlen=REMEMBERED)
        # (when, order, what, call): the order keeps equal times in the order of planning.
        self._agenda: list[tuple[float, int, str, str]] = []
        self._planned = 0
        self._last_s = 0.0
        relaxing = any(rule.relaxations or rule.overflows for rule in rules)
        self._ticks = relaxing or any(profile.wrap_up for profile in seats.values())
        for seat_id, profile in seats.items():
            self.exchange.log_in(seat_id, seat_id, profile, start)

    def run(self, arrivals: Iterable[Arrival]) -> Outcome:
        """Until every caller was served or has gone, or nobody is left who could serve."""
        coming = iter(arrivals)
        self._next_arrival(coming)
        if self._ticks:
            self._plan(TICK_S, "tick", "")
        while self._agenda:
            at_s, _, what, call_id = heapq.heappop(self._agenda)
            self._now = self._start + timedelta(seconds=at_s)
            if what != "tick":
                self._last_s = at_s
            if what == "arrives":
                self._next_arrival(coming)
                self._arrives(call_id, at_s)
            elif what == "gives up":
                self._gives_up(call_id)
            elif what == "talked":
                self._talked(call_id, at_s)
            else:
                self._take(self.exchange.tick(self._now, self._zone), at_s)
                if self._agenda or (self.exchange.waiting and at_s < self._last_s + LONGEST_S):
                    self._plan(at_s + TICK_S, "tick", "")
        self.outcome.left = len(self.exchange.waiting)
        return self.outcome

    def _plan(self, at_s: float, what: str, call_id: str) -> None:
        self._planned += 1
        heapq.heappush(self._agenda, (at_s, self._planned, what, call_id))

    def _next_arrival(self, coming: Iterator[Arrival]) -> None:
        arrival = next(coming, None)
        if arrival is not None:
            call_id = f"c{len(self._calls):07d}"
            self._calls[call_id] = arrival
            self._plan(arrival.at_s, "arrives", call_id)

    def _arrives(self, call_id: str, at_s: float) -> None:
        arrival = self._calls[call_id]
        self.outcome.offered_s += arrival.talk_s
        self._take(
            self.exchange.join(Caller(call_id, self._now, queue=arrival.queue), self._now), at_s
        )
        if call_id not in self.exchange.waiting:
            return
        expected = self.exchange.expected_wait(call_id)
        if expected is not None:
            self._promised[call_id] = expected.total_seconds()
            if latest := self._latest_waits_s:
                self._usual[call_id] = sum(latest) / len(latest)
        if arrival.patience_s != float("inf"):
            self._plan(at_s + arrival.patience_s, "gives up", call_id)

    def _gives_up(self, call_id: str) -> None:
        if call_id in self.exchange.waiting:
            self.exchange.leave(call_id, self._now)
            self.outcome.abandoned += 1

    def _talked(self, call_id: str, at_s: float) -> None:
        seat = self.exchange.seat_of(call_id)
        if seat is not None:
            self.outcome.talked_s[seat.seat_id] += self._calls[call_id].talk_s
            self._take(self.exchange.talk_ended(seat.seat_id, call_id, self._now), at_s)

    def _take(self, step: Step, at_s: float) -> None:
        """Every seat that is rung answers at once, as the formulas have it."""
        gone = [way for _, way in step.overflows if way.to is not OverflowTo.QUEUE]
        self.outcome.overflowed += len(gone)
        for given in step.assignments:
            arrival = self._calls[given.call_id]
            waited_s = max(0.0, at_s - arrival.at_s)
            self.outcome.waits_s.append(waited_s)
            if given.call_id in self._promised:
                self.outcome.estimates.append((self._promised[given.call_id], waited_s))
                if given.call_id in self._usual:
                    self.outcome.usual.append((self._usual[given.call_id], waited_s))
                self._latest_waits_s.append(waited_s)
            self.exchange.answered(given.seat_id, given.call_id, self._now)
            self._plan(at_s + arrival.talk_s, "talked", given.call_id)
