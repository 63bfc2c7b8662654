"""What the roster tells a flow about leaders who take calls."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.queueing.roster import Duty
from domain.queueing.seats import SeatKind
from ivr.desk import Desk
from ivr.leaders import LeaderWindows
from tests.unit.ivr.fakes import T0, Clock


async def test_the_roster_tells_who_is_there_and_when() -> None:
    spoken: list[str] = []

    async def speak(text: str) -> str:
        spoken.append(text)
        return f"text-{len(spoken)}"

    clock = Clock()
    desk = Desk(clock.now, zone=ZoneInfo("Asia/Shanghai"))
    starts = T0 + timedelta(hours=1)
    duty = Duty("wang", SeatKind.LEADER, "leaders", "王局长", starts, starts + timedelta(hours=2))
    windows = LeaderWindows(desk, lambda: (duty,), speak)
    before = await windows.told({"queue": "leaders"})
    assert before == {"roster.now": False, "roster.announcement": "text-1"}
    clock.pass_s(3601)
    assert (await windows.told({"queue": "leaders"}))["roster.now"] is True
    assert spoken[1].startswith("现在由王局长接听")
    assert await windows.told({"queue": "experts"}) == {"roster.now": False}
    clock.pass_s(7200)  # over: neither told nor served
    assert await windows.told({"queue": "leaders"}) == {"roster.now": False}
