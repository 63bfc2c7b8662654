"""One caller's way to a person: waits, rings the chosen seat, connects, reports back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callflow.events import Event, NobodyAnswered, Talked
from callflow.flow import EMERGENCY_NUMBERS
from domain.queueing.rules import CallBackOffer, Overflow, OverflowTo, priority_of
from domain.queueing.seats import Caller
from ivr.call import Call, Detour, DetourKind
from ivr.desk import Desk
from ivr.perform import whole_keys
from ivr.prompts import Prompts
from ivr.waiting import Courtesy
from ivr.wish import Wish
from telephony.line import Line, RingOutcome

# A waiting caller's key is awaited in slices of this length; a seat that becomes free is rung at
# the end of one. Who is near the front waits in short ones, so that an assignment rings within
# 0.1 s; a thousand callers further back would cost ten thousand AGI verbs (0.1 ms each) a second.
NEAR_SLICE_S = 0.08
FAR_SLICE_S = 0.5
NEAR = 50
# A seat that refuses at once is not rung again in the same breath.
AFTER_REFUSAL_S = 0.5
# Who was in a conversation already is not sent away by the flow's short patience.
AGAIN_S = 180.0
AGAIN_RING_S = 20.0


@dataclass
class _Aside:
    """Takes the caller out of the queue before something is said; once."""

    handover: "Handover"
    stands: bool = False

    def __call__(self) -> None:
        if not self.stands:
            self.stands = True
            self.handover.desk.step_aside(self.handover.call)


@dataclass(frozen=True)
class Handover:
    """``courtesy``: what the caller hears while it waits; None: music only."""

    desk: Desk
    call: Call
    courtesy: Courtesy | None = None

    async def put_through(
        self, line: Line, *, wait_s: float, ring_s: float, wish: Wish | None = None
    ) -> Event:
        """`Talked`, `NobodyAnswered` or the keys by which the caller left the queue.

        Any other key is no wish to leave: the caller keeps the place. So does one who comes back
        in the same call.
        """
        desk, call, wish = self.desk, self.call, wish or Wish()
        if call.promised is not None and not call.seat:
            wish = replace(call.promised, keys=wish.keys)
        until = desk.now() + timedelta(seconds=wait_s)
        call.brings = wish.brings
        desk.join(self._caller(wish))
        desk.comes_back(call, wish.wants)
        try:
            if not desk.somebody_is_logged_in(wish.queue):
                return NobodyAnswered(logged_in=False)
            return await self._wait(line, until, ring_s, wish)
        finally:
            if call.detour is None or call.detour.kind is DetourKind.TO_SEAT:
                desk.leave(call)

    async def go_on(self, line: Line, prompts: Prompts, detour: Detour) -> Event:
        """The caller is back from a detour, or sets out to somebody else.

        The event is that of the conversation as a whole: `Talked` with whoever talked last.
        """
        call = self.call
        await line.music(on=False)
        if detour.say:
            await line.play(prompts.sounds((detour.say,)))
        call.goes(None)
        if detour.kind is DetourKind.TO_SEAT:
            event = await self.put_through(
                line, wait_s=AGAIN_S, ring_s=AGAIN_RING_S, wish=detour.wish
            )
            if not isinstance(event, NobodyAnswered):
                return event
        return Talked(call.seat, 0.0)

    def _caller(self, wish: Wish) -> Caller:
        call, now = self.call, self.desk.now()
        if call.waiting_since is None:
            call.waiting_since = now
            call.fact("queued", queue=wish.queue)
            call.tell("waiting", queue=wish.queue)
        call.queue = wish.queue
        standing = self.desk.standing(call)
        call.causes = call.causes | standing.causes
        return Caller(
            call.call_id,
            call.waiting_since,
            priority_of(call.causes),
            queue=wish.queue,
            needs=dict(wish.needs),
            wants=wish.wants,
            wants_until=now + timedelta(seconds=wish.patience_s),
            last_seat=standing.last_seat,
        )

    async def _wait(self, line: Line, until: datetime, ring_s: float, wish: Wish) -> Event:
        music, keys = False, wish.keys
        while (left_s := self._left(until)) > 0:
            seat = self.desk.offer(self.call)
            if seat is not None:
                event = await self._ring(line, seat, min(ring_s, left_s), keys)
                if event is not None:
                    return event
                music = False
                continue
            sent_on = self.desk.sent_on(self.call)
            if sent_on is not None and sent_on.to is not OverflowTo.QUEUE:
                return await self._sent_on(line, sent_on)
            event, spoke = await self._courtesy(line, wish, music=music)
            if event is not None:
                return event
            music = music and not spoke
            if not music:
                await line.music(on=True)
                music = True
            event = await self._key(line, await line.wait_key(min(self._slice_s(), left_s)), keys)
            if event is not None:
                await line.music(on=False)
                return event
        await line.music(on=False)
        return NobodyAnswered(logged_in=True)

    async def _courtesy(self, line: Line, wish: Wish, *, music: bool) -> tuple[Event | None, bool]:
        """What is due to be said is said, the caller standing aside; whether anything was."""
        if self.courtesy is None:
            return None, False
        aside = _Aside(self)
        event = await self.courtesy.turn(line, self.call, aside)
        if aside.stands and event is None:
            self.desk.join(self._caller(wish))
        return event, aside.stands and music

    async def _sent_on(self, line: Line, overflow: Overflow) -> Event:
        """The queue has no room: a call-back if the caller agrees, else the flow goes on."""
        await line.music(on=False)
        if overflow.to is OverflowTo.CALL_BACK and self.courtesy is not None:
            rule = self.desk.exchange.rule(self.call.queue)
            offer = rule.call_back or CallBackOffer(timedelta(0))
            event = await self.courtesy.offer(line, self.call, offer)
            if event is not None:
                return event
        return NobodyAnswered(logged_in=True)

    async def _key(self, line: Line, key: str, keys: str) -> Event | None:
        """The event by which the caller leaves, None to go on waiting."""
        if not key:
            return None
        if self.courtesy is not None and key not in keys:
            event = await self.courtesy.accepts(line, self.call, key)
            if event is not None:
                return event
        pressed = await whole_keys(line, key)
        leaves = pressed.keys in EMERGENCY_NUMBERS or pressed.keys in tuple(keys)
        return pressed if leaves else None

    async def _ring(self, line: Line, seat: str, for_s: float, keys: str) -> Event | None:
        """None: nobody picked up, go on waiting."""
        call, desk = self.call, self.desk
        call.ringing = seat
        why = desk.why(call)
        call.fact("ringing", seat=seat, why=vars(why) if why else {})
        call.tell("ringing", seat=seat)
        await line.music(on=False)
        began = desk.now()
        ringing = await line.ring(seat, for_s=for_s)
        if ringing.outcome is RingOutcome.ANSWERED:
            desk.talk_ended(call, seat)
            call.parted(seat, ringing.talked_s)
            return Talked(seat, ringing.talked_s)
        call.ringing = ""
        if ringing.outcome is RingOutcome.KEY:
            event = await self._key(line, ringing.key, keys)
            if event is None:
                self._ring_on(seat, began, for_s)
            return event
        desk.not_answered(call, seat, ringing.outcome)
        if ringing.outcome in (RingOutcome.BUSY, RingOutcome.UNREACHABLE):
            return await self._key(line, await line.wait_key(AFTER_REFUSAL_S), keys)
        return None

    def _ring_on(self, seat: str, began: datetime, for_s: float) -> None:
        """A stray key ended the ringing: the same seat rings on, unless its time was nearly up."""
        if (self.desk.now() - began).total_seconds() < for_s:
            self.desk.offer_again(self.call, seat)
        else:
            self.desk.not_answered(self.call, seat, RingOutcome.NO_ANSWER)

    def _slice_s(self) -> float:
        place = self.desk.exchange.place(self.call.call_id)
        return NEAR_SLICE_S if place is None or place <= NEAR else FAR_SLICE_S

    def _left(self, until: datetime) -> float:
        return (until - self.desk.now()).total_seconds()
