"""The way to a person: which seat rings, what a caller may do meanwhile, what becomes of a seat."""

import asyncio
from collections.abc import Callable

import pytest

from callflow.events import Event, KeysPressed, NobodyAnswered, Talked
from domain.queueing.rules import Overflow, OverflowTo, PriorityCause, QueueRule
from domain.queueing.states import SeatCannot, SeatEvent, SeatState
from ivr.call import Call
from ivr.desk import Desk, Device, Login, Telephone, TelephoneGone
from ivr.handover import AFTER_REFUSAL_S, Handover
from ivr.wish import Wish
from telephony.line import CallerHungUp, LineError, Ringing, RingOutcome
from tests.unit.ivr.fakes import Books, Clock, FakeLine, call_in

TALK = Ringing(RingOutcome.ANSWERED, talked_s=30.0)
NO_ANSWER = Ringing(RingOutcome.NO_ANSWER)
KEY = Ringing(RingOutcome.KEY, key="7")


class Office:
    """A desk, its clock, and the books of every call."""

    def __init__(self, *seats: str) -> None:
        self.clock = Clock()
        self.books = Books()
        self.desk = Desk(self.clock.now)
        self.told_to_stop: list[str] = []
        self.desk.stop_ringing = self.told_to_stop.append
        for seat in seats:  # idle since one second later each
            self.desk.telephone(seat, Telephone.FREE)
            self.clock.pass_s(1)

    def call(self, call_id: str = "hl1-1.1") -> Call:
        return call_in(self.books, self.clock, call_id=call_id)

    def line(self, *keys: str, rings: tuple[Ringing, ...] = (), **options: int) -> FakeLine:
        return FakeLine(*keys, clock=self.clock, rings=rings, **options)

    async def put_through(self, call: Call, line: FakeLine, *, wait_s: float = 60) -> Event:
        return await Handover(self.desk, call).put_through(line, wait_s=wait_s, ring_s=15)


async def test_the_seat_idle_longest_is_rung_and_talks() -> None:
    office = Office("1002", "1001")
    line = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), line) == Talked("1002", 30.0)
    assert line.did == [("music", False), ("ring", "1002", 15)]
    assert office.desk.states() == {"1002": "ready", "1001": "ready"}
    again = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), again) == Talked("1001", 30.0)


async def test_one_that_does_not_answer_gives_way_to_the_next() -> None:
    office = Office("1001", "1002", "1003")
    line = office.line(rings=(NO_ANSWER, NO_ANSWER, TALK))
    assert await office.put_through(office.call(), line) == Talked("1003", 30.0)
    assert [seat for seat, _ in line.arguments("ring")] == ["1001", "1002", "1003"]


async def test_ringing_and_waiting_end_when_the_time_is_over() -> None:
    office = Office("1001", "1002", "1003")
    line = office.line()
    event = await office.put_through(office.call(), line, wait_s=40)
    assert event == NobodyAnswered(logged_in=True)
    assert [for_s for _, for_s in line.arguments("ring")] == [15, 15, 10]
    assert line.did[-1] == ("music", False)


@pytest.mark.parametrize("seats", [(), ("1001",)])
async def test_nobody_logged_in_is_told_at_once(seats: tuple[str, ...]) -> None:
    office = Office(*seats)
    for seat in seats:
        office.desk.telephone(seat, Telephone.GONE)
    line = office.line()
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=False)
    assert line.did == []
    assert office.desk.waiting() == 0


async def test_a_caller_waits_with_music_for_a_seat_that_is_paused() -> None:
    office = Office("1001")
    office.desk.telephone("1001", Telephone.BUSY)
    line = office.line(rings=(TALK,))
    line.meanwhile["wait_key"] = lambda: (
        len(line.did) > 5 and office.desk.telephone("1001", Telephone.FREE)
    )
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert line.arguments("music") == [(True,), (False,)]


@pytest.mark.parametrize(
    ("pressed", "keys", "leaves"),
    [("119", "", "119"), ("7", "7", "7"), ("7", "#", ""), ("12", "", "")],
)
async def test_only_a_key_that_means_something_leaves_the_queue(
    pressed: str, keys: str, leaves: str
) -> None:
    office = Office("1001")
    office.desk.telephone("1001", Telephone.BUSY)
    line = office.line("", *pressed)
    call = office.call()
    wish = Wish(keys=keys)
    event = await Handover(office.desk, call).put_through(line, wait_s=5, ring_s=15, wish=wish)
    assert event == (KeysPressed(leaves) if leaves else NobodyAnswered(logged_in=True))
    assert line.arguments("music") == [(True,), (False,)]
    assert office.desk.waiting() == 0


