"""The board of open calls: begun, restored after a restart, fetched away, written off."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callflow.events import EmergencyHeard
from callflow.flow import from_library
from callflow.step import begin, step
from ivr.board import Arrival, Board
from ivr.call import Call
from ivr.session import STATE
from services.journal import Record
from services.slips import Slip
from tests.unit.ivr.fakes import FACTS, T0, Books, Clock

ARRIVAL = Arrival("hl1-1.1", "PJSIP/citizen-1", "13800000000", "12345")
FIRE = EmergencyHeard("119", "着火了")
FLOW = from_library("default")


class Scene:
    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.books = Books()
        self.board = self.new_board()

    def new_board(self) -> Board:
        return Board(
            write=self.books.records.append,
            publish=self.books.told.append,
            now=self.clock.now,
            zone=ZoneInfo("Asia/Shanghai"),
        )

    def arrives(self, call_id: str = ARRIVAL.call_id, channel: str = ARRIVAL.channel) -> Call:
        arrival = Arrival(call_id, channel, ARRIVAL.caller, ARRIVAL.dialled)
        return self.board.arrive(arrival, "default", 1)

    def restarted(self) -> "Scene":
        """Another engine, with nothing but the journal."""
        after = Scene(self.clock)
        after.board.restore([Record.from_line(one.line()) for one in self.books.records])
        return after

    async def end(self) -> dict[str, Any]:
        await self.board.ended()
        return self.books.bodies("ended")[-1]


def standing(call: Call, node: str, **notes: str) -> None:
    state = begin(FLOW, FACTS, T0).state
    call.state = STATE.validate_python(
        STATE.dump_python(state) | {"node": node, "path": (node,), "notes": notes}
    )
    call.fact("stepped", state=STATE.dump_python(call.state, mode="json"))


def test_a_call_gets_a_number_and_is_on_record_before_it_is_led() -> None:
    scene = Scene()
    call = scene.arrives()
    assert scene.books.records == [
        Record(
            "hl1-1.1",
            0,
            T0,
            "started",
            {
                "caller": "13800000000",
                "dialled": "12345",
                "ticket_number": "261122558000",  # 15:30 in Shanghai
                "flow": "default",
                "flow_version": 1,
            },
        )
    ]
    assert call.seq == 1


def test_a_call_that_comes_again_is_the_same_call_on_another_channel() -> None:
    scene = Scene()
    first = scene.arrives()
    assert scene.arrives(channel="PJSIP/citizen-2") is first
    assert first.channel == "PJSIP/citizen-2"
    assert scene.books.kinds() == ["started"]


def test_open_calls_come_back_after_a_restart_with_all_that_is_known() -> None:
    scene = Scene()
    call = scene.arrives()
    standing(call, "people")
    call.next_heard("caller")
    call.fact("heard", side="caller", source="live", seq=0)
    call.fact("ringing", seat="1001")
    scene.clock.pass_s(5)
    call.joined("1001")
    scene.clock.pass_s(60)
    restored = scene.restarted().arrives()
    assert (restored.facts, restored.state, restored.started_at) == (call.facts, call.state, T0)
    assert (restored.seat, restored.ringing) == ("1001", "1001")
    assert restored.talked_at == T0 + timedelta(seconds=5)
    assert restored.seq == call.seq
    assert restored.next_heard("caller") == 1
    assert not restored.live_complete


async def test_calls_that_had_ended_do_not_come_back_but_are_remembered() -> None:
    scene = Scene()
    scene.arrives()
    scene.board.gone("hl1-1.1", None)
    await scene.end()
    after = scene.restarted()
    assert after.board.calls == {}
    assert after.board.knows("hl1-1.1")
    assert not after.board.knows("hl1-2.2")


def test_a_talk_that_is_over_is_over_after_a_restart_too() -> None:
    scene = Scene()
    call = scene.arrives()
    call.ringing = "1001"
    call.fact("ringing", seat="1001")
    call.joined("1001")
    call.parted("1001", 3.0)
    restored = scene.restarted().arrives()
    assert (restored.seat, restored.ringing, restored.talked_at) == ("1001", "", None)


def test_numbers_go_on_after_a_restart_where_the_clock_has_gone_back() -> None:
    scene = Scene()
    number = scene.arrives().facts.ticket_number
    scene.clock.pass_s(-3600)
    after = scene.restarted()
    assert after.arrives("hl1-2.2").facts.ticket_number > number


def test_records_of_a_call_whose_start_is_gone_are_passed_over() -> None:
    scene = Scene()
    scene.board.restore([Record("hl1-9.9", 4, T0, "ringing", {"seat": "1001"})])
    assert scene.board.calls == {}


@pytest.mark.parametrize(
    ("notes", "seat", "fell_back", "outcome"),
    [
        ({}, "", False, "abandoned"),
        ({"message": "taken"}, "", False, "message"),
        ({"message": "broken_off"}, "", False, "message"),
        ({"message": "taken"}, "1001", False, "agent"),
        ({"emergency": "110"}, "1001", False, "emergency"),
        ({}, "", True, "fallback"),
        ({"message": "broken_off"}, "", True, "message"),
    ],
)
async def test_the_outcome_in_one_word(
    notes: dict[str, str], seat: str, fell_back: bool, outcome: str
) -> None:
    scene = Scene()
    call = scene.arrives()
    standing(call, "message", **notes)
    call.seat = seat
    scene.clock.pass_s(42)
    scene.board.gone("hl1-1.1", None, Slip("hl1-1.1", T0, "12345", "", fell_back))
    assert await scene.end() == {
        "outcome": outcome,
        "live_complete": True,
        "recovered": False,
        "length_s": 42.0,
    }
    assert scene.books.told[-1]["outcome"] == outcome


async def test_a_call_that_no_session_ever_led_fell_back() -> None:
    scene = Scene()
    scene.arrives()
    scene.board.gone("hl1-1.1", None)
    assert (await scene.end())["outcome"] == "fallback"


async def test_going_twice_is_going_once() -> None:
    scene = Scene()
    scene.arrives()
    for call_id in ("hl1-1.1", "hl1-1.1", "hl1-7.7"):
        scene.board.gone(call_id, None)
    await scene.board.ended()
    assert scene.books.kinds() == ["started", "ended"]
    assert scene.board.knows("hl1-1.1")


async def test_hanging_up_in_conversation_closes_it() -> None:
    scene = Scene()
    call = scene.arrives()
    scene.clock.pass_s(10)
    call.joined("1001")
    scene.clock.pass_s(20)
    after = scene.restarted()  # even if the engine died meanwhile
    for one in (scene, after):
        one.board.gone("hl1-1.1", None, recovered=one is after)
        assert (await one.end())["outcome"] == "agent"
        assert one.books.bodies("talked") == [{"seat": "1001", "from_s": 10.0, "to_s": 30.0}]


async def test_a_call_that_only_the_fallback_saw_is_recorded_afterwards() -> None:
    scene = Scene()
    began = T0 - timedelta(minutes=5)
    scene.board.missed("hl1-3.3", "13900000000", "12345", began)
    slip = Slip("hl1-3.3", began, "12345", "13900000000", fell_back=True, recorded_s=61.5)
    scene.board.gone("hl1-3.3", None, slip, recovered=True)
    ended = await scene.end()
    started = scene.books.records[0]
    assert (started.seq, started.at, started.kind) == (0, began, "started")
    assert started.body["ticket_number"] == "261122558000"  # of now: no number is ever given twice
    assert (ended["outcome"], ended["recovered"], ended["live_complete"]) == (
        "fallback",
        True,
        False,
    )
    # Its end is that of its recording, not the moment in which we came to know of it.
    assert ended["length_s"] == 61.5
    assert scene.books.records[-1].at == began + timedelta(seconds=61.5)
    assert scene.restarted().board.knows("hl1-3.3")


class Recalls(list[str]):
    async def __call__(self, channel: str) -> None:
        self.append(channel)


async def test_words_of_danger_fetch_the_caller_once() -> None:
    scene = Scene()
    call = scene.arrives()
    call.in_session, call.offers = True, frozenset({"119"})
    recalls = Recalls()
    for _ in range(2):
        await scene.board.emergency(call, FIRE, recalls)
    assert recalls == ["PJSIP/citizen-1"]
    assert call.interrupt == FIRE


@pytest.mark.parametrize("why", ["talks", "rings", "no session", "the flow offers nothing"])
async def test_nobody_is_fetched_who_is_with_a_person_or_is_not_to_be_asked(why: str) -> None:
    scene = Scene()
    call = scene.arrives()
    call.in_session = why != "no session"
    call.offers = frozenset({"110"} if why == "the flow offers nothing" else {"119"})
    if why == "talks":
        call.joined("1001")
    call.ringing = "1001" if why == "rings" else ""
    recalls = Recalls()
    await scene.board.emergency(call, FIRE, recalls)
    assert (recalls, call.interrupt) == ([], None)


def test_a_state_of_the_journal_is_the_state_of_the_call() -> None:
    taken = step(FLOW, begin(FLOW, FACTS, T0).state, FIRE, T0)
    scene = Scene()
    call = scene.arrives()
    call.state = taken.state
    call.fact("stepped", state=STATE.dump_python(taken.state, mode="json"))
    assert scene.restarted().arrives().state == taken.state
