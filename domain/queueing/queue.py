"""The queue as one immutable state: an event gives the next state and the seats to ring.

Each method takes ``now`` (aware) and returns a `Step`: the engine keeps ``step.queue``, rings
``step.assignments`` and stops ringing ``step.released``. Events for a seat or call that the queue
does not know, or that come late (the caller hung up while the agent picked up), change nothing:
on a telephone line they are everyday races, not errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.queueing.choice import choose, rank
from domain.queueing.seats import Assignment, Caller, Seat, SeatState

IN_A_CALL = frozenset({SeatState.RINGING, SeatState.TALKING})


@dataclass(frozen=True)
class Queue:
    """``waiting``: callers for whom no seat rings. ``ringing``: callers for whom one does."""

    seats: Mapping[str, Seat] = field(default_factory=dict)
    waiting: Mapping[str, Caller] = field(default_factory=dict)
    ringing: Mapping[str, Caller] = field(default_factory=dict)

    def join(self, caller: Caller, now: datetime) -> "Step":
        """A caller asks for a person. Joining twice keeps the first place."""
        if any(caller.call_id in known for known in (self.waiting, self.ringing)):
            return Step(self)
        if self._seat_of(caller.call_id) is not None:
            return Step(self)
        return replace(self, waiting={**self.waiting, caller.call_id: caller})._settled(now)

    def leave(self, call_id: str, now: datetime) -> "Step":
        """The caller hung up or chose otherwise; the seat that rings for the call is released."""
        queue = replace(
            self, waiting=_without(self.waiting, call_id), ringing=_without(self.ringing, call_id)
        )
        seat = self._seat_of(call_id)
        if seat is None or seat.state is not SeatState.RINGING:
            return Step(queue)
        free = replace(seat, state=SeatState.FREE, since=now, call_id=None)
        return queue._with(free)._settled(now, released=(seat.seat_id,))

    def answered(self, seat_id: str, call_id: str, now: datetime) -> "Step":
        """The agent picked up."""
        seat = self._seat_in(seat_id, call_id, SeatState.RINGING)
        if seat is None:
            return Step(self)
        queue = replace(self, ringing=_without(self.ringing, call_id))
        return Step(queue._with(replace(seat, state=SeatState.TALKING, since=now)))

    def not_answered(self, seat_id: str, call_id: str, now: datetime) -> "Step":
        """The ring time ran out or the agent declined: others ring first for this call."""
        if self._seat_in(seat_id, call_id, SeatState.RINGING) is None:
            return Step(self)
        return self._given_back(seat_id, call_id, _fresh(seat_id, SeatState.FREE, now))._settled(
            now
        )

    def talk_ended(self, seat_id: str, call_id: str, now: datetime, *, wrap_up: bool) -> "Step":
        """The conversation is over: the agent writes (``wrap_up``) or is free at once.

        A pause or a lost connection noted during the conversation takes effect now.
        """
        seat = self._seat_in(seat_id, call_id, SeatState.TALKING)
        if seat is None:
            return Step(self)
        usual = SeatState.WRAP_UP if wrap_up else SeatState.FREE
        return self._with(_fresh(seat_id, seat.afterwards or usual, now))._settled(now)

    def seat_is(self, seat_id: str, state: SeatState, now: datetime) -> "Step":
        """A seat appears, frees itself, pauses or is lost.

        While it talks, this is noted for the end of the conversation. While it rings, FREE is no
        news, and anything else gives the caller back to the queue at the old place.

        Raises:
            ValueError: RINGING and TALKING come from the queue and from `answered` only.
        """
        if state in IN_A_CALL:
            raise ValueError(f"a seat becomes {state} through a call, not by itself")
        seat = self.seats.get(seat_id)
        if seat is None or seat.state not in IN_A_CALL:
            if seat is not None and seat.state is state:
                return Step(self)
            return self._with(_fresh(seat_id, state, now))._settled(now)
        if seat.state is SeatState.TALKING:
            wish = None if state is SeatState.FREE else state
            return Step(self._with(replace(seat, afterwards=wish)))
        if state is SeatState.FREE or seat.call_id is None:
            return Step(self)
        lost = self._given_back(seat_id, seat.call_id, _fresh(seat_id, state, now))
        return lost._settled(now, released=(seat_id,))

    def place(self, call_id: str) -> int | None:
        """How many are served before this caller, plus one; None if the call does not wait."""
        if call_id not in self.waiting:
            return None
        return [caller.call_id for caller in sorted(self.waiting.values(), key=rank)].index(
            call_id
        ) + 1

    def _settled(self, now: datetime, *, released: tuple[str, ...] = ()) -> "Step":
        assignments = tuple(choose(self.seats.values(), self.waiting.values()))
        seats, waiting, ringing = dict(self.seats), dict(self.waiting), dict(self.ringing)
        for given in assignments:
            ringing[given.call_id] = waiting.pop(given.call_id)
            seats[given.seat_id] = replace(
                seats[given.seat_id], state=SeatState.RINGING, since=now, call_id=given.call_id
            )
        return Step(Queue(seats, waiting, ringing), assignments, released)

    def _given_back(self, seat_id: str, call_id: str, seat: Seat) -> "Queue":
        caller = self.ringing[call_id]
        back = replace(caller, rung=(*caller.rung, seat_id))
        return replace(
            self,
            seats={**self.seats, seat_id: seat},
            waiting={**self.waiting, call_id: back},
            ringing=_without(self.ringing, call_id),
        )

    def _with(self, seat: Seat) -> "Queue":
        return replace(self, seats={**self.seats, seat.seat_id: seat})

    def _seat_of(self, call_id: str) -> Seat | None:
        return next((seat for seat in self.seats.values() if seat.call_id == call_id), None)

    def _seat_in(self, seat_id: str, call_id: str, state: SeatState) -> Seat | None:
        seat = self.seats.get(seat_id)
        expected = seat is not None and seat.state is state and seat.call_id == call_id
        return seat if expected else None


@dataclass(frozen=True)
class Step:
    """What an event led to: the next state, seats to ring, seats to stop ringing."""

    queue: Queue
    assignments: tuple[Assignment, ...] = ()
    released: tuple[str, ...] = ()


def _fresh(seat_id: str, state: SeatState, now: datetime) -> Seat:
    """A seat whose idle time begins now: nobody comes to the front by pausing or not answering."""
    return Seat(seat_id, state, since=now, idle_since=now)


def _without(callers: Mapping[str, Caller], call_id: str) -> dict[str, Caller]:
    return {key: caller for key, caller in callers.items() if key != call_id}