async def test_who_comes_back_in_the_same_call_has_the_old_place() -> None:
    office = Office("1001")
    office.desk.telephone("1001", Telephone.BUSY)
    first = office.call("first")
    await office.put_through(first, office.line(), wait_s=5)
    line = office.line()
    line.meanwhile["wait_key"] = lambda: places.append(office.desk.exchange.place("first"))
    places: list[int | None] = []
    other = asyncio.create_task(office.put_through(office.call("second"), office.line()))
    await asyncio.sleep(0)
    await office.put_through(first, line, wait_s=1)
    await other
    assert set(places) == {1}


async def test_a_stray_key_while_it_rings_rings_the_same_seat_on() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(KEY, TALK))
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert [seat for seat, _ in line.arguments("ring")] == ["1001", "1001"]


async def test_a_key_that_leaves_while_it_rings_gives_the_seat_back_at_its_old_turn() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(KEY,))
    leaving = Handover(office.desk, office.call()).put_through(
        line, wait_s=60, ring_s=15, wish=Wish(keys="7")
    )
    assert await leaving == KeysPressed("7")
    assert office.told_to_stop == ["1001"]
    following = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), following) == Talked("1001", 30.0)


async def test_a_seat_that_refuses_is_left_alone_for_a_moment() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(Ringing(RingOutcome.BUSY), TALK))
    assert await office.put_through(office.call(), line) == Talked("1002", 30.0)
    assert office.desk.exchange.seats["1001"].reason == "declined"
    assert ("wait_key", AFTER_REFUSAL_S) in line.did
    assert line.verbs().index("wait_key") < line.verbs().index("ring", 2)


async def test_a_key_pressed_after_a_refusal_counts() -> None:
    office = Office("1001")
    line = office.line(*"119", rings=(Ringing(RingOutcome.BUSY),))
    assert await office.put_through(office.call(), line) == KeysPressed("119")


async def test_a_telephone_that_cannot_be_reached_is_not_rung_again() -> None:
    office = Office("1001")
    line = office.line(rings=(Ringing(RingOutcome.UNREACHABLE),))
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=True)
    assert len(line.arguments("ring")) == 1
    assert office.desk.states() == {"1001": "paused"}
    assert office.desk.exchange.seats["1001"].reason == "phone_lost"


async def test_a_seat_that_vanishes_while_it_rings_stops_ringing() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(NO_ANSWER, TALK))
    line.meanwhile["ring"] = lambda: office.desk.telephone("1001", Telephone.GONE)
    assert await office.put_through(office.call(), line) == Talked("1002", 30.0)
    assert office.told_to_stop == ["1001"]
    assert office.desk.states()["1001"] == "logged_out"


async def test_a_seat_that_vanishes_before_it_is_rung_is_not_rung() -> None:
    office = Office("1001")
    office.desk.telephone("1001", Telephone.BUSY)
    line = office.line()

    def comes_and_goes() -> None:
        if len(line.did) == 3:
            office.desk.telephone("1001", Telephone.FREE)
            office.desk.telephone("1001", Telephone.GONE)

    line.meanwhile["wait_key"] = comes_and_goes
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=True)
    assert line.arguments("ring") == []


async def test_a_telephone_occupied_by_us_is_no_news() -> None:
    office = Office("1001")
    line = office.line(rings=(TALK,))
    line.meanwhile["ring"] = lambda: office.desk.telephone("1001", Telephone.BUSY)
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert office.desk.states() == {"1001": "ready"}
    office.desk.telephone("1001", Telephone.BUSY)  # a conversation of its own
    assert office.desk.states() == {"1001": "paused"}


async def test_how_long_they_talked_is_known_with_and_without_the_switch_telling() -> None:
    talked = []
    for told in (True, False):
        office = Office("1001")
        call = office.call()
        line = office.line(rings=(TALK,))
        if told:
            line.meanwhile["ring"] = lambda office=office, call=call: [
                office.desk.answered(call, "1001") for _ in range(2)
            ]
        await office.put_through(call, line)
        talked += office.books.bodies("talked")
        assert office.books.kinds().count("answered") == (1 if told else 0)
        assert (call.talked_at, call.ringing, call.seat) == (None, "", "1001")
    assert talked == [{"seat": "1001", "from_s": 0.0, "to_s": 30.0}] * 2


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("end", [CallerHungUp("gone"), LineError("lost")])
async def test_a_seat_is_free_again_however_the_conversation_ends(
    end: Exception, told: bool
) -> None:
    office = Office("1001")
    call = office.call()
    line = office.line()

    def ends() -> None:
        if told:
            office.desk.answered(call, "1001")
            assert office.desk.states() == {"1001": "talking"}
        raise end

    line.meanwhile["ring"] = ends
    with pytest.raises(type(end)):
        await office.put_through(call, line)
    assert office.desk.states() == {"1001": "ready"}
    assert call.ringing == "1001"  # a session that goes on asks what became of it


async def test_two_callers_and_one_seat_who_came_first_is_served_first() -> None:
    office = Office("1001")
    served = []

    async def caller(name: str) -> None:
        line = office.line(rings=(TALK,))
        line.meanwhile["ring"] = lambda: served.append(name)
        assert await office.put_through(office.call(name), line, wait_s=600) == Talked("1001", 30)

    await asyncio.gather(*(caller(name) for name in ("a", "b", "c")))
    assert served == ["a", "b", "c"]


