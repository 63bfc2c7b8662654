"""Ringing back: the place is kept, the seat is kept free, each attempt is made once."""

import asyncio
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callflow.events import HungUp, NobodyAnswered, Talked
from domain.queueing.call_backs import (
    CallBackRule,
    CallBackSettled,
    Cause,
    NotDiallable,
)
from domain.queueing.rules import CallBackOffer, Overflow, OverflowTo, PriorityCause, QueueRule
from domain.queueing.seats import Caller
from domain.queueing.states import SeatEvent
from ivr.call import Call
from ivr.call_backs import CallBacks, CallBackUnknown, Earlier, Means, NoOutsideLine
from ivr.desk import Desk, Device, Login, Telephone
from ivr.handover import Handover
from ivr.waiting import Courtesy
from services.floor_records import FloorRecords
from telephony.line import LineError, Ringing, RingOutcome
from tests.unit.ivr.fakes import PROMPTS, Books, Clock, FakeLine, call_in

RULE = CallBackRule(opens=time(0), closes=time(23, 59))
TALK = Ringing(RingOutcome.ANSWERED, talked_s=30.0)
CALL_ID = "hl1-1763843556.12"


class Patch:
    """The switch, as far as it dials; ``refuses``: it does not."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.refuses = False

    async def ring_citizen(self, leg_id: str, call_id: str, ring_s: float) -> None:
        self.rung.append((leg_id, call_id))
        if self.refuses:
            raise LineError("no")


class Office:
    def __init__(self, *, possible: bool = True, rule: CallBackRule = RULE) -> None:
        self.clock, self.books, self.patch = Clock(), Books(), Patch()
        self.rule, self.possible = rule, possible
        self.desk = Desk(self.clock.now)
        self.records = FloorRecords()
        self.synced_before: list[int] = []
        self.backs = self.begun_anew()

    def begun_anew(self) -> CallBacks:
        async def synced() -> None:
            self.synced_before.append(len(self.patch.rung))

        means = Means(
            self.desk,
            self.patch,  # type: ignore[arg-type]
            self.books.records.append,
            self.books.told.append,
            synced,
            lambda: self.rule,
            ZoneInfo("Asia/Shanghai"),
            self.possible,
        )
        self.backs = CallBacks(means, self.records)
        return self.backs

    def call(self, call_id: str = CALL_ID) -> Call:
        call = call_in(self.books, self.clock, call_id=call_id)
        call.waiting_since = self.clock.now()
        call.queue = "general"
        return call

    def seat_is_ready(self, seat: str = "1001") -> None:
        self.desk.telephone(seat, Telephone.FREE)

    def states(self) -> list[str]:
        return [told["state"] for told in self.books.told if told["type"] == "call_back"]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_place_is_kept_and_the_citizen_dialled_when_its_turn_comes() -> None:
    office = Office()
    call = office.call()
    accepted = office.backs.accepted(call)
    assert office.backs.accepted(call) == accepted  # told twice, it is one
    assert call.outcome() == "call_back"
    assert (office.desk.waiting(), office.backs.due()) == (0, 1)  # nobody is on the line
    office.clock.pass_s(5)
    office.desk.join(Caller("later", office.clock.now()))
    office.seat_is_ready()
    await settled()
    assert office.patch.rung == [(f"{CALL_ID}-b1", CALL_ID)]
    assert office.synced_before == [0]  # on record before it is dialled
    assert office.desk.states() == {"1001": "ringing"}
    assert list(office.desk.exchange.waiting) == ["later"]
    office.backs.tick()
    office.backs.tick()
    await settled()
    assert len(office.patch.rung) == 1
    assert office.states() == ["waiting", "dialling"]


async def test_who_answers_is_put_through_to_the_seat_that_was_kept() -> None:
    office = Office()
    office.backs.accepted(office.call())
    office.seat_is_ready()
    office.seat_is_ready("1002")
    await settled()
    leg = office.patch.rung[0][0]
    one = office.backs.arrived(leg)
    assert one is not None
    new = call_in(office.books, office.clock, call_id=leg)
    office.backs.prepare(new, one)
    line = FakeLine(clock=office.clock, rings=(TALK,))
    office.desk.reconcile({leg})
    event = await Handover(office.desk, new).put_through(line, wait_s=60, ring_s=15)
    assert event == Talked("1001", 30.0)
    assert PriorityCause.CALL_BACK in new.causes
    assert office.books.bodies("call_back_of")[0]["call_id"] == CALL_ID
    assert office.states()[-1] == "reached"
    assert office.backs.arrived("hl1-1.1") is None


async def test_nobody_at_home_is_tried_again_by_rule_and_the_seat_is_free_meanwhile() -> None:
    office = Office()
    office.backs.accepted(office.call())
    office.seat_is_ready()
    for attempt in (1, 2, 3):
        office.backs.tick()
        await settled()
        leg = f"{CALL_ID}-b{attempt}"
        assert office.patch.rung[-1] == (leg, CALL_ID)
        office.backs.leg_gone(leg, "no answer", answered=False)
        office.backs.leg_gone(leg, "no answer", answered=False)  # told twice
        assert office.desk.states() == {"1001": "ready"}
        office.clock.pass_s(599)
        office.backs.tick()
        await settled()
        assert len(office.patch.rung) == attempt
        office.clock.pass_s(1)
    assert office.states()[-1] == "failed"
    office.backs.tick()
    await settled()
    assert len(office.patch.rung) == 3


@pytest.mark.parametrize(
    ("alive", "answered", "state", "rung"),
    [
        (True, False, "dialling", 1),  # it rings still: the engine goes on with it
        (False, True, "reached", 1),  # the citizen picked up while the engine was away
        (False, False, "waiting", 1),  # not answered: again by rule, not at once
    ],
)
async def test_an_engine_that_died_between_dial_and_answer_dials_no_second_time(
    alive: bool, answered: bool, state: str, rung: int
) -> None:
    office = Office()
    office.backs.accepted(office.call())
    office.seat_is_ready()
    await settled()
    leg = office.patch.rung[0][0]
    office.desk = Desk(office.clock.now)
    again = office.begun_anew()
    again.restore(office.books.records)
    office.seat_is_ready()
    again.tick()
    again.compare({leg} if alive else set(), lambda _: answered)
    again.tick()
    await settled()
    latest = [one.body for one in office.books.records if one.kind == "call_back"][-1]
    assert (latest["state"], latest["attempts"], len(office.patch.rung)) == (state, 1, rung)


async def test_what_the_switch_refuses_counts_as_an_attempt() -> None:
    office = Office()
    office.patch.refuses = True
    office.backs.accepted(office.call())
    office.seat_is_ready()
    await settled()
    assert office.states() == ["waiting", "dialling", "waiting"]
    assert office.desk.states() == {"1001": "ready"}


async def test_lost_calls_are_owed_one_call() -> None:
    office = Office()
    for number in (1, 2):  # the same caller gives up twice
        call = office.call(f"hl1-1.{number}")
        office.clock.pass_s(20)
        office.backs.ended(call, "abandoned")
    assert office.backs.due() == 1
    served = office.call("hl1-1.3")
    office.backs.answered(served)
    assert (office.backs.due(), office.states()[-1]) == (0, "cancelled")


@pytest.mark.parametrize(
    ("outcome", "waited_s", "changes"),
    [
        ("abandoned", 9, {}),
        ("agent", 20, {}),
        ("abandoned", 20, {"lost": False}),
    ],
)
async def test_not_every_end_is_a_lost_call(
    outcome: str, waited_s: float, changes: dict[str, Any]
) -> None:
    office = Office(rule=CallBackRule(opens=time(0), closes=time(23, 59), **changes))
    call = office.call()
    office.clock.pass_s(waited_s)
    office.backs.ended(call, outcome)
    assert office.backs.due() == 0


async def test_nobody_is_rung_at_night() -> None:
    office = Office(rule=CallBackRule(opens=time(16), closes=time(17)))  # 15:30 in Shanghai
    office.backs.accepted(office.call())
    office.seat_is_ready()
    await settled()
    assert office.patch.rung == []
    office.clock.pass_s(1800)
    office.backs.tick()
    await settled()
    assert len(office.patch.rung) == 1


async def test_an_agent_rings_back_from_the_own_seat_before_all_others() -> None:
    office = Office()
    office.desk.telephone("1001", Telephone.FREE)
    office.desk.log_in("1001", Login("li", Device.PHONE))
    office.desk.ask("1001", SeatEvent.PAUSED, "writing")
    office.desk.join(Caller("waits", office.clock.now()))
    made = office.backs.by_agent("1001", "li", Earlier("hl1-1.9", "13800000001", "general"))
    await settled()
    assert (made.cause, made.id) == (Cause.AGENT, "hl1-1.9-a1")
    assert office.patch.rung == [("hl1-1.9-a1-b1", "hl1-1.9")]
    office.backs.leg_gone("hl1-1.9-a1-b1", "busy", answered=False)
    assert office.states()[-1] == "failed"
    assert office.desk.offer(office.call("waits")) == "1001"


async def test_a_seat_that_does_not_come_free_is_not_waited_for_long() -> None:
    office = Office()
    office.desk.telephone("1001", Telephone.FREE)
    office.desk.join(Caller("talks", office.clock.now()))
    office.backs.by_agent("1001", "", Earlier("hl1-1.9", "13800000001", "general"))
    office.clock.pass_s(121)
    office.backs.tick()
    assert office.states()[-1] == "failed"


async def test_what_cannot_be_is_refused() -> None:
    office = Office()
    withheld = Earlier("hl1-1.9", "anonymous", "general")
    office.seat_is_ready()
    with pytest.raises(NotDiallable):
        office.backs.by_agent("1001", "li", withheld)
    with pytest.raises(CallBackUnknown):
        office.backs.cancel("hl1-9.9", "no such")
    office.backs.accepted(office.call())
    await settled()
    with pytest.raises(CallBackSettled, match="dialling"):
        office.backs.cancel(CALL_ID, "too late")
    with pytest.raises(NoOutsideLine):
        Office(possible=False).backs.accepted(office.call())


async def test_open_ones_are_written_into_a_new_segment() -> None:
    office = Office()
    office.backs.accepted(office.call())
    before = len(office.books.records)
    office.backs.write_again()
    again = Office()
    again.backs.restore(office.books.records[before:])
    assert again.backs.due() == 1
    assert office.backs.late() == 0
    office.clock.pass_s(timedelta(hours=14).total_seconds())
    assert office.backs.late() == 1


# ---- offered while waiting ----
OFFER = CallBackOffer(timedelta(seconds=5), timedelta(seconds=60))


async def waits(office: Office, line: FakeLine, call: Call, wait_s: float = 60) -> Any:
    courtesy = Courtesy(office.desk, PROMPTS, office.backs)
    handover = Handover(office.desk, call, courtesy)
    return await handover.put_through(line, wait_s=wait_s, ring_s=15)


def paused_seat(office: Office) -> None:
    """Somebody is there, but takes no calls."""
    office.seat_is_ready()
    office.desk.ask("1001", SeatEvent.PAUSED, "meal")


async def test_the_offer_is_accepted_by_its_key() -> None:
    office = Office()
    office.desk.configure((QueueRule("general", call_back=OFFER),))
    paused_seat(office)
    line, call = FakeLine(*[""] * 70, "1", clock=office.clock), office.call()
    call.waiting_since = None
    event = await waits(office, line, call)
    assert event == HungUp()
    assert line.variables["HOTLINE_NEXT"] == "hangup"
    said = line.arguments("play")
    assert said[0] == ("/prompts/call-back-offer",)
    assert said[1] == ("/prompts/call-back-within-2h", "/prompts/goodbye")
    assert office.backs.due() == 1
    assert office.desk.waiting() == 0


async def test_the_offer_is_accepted_by_a_word_also_later() -> None:
    office = Office()
    office.desk.configure((QueueRule("general", call_back=OFFER),))
    paused_seat(office)
    line, call = FakeLine(clock=office.clock), office.call()

    def says() -> None:
        if (office.clock.now() - call.started_at).total_seconds() > 20:
            call.said = "那你们给我回电吧"

    line.meanwhile["wait_key"] = says
    assert await waits(office, line, call) == HungUp()
    assert len([one for one in line.arguments("play") if "call-back-offer" in one[0]]) == 1


async def test_who_does_not_want_it_keeps_the_place() -> None:
    office = Office()
    office.desk.configure((QueueRule("general", call_back=OFFER),))
    paused_seat(office)
    line, call = FakeLine(clock=office.clock), office.call()
    assert await waits(office, line, call, wait_s=30) == NobodyAnswered(logged_in=True)
    assert office.backs.due() == 0
    assert [on for (on,) in line.arguments("music")][:3] == [True, False, True]


async def test_the_place_is_told_now_and_then() -> None:
    office = Office()
    every = timedelta(seconds=15)
    office.desk.configure((QueueRule("general", announce_every=every),))
    paused_seat(office)
    office.desk.join(Caller("before", office.clock.now() - timedelta(seconds=9)))
    line, call = FakeLine(clock=office.clock), office.call()
    await waits(office, line, call, wait_s=40)
    place = ("/prompts/queue-place", "/prompts/digit-2", "/prompts/queue-place-end")
    assert line.arguments("play") == [place, place]


async def test_a_queue_without_room_leads_to_a_call_back_or_on() -> None:
    office = Office()
    overflow = Overflow(OverflowTo.CALL_BACK, after=timedelta(seconds=3))
    office.desk.configure((QueueRule("general", overflows=(overflow,)),))
    paused_seat(office)
    for key, wanted in (("1", HungUp()), ("", NobodyAnswered(logged_in=True))):
        call = office.call(f"hl1-7.{len(key)}")
        line = FakeLine(clock=office.clock)
        line.meanwhile["wait_key"] = office.desk.tick

        def press(line: FakeLine = line, key: str = key) -> None:
            line._keys.append(key)

        line.meanwhile["play"] = press
        assert await waits(office, line, call) == wanted
