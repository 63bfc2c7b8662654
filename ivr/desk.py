"""Seats and waiting callers of a running engine: tells the queue what happens, and others why.

Who is rung is decided in `domain.queueing`; `ivr.handover` rings. This holds the state in between
and knows which telephone stands at which seat.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

import structlog

from domain.queueing.exchange import Exchange, Step
from domain.queueing.roster import BY_ROSTER
from domain.queueing.rules import DEFAULT_QUEUE, Overflow, PriorityCause, QueueRule, priority_of
from domain.queueing.seats import GENERAL, Caller, Profile, Seat, Transition, Why
from domain.queueing.states import IN_CONVERSATION, PauseReason, SeatEvent, SeatState
from ivr.call import Call, Now
from telephony.line import RingOutcome

log = structlog.get_logger()

# A plain telephone has no button for "I am back": after a call it let ring it rests so long.
PLAIN_PHONE = Profile(missed_pause=timedelta(seconds=30))
MISSED = {
    RingOutcome.NO_ANSWER: PauseReason.NO_ANSWER,
    RingOutcome.BUSY: PauseReason.DECLINED,
    RingOutcome.UNREACHABLE: PauseReason.PHONE_LOST,
}
OFF_DUTY = "off_duty"
BY_ITSELF = (PauseReason.PHONE_LOST, PauseReason.PHONE_BUSY)


class Device(StrEnum):
    """What rings at a seat."""

    PHONE = "phone"
    BROWSER = "browser"


class Telephone(StrEnum):
    """What the switch says of one telephone."""

    FREE = "free"
    BUSY = "busy"
    GONE = "gone"


@dataclass(frozen=True)
class Login:
    """Who works at a seat and with what. ``agent`` "": whoever registers the plain telephone."""

    agent: str = ""
    device: Device = Device.PHONE
    profile: Profile = PLAIN_PHONE


@dataclass(frozen=True)
class Standing:
    """What is known of a caller from before: why it goes first, whom it spoke with."""

    causes: frozenset[PriorityCause] = frozenset()
    last_seat: str = ""


class Desk:
    """The seats of one engine and the callers who wait for them.

    ``stop_ringing`` is told each seat that must not ring any longer. ``on_transition`` is told
    each change of a seat's state. ``need_login``: a telephone that registers is not at work until
    somebody logs in there.
    """

    def __init__(
        self,
        now: Now,
        *,
        zone: tzinfo = UTC,
        rules: tuple[QueueRule, ...] = (DEFAULT_QUEUE,),
        need_login: bool = False,
    ) -> None:
        self.now = now
        self.exchange = Exchange(rules)
        self.stop_ringing: Callable[[str], None] = lambda _seat: None
        self.on_transition: Callable[[Transition, Login], None] = lambda _what, _login: None
        self.zone = zone
        self._need_login = need_login
        self._logins: dict[str, Login] = {}
        self._telephones: dict[str, Telephone] = {}
        self._left: set[str] = set()  # seats that somebody left by hand
        self._offers: dict[str, str] = {}
        self._sent_on: dict[str, Overflow] = {}
        self._reasons: dict[str, Why] = {}
        self._writing_of: dict[str, str] = {}  # seat → the call of its time for writing
        # Callers of call-backs: they wait for a seat, but are not on the line yet.
        self._places: set[str] = set()
        self.on_kept_free: Callable[[str, str], None] = lambda _leg, _seat: None
        self.on_joined: Callable[[Call], None] = lambda _call: None
        self.admits: Callable[[str, str], bool] = lambda _agent, _queue: True
        self.standing: Callable[[Call], Standing] = lambda _call: Standing()

    # ---- telephones ------------------------------------------------------------------------
    def device_of(self, seat: str) -> str:
        """The telephone that rings at a seat, as the switch names it."""
        browser = self.login(seat).device is Device.BROWSER
        return f"w{seat}" if browser else seat

    def telephone(self, device: str, state: Telephone) -> None:
        """What the switch says of a telephone: ``1001``, or ``w1001`` in the browser."""
        self._telephones[device] = state
        seat = device.removeprefix("w")
        if state is Telephone.GONE:
            self._left.discard(device)
        known = self.exchange.seats.get(seat)
        if known is None or known.state is SeatState.LOGGED_OUT:
            # Whichever telephone was used there before: somebody else may have sat in a browser.
            if state is Telephone.FREE and self._works_by_itself(device):
                self.log_in(seat, Login())
        elif device != self.device_of(seat):
            return
        elif state is Telephone.FREE:
            self._telephone_is_back(known)
        elif state is Telephone.GONE:
            self._telephone_is_lost(known)
        elif known.state is SeatState.READY:
            self._ask(seat, SeatEvent.PAUSED, PauseReason.PHONE_BUSY)

    def lost(self, seat: str) -> None:
        """The browser at this seat vanished in mid-conversation.

        When that is over, no time for writing begins: the seat is ready once its telephone is back.
        """
        self._ask(seat, SeatEvent.PAUSED, PauseReason.PHONE_LOST)

    def _works_by_itself(self, device: str) -> bool:
        """A plain telephone that registers is at work, unless somebody has left it by hand."""
        return not (self._need_login or device.startswith("w") or device in self._left)

    def telephone_of(self, seat: str) -> Telephone:
        return self._telephones.get(self.device_of(seat), Telephone.GONE)

    def _telephone_is_back(self, seat: Seat) -> None:
        if seat.state is SeatState.PAUSED and seat.reason in BY_ITSELF:
            self._ask(seat.seat_id, SeatEvent.READY)
        elif seat.state in IN_CONVERSATION and seat.afterwards_reason in BY_ITSELF:
            self._ask(seat.seat_id, SeatEvent.READY)  # takes back what was noted

    def _telephone_is_lost(self, seat: Seat) -> None:
        if not self.login(seat.seat_id).agent:
            self._ask(seat.seat_id, SeatEvent.LOGGED_OUT)
        elif seat.state is not SeatState.PAUSED or seat.reason == PauseReason.PHONE_BUSY:
            self._ask(seat.seat_id, SeatEvent.PAUSED, PauseReason.PHONE_LOST)

    # ---- agents ------------------------------------------------------------------------------
    def login(self, seat: str) -> Login:
        return self._logins.get(seat, Login())

    def log_in(self, seat: str, login: Login) -> Seat:
        """Raises `SeatCannot` where another is logged in; a plain telephone gives way."""
        known = self.exchange.seats.get(seat)
        gives_way = known is not None and not known.agent and login.agent
        if gives_way and known is not None and known.state is not SeatState.LOGGED_OUT:
            self._ask(seat, SeatEvent.LOGGED_OUT)
        before = self._logins.get(seat)
        self._logins[seat] = login
        there = self._telephones.get(self.device_of(seat)) is Telephone.FREE
        paused = "" if there else PauseReason.PHONE_LOST
        try:
            served = self._admitted(login.agent, login.profile)
            step = self.exchange.log_in(seat, login.agent, served, self.now(), paused)
        except Exception:
            self._logins[seat] = before or Login()
            raise
        self._take(step)
        return self.exchange.seat(seat)

    def ask(self, seat: str, event: SeatEvent, reason: str = "") -> Seat:
        """As a person asks; a seat whose telephone is gone does not become ready.

        Raises `SeatUnknown`, `SeatCannot`, `TelephoneGone`.
        """
        if event is SeatEvent.READY and self.telephone_of(seat) is Telephone.GONE:
            self.exchange.seat(seat)
            raise TelephoneGone(seat)
        self._ask(seat, event, reason)
        plain = self._telephones.get(seat, Telephone.GONE)
        if event is SeatEvent.LOGGED_OUT and plain is not Telephone.GONE:
            self._left.add(seat)  # that telephone; one put there later is somebody's
        return self.exchange.seat(seat)

    def extend_wrap_up(self, seat: str, by: timedelta) -> Seat:
        self._take(self.exchange.extend_wrap_up(seat, by, self.now()))
        return self.exchange.seat(seat)

    def serve(self, seat: str, profile: Profile) -> Seat:
        """The seat serves other queues from now on."""
        login = self.login(seat)
        served = self._admitted(login.agent, profile)
        self._take(self.exchange.serve(seat, served, self.now()))
        self._logins[seat] = Login(login.agent, login.device, profile)
        return self.exchange.seat(seat)

    def restore(self, seat: Seat, login: Login) -> None:
        """A seat as it was before this engine began; `reconcile` puts right what changed since."""
        self._logins[seat.seat_id] = login
        self.exchange.restore(seat)

    def holds(self, seat: str, event: SeatEvent) -> None:
        self._take(self.exchange.holds(seat, event, self.now()))

    def _ask(self, seat: str, event: SeatEvent, reason: str = "") -> None:
        self._take(self.exchange.ask(seat, event, self.now(), reason))

    # ---- callers -----------------------------------------------------------------------------
    def somebody_is_logged_in(self, queue: str = GENERAL) -> bool:
        return bool(self.exchange.at_work(queue))

    def free(self, queue: str = GENERAL) -> int:
        """Seats of the queue that could be rung now."""
        return sum(seat.state is SeatState.READY for seat in self.exchange.at_work(queue))

    def join(self, caller: Caller) -> None:
        self._take(self.exchange.join(caller, self.now()))

    def keep_place(self, caller: Caller) -> None:
        """Somebody who is rung back waits like everybody else; told twice, it counts once."""
        if caller.call_id not in self._places:
            self._places.add(caller.call_id)
            self._take(self.exchange.join(caller, self.now()))

    def comes_back(self, call: Call, seat: str) -> None:
        """Whom the seat still writes about waits for it again: it is ready at once."""
        known = self.exchange.seats.get(seat)
        if known is None or known.state is not SeatState.WRAP_UP:
            return
        if self._writing_of.get(seat) == call.call_id:
            self._ask(seat, SeatEvent.READY)

    def give_up(self, leg: str) -> None:
        """The call-back is not made, or was in vain: the seat that was kept free is free again."""
        self._places.discard(leg)
        self._offers.pop(leg, None)
        self._take(self.exchange.leave(leg, self.now(), counts=False))

    def arrived(self, leg: str) -> None:
        """The citizen is on the line; the seat is kept until the session rings it."""
        self._places.discard(leg)

    def step_aside(self, call: Call) -> None:
        """Something is said to the caller meanwhile; coming back, it has the old place."""
        self._offers.pop(call.call_id, None)
        self._take(self.exchange.leave(call.call_id, self.now(), counts=False))

    def leave(self, call: Call) -> None:
        """Whatever the caller was doing here is over; a seat that talked with it is free again."""
        self._offers.pop(call.call_id, None)
        self._sent_on.pop(call.call_id, None)
        self._reasons.pop(call.call_id, None)
        self._take(self.exchange.leave(call.call_id, self.now()))
        if call.ringing:
            self.talk_ended(call, call.ringing)

    def gone(self, call_id: str) -> None:
        """The caller's channel is no more."""
        self._take(self.exchange.leave(call_id, self.now()))
        self.apart(call_id)

    def apart(self, call_id: str) -> None:
        """The caller is in nobody's conversation any more."""
        seat = self.exchange.seat_of(call_id)
        if seat is not None and seat.state in IN_CONVERSATION:
            self._take(self.exchange.talk_ended(seat.seat_id, call_id, self.now()))

    def offer(self, call: Call) -> str | None:
        return self._offers.pop(call.call_id, None)

    def offer_again(self, call: Call, seat: str) -> None:
        """The seat still rings for this call as far as the queue knows."""
        self._offers[call.call_id] = seat

    def why(self, call: Call) -> Why | None:
        """Why the seat that was offered last was chosen, once."""
        return self._reasons.pop(call.call_id, None)

    def sent_on(self, call: Call) -> Overflow | None:
        """Where the caller's queue sends it, once."""
        return self._sent_on.pop(call.call_id, None)

    def answered(self, call: Call, seat: str) -> None:
        """The switch says that the seat has picked up; told twice, it counts once."""
        self._take(self.exchange.answered(seat, call.call_id, self.now()))
        if call.talked_at is None and call.ringing == seat:
            call.joined(seat)
            self.on_joined(call)

    def talk_ended(self, call: Call, seat: str) -> None:
        """The seat is free again, also where nobody had told that it picked up."""
        self._take(self.exchange.answered(seat, call.call_id, self.now()))
        self._take(self.exchange.talk_ended(seat, call.call_id, self.now()))

    def not_answered(self, call: Call, seat: str, outcome: RingOutcome) -> None:
        reason = MISSED[outcome]
        self._take(self.exchange.not_answered(seat, call.call_id, reason, self.now()))

    def urgent(self, call: Call, cause: PriorityCause) -> None:
        """The caller goes before others from now on; noted for when it waits later, too."""
        call.causes = call.causes | {cause}
        priority = priority_of(call.causes)
        self._take(self.exchange.raise_priority(call.call_id, priority, self.now()))

    # ---- the whole -----------------------------------------------------------------------------
    def tick(self) -> None:
        """Once a second."""
        self._follow_the_roster()
        self._take(self.exchange.tick(self.now(), self.zone))

    def reconcile(self, alive: set[str]) -> None:
        """``alive``: ids of the calls that Asterisk holds."""
        self._take(self.exchange.reconcile(alive | self._places, self.now()))

    def states(self) -> dict[str, str]:
        """Seat → state, for those who watch."""
        return {seat.seat_id: seat.state.value for seat in self.exchange.seats.values()}

    def on_the_line(self) -> list[Caller]:
        """Who waits with the telephone at the ear; those who are rung back are not among them."""
        waiting = self.exchange.waiting.values()
        return [one for one in waiting if one.call_id not in self._places]

    def waiting(self) -> int:
        return len(self.on_the_line())

    def waiting_since(self) -> Mapping[str, datetime]:
        return {one.call_id: one.waiting_since for one in self.on_the_line()}

    def configure(self, rules: tuple[QueueRule, ...]) -> None:
        """As supervisors have set them."""
        self.exchange.configure(rules)

    def _admitted(self, agent: str, profile: Profile) -> Profile:
        """Without the queues that are served by roster, unless this agent is on duty there."""
        queues = tuple(
            queue
            for queue in profile.queues
            if not (profile.kind in BY_ROSTER or self.exchange.rule(queue).by_roster)
            or self.admits(agent, queue)
        )
        return profile if queues == profile.queues else replace(profile, queues=queues)

    def _follow_the_roster(self) -> None:
        """Duties begin and end while people work; whose only work they are is logged out then."""
        for seat in list(self.exchange.seats.values()):
            if seat.state is SeatState.LOGGED_OUT:
                continue
            wanted = self._admitted(seat.agent, self.login(seat.seat_id).profile)
            if wanted == seat.profile:
                continue
            self._take(self.exchange.serve(seat.seat_id, wanted, self.now()))
            if not wanted.queues and seat.state not in (SeatState.RINGING, SeatState.WRAP_UP):
                self._ask(seat.seat_id, SeatEvent.LOGGED_OUT, OFF_DUTY)

    def _take(self, step: Step) -> None:
        for seat in step.released:
            self._offers = {call: rung for call, rung in self._offers.items() if rung != seat}
            self.stop_ringing(seat)
        for call_id, overflow in step.overflows:
            self._sent_on[call_id] = overflow
            log.info("caller sent on", call=call_id, to=overflow.to.value, queue=overflow.queue)
        for given in step.assignments:
            if given.call_id in self._places:
                self._offers[given.call_id] = given.seat_id
                self.on_kept_free(given.call_id, given.seat_id)
                continue
            self._offers[given.call_id] = given.seat_id
            log.info("seat chosen", call=given.call_id, seat=given.seat_id, **vars(given.why))
            self._reasons[given.call_id] = given.why
        for transition in step.transitions:
            if transition.after is SeatState.WRAP_UP:
                self._writing_of[transition.seat_id] = transition.call_id
            self.on_transition(transition, self.login(transition.seat_id))


class TelephoneGone(Exception):
    """The seat's telephone is not registered: nobody could ring it."""

    def __init__(self, seat: str) -> None:
        super().__init__(f"the telephone of seat {seat} is not registered")