async def test_what_rings_is_on_record_before_it_rings() -> None:
    office = Office("1001")
    line = office.line(rings=(TALK,))
    seen: list[str] = []
    note: Callable[[], None] = lambda: seen.extend(office.books.kinds())  # noqa: E731
    line.meanwhile["ring"] = note
    await office.put_through(office.call(), line)
    assert seen == ["queued", "ringing"]


def test_after_a_browser_a_plain_telephone_may_take_the_seat() -> None:
    desk = Office().desk
    desk.log_in("1001", Login("li", Device.BROWSER))
    desk.telephone("w1001", Telephone.FREE)
    desk.ask("1001", SeatEvent.LOGGED_OUT)
    desk.telephone("w1001", Telephone.GONE)
    assert desk.states()["1001"] == "logged_out"
    desk.telephone("1001", Telephone.FREE)
    assert (desk.states()["1001"], desk.device_of("1001")) == ("ready", "1001")


def test_an_account_at_a_browser_works_once_the_browser_has_registered() -> None:
    office = Office()
    desk = office.desk
    desk.log_in("1001", Login("li", Device.BROWSER))
    seat = desk.exchange.seat("1001")
    assert (seat.state, seat.reason, desk.device_of("1001")) == (
        SeatState.PAUSED,
        "phone_lost",
        "w1001",
    )
    with pytest.raises(TelephoneGone, match="1001 is not registered"):
        desk.ask("1001", SeatEvent.READY)
    desk.telephone("1001", Telephone.FREE)  # a plain telephone beside it is no news
    assert desk.states() == {"1001": "paused"}
    desk.telephone("w1001", Telephone.FREE)
    assert desk.states() == {"1001": "ready"}
    desk.telephone("w1001", Telephone.GONE)
    assert desk.exchange.seat("1001").reason == "phone_lost"


def test_a_login_takes_the_seat_over_from_a_plain_telephone_but_not_from_a_colleague() -> None:
    office = Office("1001")
    office.desk.log_in("1001", Login("li"))
    assert office.desk.exchange.seat("1001").agent == "li"
    with pytest.raises(SeatCannot):
        office.desk.log_in("1001", Login("wang", Device.BROWSER))
    assert office.desk.login("1001") == Login("li")


def test_a_pause_chosen_by_the_agent_does_not_end_because_the_telephone_comes_back() -> None:
    office = Office("1001")
    office.desk.log_in("1001", Login("li"))
    office.desk.ask("1001", SeatEvent.PAUSED, "meal")
    office.desk.telephone("1001", Telephone.GONE)
    office.desk.telephone("1001", Telephone.FREE)
    assert office.desk.exchange.seat("1001").reason == "meal"
    office.desk.ask("1001", SeatEvent.LOGGED_OUT)
    office.desk.telephone("1001", Telephone.FREE)
    assert office.desk.states() == {"1001": "logged_out"}  # left by hand
    office.desk.telephone("1001", Telephone.GONE)
    office.desk.telephone("1001", Telephone.FREE)
    assert office.desk.states() == {"1001": "ready"}  # somebody has plugged it in again


def test_where_a_login_is_needed_a_telephone_alone_does_not_work() -> None:
    desk = Desk(Clock().now, need_login=True)
    desk.telephone("1001", Telephone.FREE)
    assert desk.states() == {}


async def test_a_caller_is_sent_on_where_the_queue_says() -> None:
    office = Office()
    overflow = Overflow(OverflowTo.RECORDING, ratio=0.5)
    office.desk = Desk(office.clock.now, rules=(QueueRule("general", overflows=(overflow,)),))
    office.desk.telephone("1001", Telephone.FREE)
    office.desk.telephone("1001", Telephone.BUSY)
    line = office.line()
    line.meanwhile["wait_key"] = office.desk.tick
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=True)
    assert len(line.arguments("wait_key")) == 1


async def test_words_of_danger_bring_a_waiting_caller_to_the_front() -> None:
    office = Office("1001")
    office.desk.telephone("1001", Telephone.BUSY)
    calls = [office.call("a"), office.call("b")]
    waits = [asyncio.create_task(office.put_through(one, office.line(), wait_s=5)) for one in calls]
    await asyncio.sleep(0)
    office.desk.urgent(calls[1], PriorityCause.EMERGENCY_WORDS)
    assert [office.desk.exchange.place(one) for one in ("b", "a")] == [1, 2]
    await asyncio.gather(*waits)


async def test_free_seats_are_those_that_could_be_rung() -> None:
    """What a flow asks as `queue.free`."""
    office = Office("1001", "1002")
    assert office.desk.free() == 2
    office.desk.telephone("1002", Telephone.BUSY)
    assert office.desk.free() == 1
    assert office.desk.free("nobody-works-here") == 0
