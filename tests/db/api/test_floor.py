"""Queues, rosters, supervisors' orders and statistics over HTTP, with the engine's own desk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.backend import Backend
from domain.accounts.permissions import Role
from domain.queueing.call_backs import CallBackRule
from domain.queueing.roster import admitted
from domain.queueing.seats import Profile, SeatKind
from domain.queueing.states import SeatEvent
from ivr.alarms import Alarms
from ivr.call_backs import CallBacks, Means
from ivr.desk import Desk, Device, Login, Telephone
from ivr.floor_orders import FloorOrders
from ivr.orders import Orders
from services import calls as call_facts
from services.floor_records import FloorRecords
from services.floor_shelf import FloorShelf
from services.journal import Record
from storage.repositories.calls import Calls
from storage.tables.call import CallRow
from tests.db.api.people import Clock, Person, SignIn

EARLIER, OTHERS = "hl1-1795000000.1", "hl1-1795000000.2"
ZONE = ZoneInfo("Asia/Shanghai")


class Engine:
    """The engine without its switch: desk, orders, journal, settings."""

    def __init__(self, backend: Backend, folder: Any) -> None:
        self.records: list[Record] = []
        self.told: list[Mapping[str, Any]] = []
        self.rung: list[str] = []
        self.desk = Desk(backend.clock, zone=ZONE)
        floor, patch = FloorRecords(), self
        self.shelf = FloorShelf(backend.database, folder / "floor.json", backend.clock)
        self.shelf.on_changed = lambda settings: self.desk.configure(settings.queues)
        self.alarms = Alarms(self.records.append, self.told.append, backend.clock, floor)
        means = Means(
            self.desk, patch, self.records.append, self.told.append,  # type: ignore[arg-type]
            self.synced, lambda: CallBackRule(), ZONE, possible=True,
        )  # fmt: skip
        self.backs = CallBacks(means, floor)
        self.orders = Orders(self.desk, None, ("1001", "1002", "1003"))  # type: ignore[arg-type]
        self.orders.alarms_open = self.alarms.open
        self.orders.refuse_off_duty = self.refuse_off_duty
        books = (self.records.append, self.told.append, floor)
        FloorOrders(self.orders, self.desk, self.alarms, self.backs, books, self.shelf.refresh)
        self.desk.telephone("1001", Telephone.FREE)
        self.desk.log_in("1001", Login("li", Device.PHONE, Profile()))

    def refuse_off_duty(self, agent: str, profile: Profile) -> None:
        if profile.kind is SeatKind.EXPERT:
            admitted(self.shelf.settings.duties, agent, self.desk.now())

    async def synced(self) -> None:
        return

    async def ring_citizen(self, leg_id: str, _call_id: str, _ring_s: float) -> None:
        self.rung.append(leg_id)

    async def apply(self, backend: Backend) -> None:
        """The journal into the database, as the engine's replay does."""
        async with backend.database.transaction() as session:
            for record in self.records:
                await call_facts.apply(session, record)
        self.records.clear()


@pytest.fixture
def engine(backend: Backend, tmp_path: Any) -> Engine:
    return Engine(backend, tmp_path)


@pytest.fixture
def app(backend: Backend, engine: Engine) -> FastAPI:
    async def ask(order: Mapping[str, Any]) -> dict[str, Any]:
        return dict(await engine.orders.handle(order))

    return create_app(replace(backend, orders=ask))


@pytest.fixture(autouse=True)
async def calls(backend: Backend) -> None:
    async with backend.database.transaction() as session:
        for place, (call_id, queue) in enumerate([(EARLIER, "general"), (OTHERS, "medical")]):
            row = CallRow(
                id=call_id,
                caller=f"1381111222{place}",
                dialled="12345",
                ticket_number=f"26112255701{place}",
                started_at=backend.clock(),
            )
            Calls(session).add(row)
            await session.flush()
            record = Record(call_id, 1, backend.clock(), "queued", {"queue": queue})
            await call_facts.apply(session, record)


@pytest.fixture
async def li(sign_in: SignIn) -> Person:
    return await sign_in(Role.AGENT, name="li")


@pytest.fixture
async def chen(sign_in: SignIn) -> Person:
    return await sign_in(Role.SUPERVISOR, name="chen")


