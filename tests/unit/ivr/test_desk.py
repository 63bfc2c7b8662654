"""The way to a person: which seat rings, what a caller may do meanwhile, what becomes of a seat."""

import asyncio
from collections.abc import Callable

import pytest

from callflow.events import Event, KeysPressed, NobodyAnswered, Talked
from domain.queueing.seats import SeatState
from ivr.call import Call
from ivr.desk import AFTER_REFUSAL_S, Desk
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
            self.desk.seat_is(seat, SeatState.FREE)
            self.clock.pass_s(1)

    def call(self, call_id: str = "hl1-1.1") -> Call:
        return call_in(self.books, self.clock, call_id=call_id)

    def line(self, *keys: str, rings: tuple[Ringing, ...] = (), **options: int) -> FakeLine:
        return FakeLine(*keys, clock=self.clock, rings=rings, **options)

    async def put_through(self, call: Call, line: FakeLine, *, wait_s: float = 60) -> Event:
        return await self.desk.for_call(call).put_through(line, wait_s=wait_s, ring_s=15)


async def test_the_seat_idle_longest_is_rung_and_talks() -> None:
    office = Office("1002", "1001")
    line = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), line) == Talked("1002", 30.0)
    assert line.did == [("music", False), ("ring", "1002", 15)]
    assert office.desk.states() == {"1002": "free", "1001": "free"}
    again = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), again) == Talked("1001", 30.0)


async def test_one_that_does_not_answer_gives_way_to_the_next() -> None:
    office = Office("1001", "1002", "1003")
    line = office.line(rings=(NO_ANSWER, NO_ANSWER, TALK))
    assert await office.put_through(office.call(), line) == Talked("1003", 30.0)
    assert [seat for seat, _ in line.arguments("ring")] == ["1001", "1002", "1003"]


async def test_ringing_and_waiting_end_when_the_time_is_over() -> None:
    office = Office("1001")
    line = office.line()
    event = await office.put_through(office.call(), line, wait_s=40)
    assert event == NobodyAnswered(logged_in=True)
    assert [for_s for _, for_s in line.arguments("ring")] == [15, 15, 10]
    assert line.did[-1] == ("music", False)


@pytest.mark.parametrize("state", [None, SeatState.UNREACHABLE])
async def test_nobody_logged_in_is_told_at_once(state: SeatState | None) -> None:
    office = Office()
    if state is not None:
        office.desk.seat_is("1001", state)
    line = office.line()
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=False)
    assert line.did == []
    assert office.desk.waiting() == 0


async def test_a_caller_waits_with_music_for_a_seat_that_is_paused() -> None:
    office = Office()
    office.desk.seat_is("1001", SeatState.PAUSED)
    line = office.line(rings=(TALK,))
    line.meanwhile["wait_key"] = lambda: (
        len(line.did) > 5 and office.desk.seat_is("1001", SeatState.FREE)
    )
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert line.arguments("music") == [(True,), (False,)]


@pytest.mark.parametrize(("pressed", "keys"), [("7", "7"), ("119", "119"), ("12", "12")])
async def test_a_key_pressed_while_waiting_leaves_the_queue(pressed: str, keys: str) -> None:
    office = Office()
    office.desk.seat_is("1001", SeatState.PAUSED)
    line = office.line("", *pressed)
    assert await office.put_through(office.call(), line) == KeysPressed(keys)
    assert line.arguments("music") == [(True,), (False,)]
    assert office.desk.waiting() == 0


async def test_a_key_pressed_while_it_rings_gives_the_seat_back_at_its_old_turn() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(KEY,))
    assert await office.put_through(office.call(), line) == KeysPressed("7")
    assert office.told_to_stop == ["1001"]
    following = office.line(rings=(TALK,))
    assert await office.put_through(office.call(), following) == Talked("1001", 30.0)


async def test_a_seat_that_refuses_is_left_alone_for_a_moment() -> None:
    office = Office("1001")
    line = office.line(rings=(Ringing(RingOutcome.BUSY), TALK))
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert ("wait_key", AFTER_REFUSAL_S) in line.did
    assert line.verbs().index("wait_key") < line.verbs().index("ring", 2)


async def test_a_key_pressed_after_a_refusal_counts() -> None:
    office = Office("1001")
    line = office.line("7", rings=(Ringing(RingOutcome.BUSY),))
    assert await office.put_through(office.call(), line) == KeysPressed("7")


async def test_a_telephone_that_cannot_be_reached_is_not_rung_again() -> None:
    office = Office("1001")
    line = office.line(rings=(Ringing(RingOutcome.UNREACHABLE),))
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=True)
    assert len(line.arguments("ring")) == 1
    assert office.desk.states() == {"1001": "unreachable"}


async def test_a_seat_that_vanishes_while_it_rings_stops_ringing() -> None:
    office = Office("1001", "1002")
    line = office.line(rings=(NO_ANSWER, TALK))
    line.meanwhile["ring"] = lambda: office.desk.seat_is("1001", SeatState.UNREACHABLE)
    assert await office.put_through(office.call(), line) == Talked("1002", 30.0)
    assert office.told_to_stop == ["1001"]
    assert office.desk.states()["1001"] == "unreachable"


async def test_a_seat_that_vanishes_before_it_is_rung_is_not_rung() -> None:
    office = Office()
    office.desk.seat_is("1001", SeatState.PAUSED)
    line = office.line()

    def comes_and_goes() -> None:
        if len(line.did) == 3:
            office.desk.seat_is("1001", SeatState.FREE)
            office.desk.seat_is("1001", SeatState.UNREACHABLE)

    line.meanwhile["wait_key"] = comes_and_goes
    assert await office.put_through(office.call(), line) == NobodyAnswered(logged_in=True)
    assert line.arguments("ring") == []


async def test_a_telephone_occupied_by_us_is_no_news() -> None:
    office = Office("1001")
    line = office.line(rings=(TALK,))
    line.meanwhile["ring"] = lambda: office.desk.seat_is("1001", SeatState.PAUSED)
    assert await office.put_through(office.call(), line) == Talked("1001", 30.0)
    assert office.desk.states() == {"1001": "free"}
    office.desk.seat_is("1001", SeatState.PAUSED)  # a conversation of its own
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
    assert office.desk.states() == {"1001": "free"}
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
    assert seen == ["ringing"]
