"""Seats and callers of all queues as one state: each event says whom to ring.

A deterministic machine without clock or I/O: every method takes ``now`` (aware) and returns a
`Step`. The engine rings ``step.assignments``, stops ringing ``step.released``, writes
``step.transitions`` down and carries ``step.overflows`` out. It is changed in place, with an index
of each queue: copying a thousand seats at each event cost more than deciding (decision 0070).

Events of the telephone line that come late or for what is not known change nothing: there they are
everyday races. What a person asks for and cannot have raises `SeatCannot` or `SeatUnknown`.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from domain.queueing.choice import pick_seat, serves, urgency, waits_for_one
from domain.queueing.estimate import Pace
from domain.queueing.floor import Floor, without
from domain.queueing.rules import DEFAULT_QUEUE, Overflow, OverflowTo, QueueRule
from domain.queueing.seats import Assignment, Caller, Profile, Seat, Transition
from domain.queueing.states import (
    IN_A_CALL,
    IN_CONVERSATION,
    TABLE,
    PauseReason,
    SeatEvent,
    SeatState,
    next_state,
)

OCCUPIED = IN_A_CALL | {SeatState.WRAP_UP}
_WITHIN_A_CONVERSATION = frozenset(
    (state, event)
    for state, event in TABLE
    if event in (SeatEvent.HELD, SeatEvent.RESUMED, SeatEvent.CONSULTED)
)


class SeatUnknown(LookupError):
    """No seat of this name is known here."""

    def __init__(self, seat_id: str) -> None:
        super().__init__(f"no seat {seat_id} is known")


@dataclass(frozen=True)
class Step:
    """What an event led to."""

    assignments: tuple[Assignment, ...] = ()
    released: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    overflows: tuple[tuple[str, Overflow], ...] = ()


@dataclass(frozen=True)
class _Change:
    """What happens to a seat. ``keeps_turn``: it stays idle since when it was."""

    event: SeatEvent
    reason: str = ""
    call_id: str = ""
    until: datetime | None = None
    keeps_turn: bool = False


@dataclass
class _Doing:
    assignments: list[Assignment] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    overflows: list[tuple[str, Overflow]] = field(default_factory=list)

    def step(self) -> Step:
        return Step(
            tuple(self.assignments),
            tuple(self.released),
            tuple(self.transitions),
            tuple(self.overflows),
        )


class Exchange:
    """``rules``: the queues; callers of an unknown queue wait in a queue of default rules."""

    def __init__(self, rules: Iterable[QueueRule] = (DEFAULT_QUEUE,)) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self.ringing: dict[str, Caller] = {}
        self._pace: dict[str, Pace] = {}
        self._talking: dict[str, tuple[str, datetime]] = {}
        self._floor = Floor()

    # ---- callers ---------------------------------------------------------------------------
    def join(self, caller: Caller, now: datetime) -> Step:
        """A caller asks for a person. Joining twice keeps the first place."""
        call_id = caller.call_id
        if call_id in self.waiting or call_id in self.ringing or self.seat_of(call_id):
            return Step()
        doing = _Doing()
        self._floor.enqueue(caller)
        self._serve_caller(caller, now, doing)
        return doing.step()

    def configure(self, rules: Iterable[QueueRule]) -> None:
        """Other rules from now on, for who waits already too. The general queue always exists."""
        self.rules = {DEFAULT_QUEUE.name: DEFAULT_QUEUE} | {rule.name: rule for rule in rules}

    def leave(self, call_id: str, now: datetime, *, counts: bool = True) -> Step:
        """The caller hung up or chose otherwise; the seat that rings for the call is released.

        ``counts``: as somebody who gave up, in the estimate of waits.
        """
        doing = _Doing()
        waited = self._floor.dequeue(call_id) or self.ringing.pop(call_id, None)
        if waited is not None and counts:
            self._pace_of(waited.queue).waited(now - waited.waiting_since, gave_up=True)
        seat = self.seat_of(call_id)
        if seat is not None and seat.state is SeatState.RINGING:
            doing.released.append(seat.seat_id)
            self._change(seat, _Change(SeatEvent.WITHDRAWN, keeps_turn=True), now, doing)
            self._serve_seat(seat.seat_id, now, doing)
        return doing.step()

    def raise_priority(self, call_id: str, priority: int, now: datetime) -> Step:
        """To at least this level; it takes effect at once."""
        caller = self.waiting.get(call_id)
        if caller is None or caller.priority >= priority:
            return Step()
        self._floor.dequeue(call_id)
        return self.join(replace(caller, priority=priority), now)

    # ---- what the line tells ---------------------------------------------------------------
    def answered(self, seat_id: str, call_id: str, now: datetime) -> Step:
        """The agent picked up."""
        seat = self._seat_in(seat_id, call_id, {SeatState.RINGING})
        if seat is None:
            return Step()
        doing = _Doing()
        caller = self.ringing.pop(call_id)
        self._pace_of(caller.queue).waited(now - caller.waiting_since, gave_up=False)
        self._talking[call_id] = (caller.queue, now)
        self._change(seat, _Change(SeatEvent.ANSWERED), now, doing)
        return doing.step()

    def not_answered(self, seat_id: str, call_id: str, reason: PauseReason, now: datetime) -> Step:
        """Let ring, declined or out of reach: the seat pauses, the caller keeps the place."""
        seat = self._seat_in(seat_id, call_id, {SeatState.RINGING})
        if seat is None:
            return Step()
        doing = _Doing()
        pause = seat.profile.missed_pause
        until = None if pause is None else now + pause
        self._change(seat, _Change(SeatEvent.MISSED, reason, until=until), now, doing)
        self._give_back(call_id, seat_id, now, doing)
        return doing.step()

    def talk_ended(self, seat_id: str, call_id: str, now: datetime) -> Step:
        """The conversation is over: time for writing, then ready, or what was asked meanwhile."""
        seat = self._seat_in(seat_id, call_id, IN_CONVERSATION)
        if seat is None:
            return Step()
        doing = _Doing()
        until = now + seat.profile.wrap_up
        if call_id in self._talking:
            queue, began = self._talking.pop(call_id)
            self._pace_of(queue).handled(until - began)
        writing = self._change(seat, _Change(SeatEvent.TALK_ENDED, until=until), now, doing)
        if seat.afterwards is not None:
            wish = _Change(seat.afterwards, seat.afterwards_reason)
            self._change(writing, wish, now, doing)
        elif until <= now:
            self._change(writing, _Change(SeatEvent.WROTE), now, doing)
            self._serve_seat(seat_id, now, doing)
        return doing.step()

    def holds(self, seat_id: str, event: SeatEvent, now: datetime) -> Step:
        """HELD, RESUMED or CONSULTED during a conversation; told twice, it counts once."""
        seat = self.seats.get(seat_id)
        doing = _Doing()
        if seat is not None and (seat.state, event) in _WITHIN_A_CONVERSATION:
            self._change(seat, _Change(event), now, doing)
        return doing.step()

    # ---- what the agent or a supervisor asks -------------------------------------------------
    def log_in(
        self, seat_id: str, agent: str, profile: Profile, now: datetime, paused: str = ""
    ) -> Step:
        """Ready at once, or ``paused`` for this reason. Raises `SeatCannot` where logged in."""
        known = self.seats.get(seat_id) or Seat(seat_id, SeatState.LOGGED_OUT, now, now)
        next_state(seat_id, known.state, SeatEvent.LOGGED_IN)
        doing = _Doing()
        fresh = replace(known, profile=profile, agent=agent, busy_s=0.0)
        there = self._change(fresh, _Change(SeatEvent.LOGGED_IN), now, doing)
        if paused:
            self._change(there, _Change(SeatEvent.PAUSED, paused), now, doing)
        self._serve_seat(seat_id, now, doing)
        return doing.step()

    def ask(self, seat_id: str, event: SeatEvent, now: datetime, reason: str = "") -> Step:
        """READY, PAUSED or LOGGED_OUT as somebody asks for it.

        During a conversation it is noted and takes effect at its end; while it rings, the caller
        goes back to the queue at the old place. Raises `SeatUnknown`, `SeatCannot`.
        """
        seat = self.seat(seat_id)
        if seat.state in IN_CONVERSATION:
            wish = None if event is SeatEvent.READY else event
            self._floor.put(replace(seat, afterwards=wish, afterwards_reason=reason))
            return Step()
        if (seat.state, event) == (SeatState.READY, SeatEvent.READY):
            return Step()
        doing = _Doing()
        call_id = seat.call_id if seat.state is SeatState.RINGING else None
        self._change(seat, _Change(event, reason), now, doing)
        if call_id is not None:
            doing.released.append(seat_id)
            self._give_back(call_id, seat_id, now, doing)
        self._serve_seat(seat_id, now, doing)
        return doing.step()

    def extend_wrap_up(self, seat_id: str, by: timedelta, now: datetime) -> Step:
        """More time for writing. Raises `SeatUnknown`, or `SeatCannot` outside of wrap-up."""
        seat = self.seat(seat_id)
        if seat.state is not SeatState.WRAP_UP:
            next_state(seat_id, seat.state, SeatEvent.WROTE)
        self._floor.put(replace(seat, until=(seat.until or now) + by))
        return Step()

    def serve(self, seat_id: str, profile: Profile, now: datetime) -> Step:
        """A supervisor moves the seat between queues or changes its skills."""
        seat = self.seat(seat_id)
        doing = _Doing()
        self._floor.put(replace(seat, profile=profile))
        self._serve_seat(seat_id, now, doing)
        return doing.step()

    def restore(self, seat: Seat) -> None:
        """A seat as it was when this exchange did not exist yet."""
        if seat.state is SeatState.RINGING:  # nobody knows any more for whom it rang
            seat = replace(seat, state=SeatState.READY, call_id=None)
        self._floor.put(seat)

    # ---- time passes -------------------------------------------------------------------------
    def tick(self, now: datetime, zone: tzinfo) -> Step:
        """Once a second: wrap-up and pauses end, rules relax, callers overflow."""
        doing = _Doing()
        for seat in [one for one in self.seats.values() if one.until and one.until <= now]:
            event = SeatEvent.WROTE if seat.state is SeatState.WRAP_UP else SeatEvent.READY
            self._change(seat, _Change(event), now, doing)
            self._serve_seat(seat.seat_id, now, doing)
        for queue in self._floor.queues():
            if self._floor.anybody_ready(queue):
                for caller in list(self._floor.line(queue)):
                    self._serve_caller(caller, now, doing)
            if self.rule(queue).overflows:
                self._overflow(queue, now, zone, doing)
        return doing.step()

    def reconcile(self, alive: Iterable[str], now: datetime) -> Step:
        """``alive``: calls that Asterisk holds. Whatever hangs on any other call comes loose."""
        doing = _Doing()
        alive = frozenset(alive)
        for seat in list(self.seats.values()):
            if seat.call_id is None or seat.call_id in alive:
                continue
            step = (
                self.leave(seat.call_id, now)
                if seat.state is SeatState.RINGING
                else self.talk_ended(seat.seat_id, seat.call_id, now)
            )
            for name in ("assignments", "released", "transitions", "overflows"):
                getattr(doing, name).extend(getattr(step, name))
        for call_id in [one for one in (*self.waiting, *self.ringing) if one not in alive]:
            self.leave(call_id, now)
        return doing.step()

    @property
    def seats(self) -> Mapping[str, Seat]:
        return self._floor.seats

    @property
    def waiting(self) -> Mapping[str, Caller]:
        """Callers for whom no seat rings; for those in `ringing` one does."""
        return self._floor.waiting

    # ---- questions -----------------------------------------------------------------------------
    def rule(self, queue: str) -> QueueRule:
        if queue not in self.rules:
            self.rules[queue] = replace(DEFAULT_QUEUE, name=queue)
        return self.rules[queue]

    def seat(self, seat_id: str) -> Seat:
        """Raises `SeatUnknown`."""
        if seat_id not in self.seats:
            raise SeatUnknown(seat_id)
        return self.seats[seat_id]

    def seat_of(self, call_id: str) -> Seat | None:
        """The seat that rings for or talks in this call."""
        return self._floor.seat_of(call_id)

    def place(self, call_id: str) -> int | None:
        """How many of the queue are served before this caller, plus one; None: does not wait."""
        caller = self.waiting.get(call_id)
        if caller is None:
            return None
        return self._floor.place(caller)

    def expected_wait(self, call_id: str) -> timedelta | None:
        """An honest estimate, or None while too little is known to give one."""
        place = self.place(call_id)
        if place is None:
            return None
        queue = self.waiting[call_id].queue
        working = [one for one in self.at_work(queue) if one.state is not SeatState.PAUSED]
        return self._pace_of(queue).wait(place, len(working))

    def at_work(self, queue: str) -> list[Seat]:
        """Seats of a queue that somebody has logged in to."""
        return [
            seat
            for seat in self.seats.values()
            if seat.state is not SeatState.LOGGED_OUT and queue in seat.profile.queues
        ]

    def _pace_of(self, queue: str) -> Pace:
        return self._pace.setdefault(queue, Pace())

    # ---- within ----------------------------------------------------------------------------------
    def _serve_caller(self, caller: Caller, now: datetime, doing: _Doing) -> None:
        if not self._floor.anybody_ready(caller.queue):
            return
        ready = self._floor.ready(caller.queue)
        given = pick_seat(caller, self.rule(caller.queue), ready, now)
        if given is not None:
            self._assign(given, now, doing)

    def _serve_seat(self, seat_id: str, now: datetime, doing: _Doing) -> None:
        """The caller whose queue's goal is used up most, of those for whom this seat will do."""
        seat = self.seats[seat_id]
        if seat.state is not SeatState.READY:
            return
        best: tuple[float, Caller] | None = None
        for queue in seat.profile.queues:
            caller = self._first_for(seat, queue, now)
            if caller is not None:
                used_up = urgency(caller, self.rule(queue), now)
                if best is None or used_up > best[0]:
                    best = (used_up, caller)
        if best is not None:
            given = pick_seat(best[1], self.rule(best[1].queue), (seat,), now)
            if given is not None:
                self._assign(given, now, doing)

    def _first_for(self, seat: Seat, queue: str, now: datetime) -> Caller | None:
        rule = self.rule(queue)
        for caller in self._floor.line(queue):
            if waits_for_one(caller, now) and caller.wants != seat.seat_id:
                continue
            if serves(seat, rule.needs_of(caller, now)):
                return caller
        return None

    def _assign(self, given: Assignment, now: datetime, doing: _Doing) -> None:
        caller = self._floor.dequeue(given.call_id)
        if caller is None:
            raise LookupError(f"{given.call_id} does not wait")
        self.ringing[given.call_id] = caller
        seat = self.seats[given.seat_id]
        offered = _Change(SeatEvent.OFFERED, call_id=given.call_id, keeps_turn=True)
        self._change(seat, offered, now, doing)
        doing.assignments.append(given)

    def _give_back(self, call_id: str, seat_id: str, now: datetime, doing: _Doing) -> None:
        caller = self.ringing.pop(call_id)
        back = replace(caller, rung=(*without(caller.rung, seat_id), seat_id))
        self._floor.enqueue(back)
        self._serve_caller(back, now, doing)

    def _overflow(self, queue: str, now: datetime, zone: tzinfo, doing: _Doing) -> None:
        rule = self.rule(queue)
        seats = max(1, len(self.at_work(queue)))
        closed = not rule.is_open(now, zone)
        for place, caller in enumerate(list(self._floor.line(queue)), start=1):
            waited = now - caller.waiting_since
            for overflow in rule.overflows:
                due = (
                    (overflow.after is not None and waited >= overflow.after)
                    or (overflow.ratio is not None and place > overflow.ratio * seats)
                    or (overflow.closed and closed)
                )
                if due and overflow.queue not in caller.moved:
                    self._carry_over(caller, overflow, now, doing)
                    break

    def _carry_over(self, caller: Caller, overflow: Overflow, now: datetime, doing: _Doing) -> None:
        self._floor.dequeue(caller.call_id)
        doing.overflows.append((caller.call_id, overflow))
        if overflow.to is OverflowTo.QUEUE:
            moved = replace(caller, queue=overflow.queue, moved=(*caller.moved, caller.queue))
            self._floor.enqueue(moved)
            self._serve_caller(moved, now, doing)

    def _seat_in(self, seat_id: str, call_id: str, states: Container[SeatState]) -> Seat | None:
        seat = self.seats.get(seat_id)
        expected = seat is not None and seat.call_id == call_id and seat.state in states
        return seat if expected else None

    def _change(self, seat: Seat, change: _Change, now: datetime, doing: _Doing) -> Seat:
        """The seat in its next state, written down. Raises `SeatCannot`."""
        after = next_state(seat.seat_id, seat.state, change.event)
        lasted_s = (now - seat.since).total_seconds()
        busy = lasted_s if seat.state in OCCUPIED else 0.0
        in_call = after in IN_A_CALL
        changed = replace(
            seat,
            state=after,
            since=now,
            # Nobody comes to the front by pausing or by not answering.
            idle_since=seat.idle_since if change.keeps_turn else now,
            call_id=(change.call_id or seat.call_id) if in_call else None,
            reason=change.reason,
            until=change.until,
            afterwards=seat.afterwards if in_call else None,
            busy_s=seat.busy_s + busy,
        )
        self._floor.put(changed)
        doing.transitions.append(
            Transition(
                seat.seat_id,
                now,
                seat.state,
                after,
                change.event,
                change.reason,
                change.call_id or seat.call_id or "",
                seat.agent,
                lasted_s,
            )
        )
        return changed