async def sent(person: Person, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = await person.send(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_desk_asks_for_its_own_seat_only(
    li: Person, sign_in: SignIn, engine: Engine
) -> None:
    mine = await sent(li, "GET", "/seats/mine")
    assert (mine["seat"]["seat"], mine["seat"]["telephone"], mine["waiting"]) == ("1001", "free", 0)
    wang = await sign_in(Role.AGENT, name="wang")
    assert (await sent(wang, "GET", "/seats/mine"))["seat"] is None
    engine.desk.ask("1001", SeatEvent.LOGGED_OUT)
    assert (await sent(li, "GET", "/seats/mine"))["seat"] is None


async def test_queues_are_set_at_run_time_and_count_at_once(chen: Person, engine: Engine) -> None:
    rule = {
        "needs": {"medical": 3},
        "overflows": [{"to": "queue", "queue": "general", "after_s": 9}],
    }
    made = await sent(chen, "PUT", "/queues/medical", **rule)
    assert made["changed_by"] == "account:chen"
    assert engine.desk.exchange.rules["medical"].needs == {"medical": 3}
    found = (await chen.get("/queues")).json()["queues"]
    assert [one["name"] for one in found] == ["general", "medical"]
    assert found[0]["live"]["seats"] == {"ready": 1}
    both = {"to": "recording", "after_s": 9, "closed": True}
    wrong = await sent(chen, "PUT", "/queues/a", 422, overflows=[both])
    assert wrong["error"] == "SettingRefused"
    day = {"opens": "08:30", "closes": "18:00"}
    for half in ({"hours": day}, {"overflows": [{"to": "recording", "closed": True}]}):
        refused = await sent(chen, "PUT", "/queues/a", 422, **half)
        assert "开放时间与关闭后的去向" in refused["details"][0]["reason_zh"]
    stays = await sent(chen, "DELETE", "/queues/general", 409)
    assert stays["error"] == "QueueStays"
    await sent(chen, "DELETE", "/queues/medical", 204)
    assert (await sent(chen, "DELETE", "/queues/medical", 404))["error"] == "QueueNotFound"


async def test_an_expert_serves_by_the_roster_only(
    chen: Person, sign_in: SignIn, engine: Engine, clock: Clock
) -> None:
    zhao = await sign_in(Role.AGENT, name="zhao")
    await sent(chen, "PUT", "/queues/experts", by_roster=True)
    profile = {"kind": "expert", "queues": ["experts"], "wrap_up_s": 0}
    await sent(chen, "PUT", "/seats/profiles/zhao", **profile)
    refused = await sent(zhao, "POST", "/seats/1002/login", 409, device="phone")
    assert (refused["error"], "没有排班" in refused["message_zh"]) == ("NotOnDuty", True)
    duty = {
        "account": "zhao",
        "kind": "expert",
        "queue": "experts",
        "title": "市医保局",
        "starts_at": clock().isoformat(),
        "ends_at": (clock() + timedelta(hours=1)).isoformat(),
    }
    given = await sent(chen, "POST", "/rosters", 201, **duty)
    assert given["now"] is True
    twice = await sent(chen, "POST", "/rosters", 422, **duty)
    assert (twice["error"], twice["details"][0]["field"]) == ("RosterRefused", "starts_at")
    there = await sent(zhao, "POST", "/seats/1002/login", device="phone")
    assert there["seat"]["queues"] == ["experts"]
    clock.now += timedelta(hours=2)
    over = {**duty, "starts_at": (clock() - timedelta(hours=2)).isoformat(),
            "ends_at": (clock() - timedelta(hours=1)).isoformat()}  # fmt: skip
    expired = await sent(chen, "POST", "/rosters", 422, **over)
    assert "已经过去" in expired["details"][0]["reason_zh"]
    again = await sent(zhao, "POST", "/seats/1003/login", 409, device="phone")
    assert again["error"] == "RosterExpired"


async def test_an_agent_rings_back_for_the_own_queues_only(
    li: Person, chen: Person, engine: Engine, backend: Backend
) -> None:
    other = await sent(li, "POST", "/seats/1001/call-back", 409, call_id=OTHERS)
    assert (other["error"], other["allowed"]) == ("OtherQueue", ["general"])
    await sent(li, "POST", "/seats/1001/call-back", 404, call_id="hl1-9.9")
    made = await sent(li, "POST", "/seats/1001/call-back", 202, call_id=EARLIER)
    assert made["leg"] == f"{EARLIER}-a1-b1"
    await engine.apply(backend)
    (found,) = (await li.get("/call-backs")).json()["call_backs"]
    assert (found["caller"], found["state"], found["by"]) == ("138****2220", "dialling", "li")
    path = f"/call-backs/{made['id']}/cancel"
    assert (await sent(chen, "POST", path, 409, reason="太晚"))["error"] == "CallBackSettled"
    assert (await sent(li, "POST", path, 403, reason="太晚"))["error"] == "NotAllowed"


async def test_a_page_that_shows_an_old_state_changes_nothing(
    li: Person, chen: Person, engine: Engine
) -> None:
    body = {"state": "paused", "reason": "meal", "expected": "wrap_up"}
    stale = await sent(li, "PUT", "/seats/1001/state", 409, **body)
    assert (stale["error"], stale["allowed"]) == ("StaleState", ["ready"])
    assert engine.desk.states() == {"1001": "ready"}
    await sent(li, "PUT", "/seats/1001/state", **{**body, "expected": "ready"})
    assert engine.desk.states() == {"1001": "paused"}


async def test_supervisors_move_agents_tell_everybody_and_leave_traces(
    li: Person, chen: Person, sign_in: SignIn, engine: Engine, backend: Backend
) -> None:
    await sent(chen, "PUT", "/queues/medical")
    await sent(chen, "PUT", "/seats/1001/queues", queues=["medical"])
    assert engine.desk.exchange.seat("1001").profile.queues == ("medical",)
    unknown = await sent(chen, "PUT", "/seats/1001/queues", 422, queues=["nowhere"])
    assert (unknown["error"], unknown["allowed"]) == ("QueueUnknown", ["general", "medical"])
    await sent(li, "PUT", "/seats/1001/queues", 403, queues=["general"])
    await sent(chen, "PUT", "/seats/1001/state", state="paused", reason="supervisor")
    told = await sent(chen, "POST", "/floor/broadcasts", 201, text="暴雨红色预警")
    await engine.apply(backend)
    assert (await li.get("/floor/broadcasts")).json()["broadcasts"][0]["id"] == told["id"]
    auditor = await sign_in(Role.AUDITOR, name="wu")
    trail = (await auditor.get("/audit")).json()["entries"]
    seen = {one["action"] for one in trail}
    assert {"queue.set", "seat.move", "seat.state", "floor.broadcast"} <= seen


async def test_an_alarm_is_answered_once(li: Person, chen: Person, engine: Engine) -> None:
    alarm = await sent(li, "POST", "/seats/1001/help", 202, note="来电人威胁")
    assert engine.told[-1]["type"] == "alarm"
    assert (await chen.get("/wallboard")).json()["alarms"] == 1
    path = f"/floor/alarms/{alarm['id']}/acknowledge"
    await sent(li, "POST", path, 403)
    assert (await sent(chen, "POST", path))["acknowledged_by"] == "chen"
    twice = await sent(chen, "POST", path, 409)
    assert (twice["error"], "chen" in twice["message"]) == ("AlarmSettled", True)
    assert (await sent(chen, "POST", "/floor/alarms/7/acknowledge", 404))["error"] == "AlarmUnknown"
    assert (await chen.get("/wallboard")).json()["alarms"] == 0
    (listed,) = (await chen.get("/floor/alarms")).json()["alarms"]
    assert listed["kind"] == "help"


async def test_policy_and_numbers_that_go_first(chen: Person, engine: Engine) -> None:
    policy = (await chen.get("/floor/policy")).json()
    policy["words"] = {"井盖塌了": "119"}
    policy["alarms"]["longest_wait_s"] = None
    assert await sent(chen, "PUT", "/floor/policy", **policy) == policy
    assert engine.shelf.settings.policy.alarms.longest_wait is None
    policy["call_backs"]["closes"] = policy["call_backs"]["opens"]
    wrong = await sent(chen, "PUT", "/floor/policy", 422, **policy)
    assert wrong["error"] == "SettingRefused"
    await sent(chen, "PUT", "/priority-callers/13911112222", note="高龄")
    assert engine.shelf.settings.goes_first("13911112222", engine.desk.now())
    (listed,) = (await chen.get("/priority-callers")).json()["callers"]
    assert listed["caller"] == "139****2222"
    await sent(chen, "DELETE", "/priority-callers/13911112222", 204)
    assert not engine.shelf.settings.goes_first("13911112222", engine.desk.now())


async def test_statistics_say_what_they_count(chen: Person, li: Person, clock: Clock) -> None:
    clock.now += timedelta(minutes=5)
    found = (await chen.get("/statistics/queues")).json()
    assert {row["queue"]: row["asked"] for row in found["rows"]} == {"general": 1, "medical": 1}
    assert found["definitions"]["asked"]["zh"]
    assert (await li.get("/statistics/queues")).status_code == 403
    for name in ("queues", "agents"):
        text = (await chen.get(f"/statistics/{name}.csv")).content.decode("utf-8-sig")
        assert " / " in text.splitlines()[1]
        sheet = await chen.get(f"/statistics/{name}.xlsx")
        assert sheet.content.startswith(b"PK")
        assert "spreadsheetml" in sheet.headers["content-type"]
    assert (await chen.get("/statistics/events")).json()["events"] == []
    early = {"since": "2020-01-01T00:00:00Z"}
    assert (await chen.get("/statistics/agents", params=early)).status_code == 422
