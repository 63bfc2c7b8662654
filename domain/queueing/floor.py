"""Who is where: seats and waiting callers, each with an index of its queue, kept in order."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from domain.queueing.choice import rank
from domain.queueing.seats import Caller, Seat
from domain.queueing.states import SeatState


class Floor:
    """All seats, and the callers for whom none rings."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._waiting: dict[str, Caller] = {}
        self._lines: dict[str, list[tuple[datetime, str]]] = {}
        self._ready: dict[str, list[tuple[datetime, str]]] = {}
        self._of_call: dict[str, str] = {}

    @property
    def seats(self) -> Mapping[str, Seat]:
        return self._seats

    @property
    def waiting(self) -> Mapping[str, Caller]:
        return self._waiting

    def queues(self) -> list[str]:
        return list(self._lines)

    def put(self, seat: Seat) -> None:
        """The seat as it is now."""
        before = self._seats.get(seat.seat_id)
        if before is not None:
            self._forget(before)
        self._seats[seat.seat_id] = seat
        if seat.call_id is not None:
            self._of_call[seat.call_id] = seat.seat_id
        if seat.state is SeatState.READY:
            for queue in seat.profile.queues:
                insort(self._ready.setdefault(queue, []), (seat.idle_since, seat.seat_id))

    def seat_of(self, call_id: str) -> Seat | None:
        seat_id = self._of_call.get(call_id)
        return None if seat_id is None else self._seats[seat_id]

    def anybody_ready(self, queue: str) -> bool:
        return bool(self._ready.get(queue))

    def ready(self, queue: str) -> Iterator[Seat]:
        """The longest idle first."""
        return (self._seats[seat_id] for _, seat_id in self._ready.get(queue, ()))

    def enqueue(self, caller: Caller) -> None:
        self._waiting[caller.call_id] = caller
        insort(self._lines.setdefault(caller.queue, []), rank(caller))

    def dequeue(self, call_id: str) -> Caller | None:
        caller = self._waiting.pop(call_id, None)
        if caller is not None:
            _take_out(self._lines[caller.queue], rank(caller))
        return caller

    def line(self, queue: str) -> Iterator[Caller]:
        """Who is served first comes first."""
        return (self._waiting[call_id] for _, call_id in self._lines.get(queue, ()))

    def place(self, caller: Caller) -> int:
        return bisect_left(self._lines[caller.queue], rank(caller)) + 1

    def _forget(self, seat: Seat) -> None:
        if seat.call_id is not None:
            self._of_call.pop(seat.call_id, None)
        if seat.state is SeatState.READY:
            for queue in seat.profile.queues:
                _take_out(self._ready[queue], (seat.idle_since, seat.seat_id))


def _take_out(ordered: list[tuple[datetime, str]], key: tuple[datetime, str]) -> None:
    place = bisect_left(ordered, key)
    if place == len(ordered) or ordered[place] != key:
        raise LookupError(f"{key} is not in its index")
    del ordered[place]


def without(keys: Sequence[str], key: str) -> tuple[str, ...]:
    return tuple(one for one in keys if one != key)
