"""Ringing citizens back, once for each attempt, through restarts and lost answers of the switch.

A call-back waits in the exchange under the id its next leg will have. When a seat is kept free for
it, the attempt is journalled, then dialled; the leg's id is the key by which the switch, the slip
and the journal tell after a restart whether it was made and answered. Nothing is dialled twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

import structlog

from domain.queueing import call_backs as rules
from domain.queueing.call_backs import CallBack, CallBackRule, CallBackSettled, Cause, State
from domain.queueing.rules import PriorityCause, priority_of
from domain.queueing.seats import GENERAL, Caller
from domain.queueing.states import SeatEvent, SeatState
from ivr.call import WISH, Call, Publish, Write
from ivr.desk import Desk
from ivr.wish import Wish
from services.floor_records import CALL_BACK, STATE, FloorRecords
from services.journal import Record
from telephony.line import LineError
from telephony.patch import PatchBay

log = structlog.get_logger()

# An agent who dials waits for nobody else; for so long the seat may take to become free.
FOR_AN_AGENT = timedelta(minutes=2)
# Settled ones are remembered so long, so that a second order is told what became of the first.
SETTLED_KEPT = 1000


class CallBackUnknown(LookupError):
    def __init__(self, call_back_id: str) -> None:
        super().__init__(f"no open call-back {call_back_id}")


class NoOutsideLine(Exception):
    """There is no trunk over which citizens could be rung back."""

    def __init__(self) -> None:
        super().__init__("no trunk is configured: HOTLINE_TRUNK_HOSTS or HOTLINE_CALL_BACK_DIAL")


@dataclass(frozen=True)
class Means:
    """``synced``: forces the journal to the disk. ``possible``: there is a line to dial out on."""

    desk: Desk
    patch: PatchBay
    write: Write
    publish: Publish
    synced: Callable[[], Awaitable[None]]
    rule: Callable[[], CallBackRule]
    zone: tzinfo
    possible: bool


@dataclass(frozen=True)
class Earlier:
    """The call whose caller is rung back."""

    call_id: str
    caller: str
    queue: str
    ticket_number: str = ""


class CallBacks:
    def __init__(self, means: Means, records: FloorRecords) -> None:
        self._means, self._records = means, records
        self._known: dict[str, CallBack] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        means.desk.on_kept_free = self._kept_free

    # ---- who is to be rung back ----------------------------------------------------------------
    def accepted(self, call: Call, queue: str = "") -> CallBack:
        """The caller agrees to be rung back and keeps the place; the same one, told twice.

        Raises `NotDiallable`, `NoOutsideLine`.
        """
        known = self._known.get(call.call_id)
        if known is None:
            queue = queue or call.queue or GENERAL
            given = self._wanted(Cause.OFFERED, _earlier(call, queue), call.waiting_since)
            call.call_back = True
            call.fact("call_back_wanted", caller=call.facts.caller, queue=queue)
            known = self._put(given)
        return known

    def prompt(self, call_back: CallBack) -> str:
        """What tells the citizen until when to expect the call."""
        return rules.window_prompt(self._now(), call_back.until, self._means.zone)

    def ended(self, call: Call, outcome: str) -> None:
        """漏接回拨: whoever gave up after a while is rung back, once for however many calls."""
        rule, caller = self._means.rule(), call.facts.caller
        owed = outcome == "abandoned" and call.waiting_since is not None and not call.promised
        if not (rule.lost and owed and self._means.possible and rules.diallable(caller)):
            return
        since = call.waiting_since or self._now()
        if self._now() - since < rule.lost_after or self._open_of(caller) is not None:
            return
        self._put(self._wanted(Cause.LOST, _earlier(call, call.queue or GENERAL), since))

    def by_agent(self, seat: str, agent: str, earlier: Earlier) -> CallBack:
        """This seat speaks with the caller of an earlier call.

        Raises `NotDiallable`, `NoOutsideLine`, `SeatUnknown`, `SeatCannot`, `CallBackSettled`.
        """
        desk = self._means.desk
        state = desk.exchange.seat(seat).state
        number = sum(one.call_id == earlier.call_id for one in self._known.values()) + 1
        given = self._wanted(Cause.AGENT, earlier, None)
        given = replace(given, id=f"{earlier.call_id}-a{number}", seat=seat, by=agent)
        busy = self._open_of(earlier.caller)
        if busy is not None and busy.state is State.DIALLING:
            raise CallBackSettled(busy.state)
        if state in (SeatState.PAUSED, SeatState.WRAP_UP):
            given = self._put(given)
            desk.ask(seat, SeatEvent.READY)
            return self._known[given.id]
        return self._put(given)

    def cancel(self, call_back_id: str, why: str) -> CallBack:
        """Raises `CallBackUnknown`, or `CallBackSettled` unless it waits."""
        known = self._known.get(call_back_id)
        if known is None:
            raise CallBackUnknown(call_back_id)
        fresh = rules.cancelled(known, why)
        self._means.desk.give_up(known.next_leg)
        return self._keep(fresh)

    # ---- what happens to them --------------------------------------------------------------------
    def tick(self) -> None:
        """Once a second: those that are due wait for a seat; an agent's is not waited for long."""
        now = self._now()
        opening = rules.next_opening(self._means.rule(), now, self._means.zone)
        for one in self._waiting():
            if one.cause is Cause.AGENT and now - one.since > FOR_AN_AGENT:
                self._means.desk.give_up(one.next_leg)
                self._keep(replace(one, state=State.FAILED, result="seat not free"))
            elif one.due_at <= now and (opening <= now or one.cause is Cause.AGENT):
                self._queue_up(one)

    def arrived(self, leg: str) -> CallBack | None:
        """The citizen has answered this leg, whose session begins; None for other calls."""
        one = self._of_leg(leg)
        if one is None or one.leg != leg:
            return None
        if one.state is State.DIALLING:
            self._keep(rules.reached(one))
        self._means.desk.arrived(leg)
        return one

    def prepare(self, call: Call, one: CallBack) -> None:
        """The new call takes the old one's place, and goes to the seat that is kept free."""
        if call.promised is not None:
            return
        call.promised = Wish(one.queue, dict(one.needs), wants=one.seat)
        call.waiting_since = one.since
        call.queue = one.queue
        call.causes = call.causes | {PriorityCause.CALL_BACK}
        call.fact(
            "call_back_of",
            call_id=one.call_id,
            cause=one.cause.value,
            since=one.since.isoformat(),
            wish=WISH.dump_python(call.promised, mode="json"),
        )

    def leg_gone(self, leg: str, why: str, *, answered: bool) -> None:
        """A leg has ended. ``answered``: the switch has a slip of it, so the citizen picked up."""
        one = self._of_leg(leg)
        if one is None or one.leg != leg or one.state is not State.DIALLING:
            return
        self._means.desk.give_up(leg)
        if answered:
            self._keep(rules.reached(one))
            return
        rule = self._means.rule()
        self._keep(rules.missed(one, rule, why, self._now(), self._means.zone))

    def compare(self, alive: Iterable[str], answered: Callable[[str], bool]) -> None:
        """After a restart: attempts of which the engine did not see the end."""
        alive = frozenset(alive)
        for one in list(self._known.values()):
            if one.state is State.DIALLING and one.leg not in alive:
                self.leg_gone(one.leg, "seen by nobody", answered=answered(one.leg))

    def answered(self, call: Call) -> None:
        """Somebody speaks with this caller: nobody need ring him back any more."""
        one = self._open_of(call.facts.caller)
        if one is not None and one.state is State.WAITING and one.cause is not Cause.AGENT:
            self.cancel(one.id, "called again")

    # ---- the whole -------------------------------------------------------------------------------
    def waiting_since(self) -> list[datetime]:
        return [one.since for one in self._waiting()]

    def due(self) -> int:
        return len(self._waiting())

    def late(self) -> int:
        """Open beyond what was promised."""
        now = self._now()
        return sum(one.until < now for one in self._known.values() if one.state in rules.OPEN)

    def restore(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.kind == CALL_BACK:
                self._records.last = max(self._records.last, record.seq)
                one = STATE.validate_python(record.body)
                self._known[one.id] = one

    def write_again(self) -> None:
        """Into a new segment of the journal: old ones are deleted while call-backs are open."""
        for one in self._known.values():
            if one.state in rules.OPEN:
                self._means.write(self._records.call_back(one, self._now()))

    def _wanted(self, cause: Cause, earlier: Earlier, since: datetime | None) -> CallBack:
        if not self._means.possible:
            raise NoOutsideLine
        if not rules.diallable(earlier.caller):
            raise rules.NotDiallable
        now, rule = self._now(), self._means.rule()
        return CallBack(
            id=earlier.call_id,
            call_id=earlier.call_id,
            caller=earlier.caller,
            queue=earlier.queue,
            cause=cause,
            since=since or now,
            due_at=now,
            until=rules.promised(rule, now, self._means.zone),
            ticket_number=earlier.ticket_number,
        )

    def _put(self, one: CallBack) -> CallBack:
        self._keep(one)
        self.tick()
        return self._known[one.id]

    def _queue_up(self, one: CallBack) -> None:
        causes = frozenset({PriorityCause.CALL_BACK})
        priority = priority_of(causes)
        if one.cause is Cause.AGENT:  # the agent is there for nobody else meanwhile
            priority += priority_of(frozenset({PriorityCause.LOST_AGENT}))
        self._means.desk.keep_place(
            Caller(
                one.next_leg,
                one.since,
                priority,
                queue=one.queue,
                needs=one.needs,
                wants=one.seat,
            )
        )

    def _kept_free(self, leg: str, seat: str) -> None:
        """The exchange has chosen a seat: now the citizen is dialled, and not before."""
        one = self._of_leg(leg)
        if one is None or one.state is not State.WAITING:
            self._means.desk.give_up(leg)
            return
        fresh = self._keep(rules.begun(one, seat))
        self._tell(fresh, seat)
        task = asyncio.create_task(self._dial(fresh))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _dial(self, one: CallBack) -> None:
        await self._means.synced()  # an attempt that is not on record could be made twice
        try:
            await self._means.patch.ring_citizen(one.leg, one.call_id, self._means.rule().ring_s)
        except LineError as failure:
            log.warning("cannot dial back", call_back=one.id, why=str(failure))
            self.leg_gone(one.leg, "the switch refused", answered=False)

    def _keep(self, one: CallBack) -> CallBack:
        self._known[one.id] = one
        self._means.write(self._records.call_back(one, self._now()))
        if one.state is not State.DIALLING:
            self._tell(one, one.seat)
        if len(self._known) > 2 * SETTLED_KEPT:
            settled = [key for key, known in self._known.items() if known.state not in rules.OPEN]
            for key in settled[:SETTLED_KEPT]:
                del self._known[key]
        return one

    def _tell(self, one: CallBack, seat: str) -> None:
        self._means.publish(
            {
                "type": "call_back",
                "at": self._now().isoformat(),
                "id": one.id,
                "call_id": one.call_id,
                "caller": one.caller,
                "state": one.state.value,
                "cause": one.cause.value,
                "seat": seat,
                "leg": one.leg,
                "queue": one.queue,
                "due_at": one.due_at.isoformat(),
                "until": one.until.isoformat(),
                "result": one.result,
            }
        )

    def _waiting(self) -> list[CallBack]:
        return [one for one in self._known.values() if one.state is State.WAITING]

    def _open_of(self, caller: str) -> CallBack | None:
        open_ones = (one for one in self._known.values() if one.state in rules.OPEN)
        return next((one for one in open_ones if one.caller == caller), None)

    def _of_leg(self, leg: str) -> CallBack | None:
        return self._known.get(leg.rpartition("-b")[0])

    def _now(self) -> datetime:
        return self._means.desk.now()


def _earlier(call: Call, queue: str) -> Earlier:
    return Earlier(call.call_id, call.facts.caller, queue, call.facts.ticket_number)
