"""Privacy pauses: begun once, ended by hand, time, the agent's going, the call's end."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.board import Arrival, Board
from ivr.call import Call
from ivr.desk import Desk
from ivr.privacy import FLOW, LONGEST_S, PrivacyPauses
from services.journal import Record
from telephony.line import LineError
from telephony.patch import Ear, Leg, Place
from tests.unit.ivr.fakes import Books, Clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


class FakeSwitch:
    """Knows of each leg whether it is recorded."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []
        self.refuses = False

    async def record(self, leg: str, *, on: bool) -> None:
        if self.refuses:
            raise LineError("no such channel")
        self.told.append((leg, on))

    async def move(self, leg: str, place: Place, room: str = "") -> None:
        raise AssertionError("a pause moves nobody")

    async def part(self, caller: str, place: Place, agent: str, room: str) -> None:
        raise AssertionError("a pause moves nobody")

    async def dial_into(self, leg: Leg, room: str, briefing: str = "") -> None:
        raise AssertionError("a pause rings nobody")

    async def listen_in(self, leg: Leg, spied: str, ear: Ear) -> None:
        raise AssertionError("a pause rings nobody")

    async def mute(self, leg: str, *, on: bool) -> None:
        raise AssertionError("a pause mutes nobody")

    async def hang_up(self, leg: str) -> None:
        raise AssertionError("a pause ends no call")


class Scene:
    def __init__(self) -> None:
        self.clock, self.books, self.switch = Clock(), Books(), FakeSwitch()
        self.board = Board(
            write=self.books.records.append,
            publish=self.books.told.append,
            now=self.clock.now,
            zone=SHANGHAI,
        )
        arrival = Arrival("hl1-1.1", "PJSIP/citizen-1", "13800000000", "12345")
        self.call = self.board.arrive(arrival, "default", 1)
        self.desk = Desk(self.clock.now, zone=SHANGHAI, need_login=False)
        self.pauses = PrivacyPauses(self.board, self.desk, self.switch)

    def talks(self) -> Call:
        self.call.joined("1001")
        self.call.agent_leg = "PJSIP/1001-2"
        return self.call


async def test_a_pause_is_begun_once_and_on_record_with_its_seconds() -> None:
    scene = Scene()
    call = scene.talks()
    scene.clock.pass_s(10)
    for _ in range(2):
        await scene.pauses.turn(call, on=True, by="1001")
    scene.clock.pass_s(20)
    for _ in range(2):
        await scene.pauses.turn(call, on=False, by="1001")
    assert scene.switch.told == [("hl1-1.1", False), ("hl1-1.1", True)]
    (pause,) = scene.books.bodies("privacy_pause")
    assert pause == {"from_s": 10.0, "to_s": 30.0, "by": "1001"}
    assert [one["on"] for one in scene.books.told if one["type"] == "privacy_pause"] == [
        True,
        False,
    ]


async def test_the_code_on_the_agents_leg_begins_and_ends_it() -> None:
    scene = Scene()
    call = scene.talks()
    await scene.pauses.turned_by_key("PJSIP/1002-7")
    assert call.paused_at is None
    await scene.pauses.turned_by_key("PJSIP/1001-2")
    assert call.paused_by == "1001"
    await scene.pauses.turned_by_key("PJSIP/1001-2")
    assert call.paused_at is None


async def test_where_the_switch_refuses_the_recording_goes_on_and_it_is_said() -> None:
    scene = Scene()
    call = scene.talks()
    scene.switch.refuses = True
    with pytest.raises(LineError):
        await scene.pauses.turn(call, on=True, by="1001")
    assert call.paused_at is None


async def test_it_ends_by_itself_and_again_where_the_switch_was_away() -> None:
    scene = Scene()
    call = scene.talks()
    await scene.pauses.turn(call, on=True, by="1001")
    scene.clock.pass_s(LONGEST_S - 1)
    await scene.pauses.tick()
    assert call.paused_at is not None
    scene.clock.pass_s(1)
    scene.switch.refuses = True
    await scene.pauses.tick()
    assert call.paused_at is not None
    scene.switch.refuses = False
    await scene.pauses.tick()
    assert call.paused_at is None


async def test_an_agents_pause_ends_with_the_conversation_a_flows_does_not() -> None:
    scene = Scene()
    call = scene.talks()
    await scene.pauses.turn(call, on=True, by="1001")
    call.parted("1001", 5)
    await scene.pauses.tick()
    assert scene.switch.told[-1] == ("hl1-1.1", True)
    await scene.pauses.turn(call, on=True, by=FLOW)
    await scene.pauses.tick()
    assert call.paused_at is not None


async def test_a_pause_outlives_the_engine_and_ends_with_the_call() -> None:
    scene = Scene()
    await scene.pauses.turn(scene.talks(), on=True, by="1001")
    after = Scene()
    after.board.restore([Record.from_line(one.line()) for one in scene.books.records])
    restored = after.board.calls["hl1-1.1"]
    assert restored.paused_by == "1001"
    after.clock.moment += timedelta(seconds=30)
    after.board.gone("hl1-1.1", None)
    await after.board.ended()
    (pause,) = after.books.bodies("privacy_pause")
    assert pause["to_s"] == 30.0
