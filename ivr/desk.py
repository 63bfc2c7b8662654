"""Carries out what the queue decides: rings the chosen seat, connects, reports back.

Who is rung, and why, is `domain.queueing`; this holds its state and waits for telephones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from callflow.events import Event, NobodyAnswered, Talked
from domain.queueing.queue import IN_A_CALL, Queue, Step
from domain.queueing.seats import Caller, SeatState
from ivr.call import Call, Now
from ivr.perform import whole_keys
from telephony.line import Line, RingOutcome

log = structlog.get_logger()

# A waiting caller's key is awaited in slices of this length; a seat that becomes free is rung at
# the end of one. Shorter would cost AGI verbs (0.1 ms each), longer would cost waiting time.
SLICE_S = 0.2
# A seat that refuses at once is not rung again in the same breath.
AFTER_REFUSAL_S = 0.5


class Desk:
    """The seats of one queue and the callers who wait for them.

    ``stop_ringing`` is told each seat that must not ring any longer: its telephone has vanished,
    or the caller no longer waits.
    """

    def __init__(self, now: Now) -> None:
        self.now = now
        self.stop_ringing: Callable[[str], None] = lambda _seat: None
        self._queue = Queue()
        self._offers: dict[str, str] = {}

    def for_call(self, call: Call) -> "Handover":
        return Handover(self, call)

    def seat_is(self, seat: str, state: SeatState) -> None:
        """What the switch says of a seat's telephone.

        An occupied telephone is no news while the seat rings or talks for us.
        """
        known = self._queue.seats.get(seat)
        if state is SeatState.PAUSED and known is not None and known.state in IN_A_CALL:
            return
        self._take(self._queue.seat_is(seat, state, self.now()))

    def somebody_is_logged_in(self) -> bool:
        return any(seat.state is not SeatState.UNREACHABLE for seat in self._queue.seats.values())

    def states(self) -> dict[str, str]:
        """Seat → state, for those who watch."""
        return {seat.seat_id: seat.state.value for seat in self._queue.seats.values()}

    def waiting(self) -> int:
        return len(self._queue.waiting)

    def answered(self, call: Call, seat: str) -> None:
        """The switch says that the seat has picked up; told twice, it counts once."""
        self._take(self._queue.answered(seat, call.call_id, self.now()))
        if call.talked_at is None and call.ringing == seat:
            call.joined(seat)

    def join(self, call: Call) -> None:
        self._take(self._queue.join(Caller(call.call_id, self.now()), self.now()))

    def leave(self, call: Call) -> None:
        """Whatever the caller was doing here is over; a seat that talked with it is free again."""
        self._offers.pop(call.call_id, None)
        self._take(self._queue.leave(call.call_id, self.now()))
        if call.ringing:
            self.talk_ended(call, call.ringing)

    def offer(self, call: Call) -> str | None:
        return self._offers.pop(call.call_id, None)

    def talk_ended(self, call: Call, seat: str) -> None:
        """The seat is free again, also where nobody had told that it picked up."""
        self._take(self._queue.answered(seat, call.call_id, self.now()))
        self._take(self._queue.talk_ended(seat, call.call_id, self.now(), wrap_up=False))

    def not_answered(self, call: Call, seat: str, outcome: RingOutcome) -> None:
        if outcome is RingOutcome.UNREACHABLE:
            self._take(self._queue.seat_is(seat, SeatState.UNREACHABLE, self.now()))
        else:
            self._take(self._queue.not_answered(seat, call.call_id, self.now()))

    def _take(self, step: Step) -> None:
        self._queue = step.queue
        for seat in step.released:
            self._offers = {call: rung for call, rung in self._offers.items() if rung != seat}
            self.stop_ringing(seat)
        for given in step.assignments:
            self._offers[given.call_id] = given.seat_id
            log.info(
                "seat chosen",
                call=given.call_id,
                seat=given.seat_id,
                rule=given.why.rule,
                candidates=given.why.candidates,
            )


@dataclass(frozen=True)
class Handover:
    """One caller's way to a person."""

    desk: Desk
    call: Call

    async def put_through(self, line: Line, *, wait_s: float, ring_s: float) -> Event:
        """`Talked`, `NobodyAnswered` or the keys that the caller pressed while waiting."""
        desk, call = self.desk, self.call
        until = desk.now() + timedelta(seconds=wait_s)
        desk.join(call)
        try:
            if not desk.somebody_is_logged_in():
                return NobodyAnswered(logged_in=False)
            return await self._wait(line, until, ring_s)
        finally:
            desk.leave(call)

    async def _wait(self, line: Line, until: datetime, ring_s: float) -> Event:
        music = False
        while (left_s := self._left(until)) > 0:
            seat = self.desk.offer(self.call)
            if seat is not None:
                event = await self._ring(line, seat, min(ring_s, left_s))
                if event is not None:
                    return event
                music = False
                continue
            if not music:
                await line.music(on=True)
                music = True
            key = await line.wait_key(min(SLICE_S, left_s))
            if key:
                await line.music(on=False)
                return await whole_keys(line, key)
        await line.music(on=False)
        return NobodyAnswered(logged_in=True)

    async def _ring(self, line: Line, seat: str, for_s: float) -> Event | None:
        """None: nobody picked up, go on waiting."""
        call, desk = self.call, self.desk
        call.ringing = seat
        call.fact("ringing", seat=seat)
        call.tell("ringing", seat=seat)
        await line.music(on=False)
        ringing = await line.ring(seat, for_s=for_s)
        if ringing.outcome is RingOutcome.ANSWERED:
            desk.talk_ended(call, seat)
            call.parted(seat, ringing.talked_s)
            return Talked(seat, ringing.talked_s)
        call.ringing = ""
        if ringing.outcome is RingOutcome.KEY:
            return await whole_keys(line, ringing.key)
        desk.not_answered(call, seat, ringing.outcome)
        if ringing.outcome in (RingOutcome.BUSY, RingOutcome.UNREACHABLE):
            key = await line.wait_key(AFTER_REFUSAL_S)
            return await whole_keys(line, key) if key else None
        return None

    def _left(self, until: datetime) -> float:
        return (until - self.desk.now()).total_seconds()
