"""A draft's way under its city's rules, over HTTP, on both databases."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response

from domain.accounts.permissions import Role
from tests.db.api.people import Clock, Person, SignIn

LAMP = {"city": "lishui", "category": "投诉", "summary": "路灯不亮", "caller": "13800000000"}
UNIT = "住建局"


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class Line:
    """A ticket and the people who work on it."""

    def __init__(self, machine: AsyncClient, people: dict[str, Person], clock: Clock) -> None:
        self.machine, self.people, self.clock = machine, people, clock
        self.id, self.version = "", 0

    async def draft(self, at: str, **changes: Any) -> "Line":
        self.clock.now = china(at)
        answer = await self.machine.post("/tickets", json={**LAMP, **changes})
        assert answer.status_code == 201, answer.text
        self.id, self.version = answer.json()["ticket_id"], answer.json()["version"]
        return self

    async def does(self, who: str, verb: str, at: str = "", **fields: Any) -> Response:
        if at:
            self.clock.now = china(at)
        body = {"version": self.version, **fields}
        answer = await self.people[who].send("POST", f"/tickets/{self.id}/{verb}", json=body)
        if answer.status_code == 200:
            self.version = answer.json()["version"]
        return answer

    async def done(self, who: str, verb: str, at: str = "", **fields: Any) -> dict[str, Any]:
        answer = await self.does(who, verb, at, **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, what: str) -> dict[str, Any]:
        answer = await self.people["agent"].get(f"/tickets/{self.id}/{what}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest_asyncio.fixture
async def line(machine: AsyncClient, sign_in: SignIn, clock: Clock) -> Line:
    people = {
        "agent": await sign_in(Role.AGENT),
        "dispatcher": await sign_in(Role.DISPATCHER),
        "unit": await sign_in(Role.UNIT_HANDLER),
        "supervisor": await sign_in(Role.SUPERVISOR),
        "visitor": await sign_in(Role.VISITOR),
    }
    return Line(machine, people, clock)


def clock_of(case: dict[str, Any], name: str) -> dict[str, Any]:
    return next(clock for clock in case["clocks"] if clock["name"] == name)


async def given_dispatched(line: Line) -> dict[str, Any]:
    await line.draft("2026-09-30T09:59:00")
    await line.done("agent", "register", "2026-09-30T10:00:00")
    return await line.done("dispatcher", "dispatch", "2026-09-30T11:00:00", unit=UNIT)


async def test_a_draft_becomes_a_ticket_with_the_draft_s_kind_and_its_city_s_limits(
    line: Line,
) -> None:
    await line.draft("2026-09-30T09:59:00")
    case = await line.done("agent", "register", "2026-09-30T10:00:00")
    assert (case["state"], case["category"], case["rules_version"]) == (
        "registered",
        "complaint",
        "lishui-2026-08-01",
    )
    assert clock_of(case, "handle")["due"] == "2026-10-15T23:59:59+08:00"
    ticket = (await line.people["agent"].get(f"/tickets/{line.id}")).json()
    assert (ticket["status"], ticket["version"]) == ("submitted", 2)


async def test_the_whole_life_of_a_ticket(line: Line) -> None:
    await given_dispatched(line)
    await line.done("unit", "sign", "2026-09-30T15:00:00", unit=UNIT, handler_name="李")
    await line.done("unit", "contact", unit=UNIT)
    closing = await line.done(
        "unit",
        "request_close",
        "2026-10-12T10:00:00",
        unit=UNIT,
        reply="路灯已更换并告知",
        evidence=["录音"],
    )
    if closing["state"] == "closing_review":
        closing = await line.done("dispatcher", "decide_close", accept=True)
    assert closing["end_state"] == "CLOSED"
    case = await line.done("visitor", "visit", "2026-10-12T16:00:00", solved=True, satisfied=True)
    assert not case["late"]
    history = await line.get("history")
    told = [event["what"] for event in history["events"]]
    assert told[:3] == ["registered", "register", "kind"]
    assert history["intact"]
    assert history["broken_at"] is None
    assert history["events"][-1]["hash"] == history["head"]
    actors = {event["what"]: event["actor"] for event in history["events"]}
    assert actors["dispatch"].startswith("account:dispatcher")


async def test_why_it_is_due_on_15_october(line: Line) -> None:
    await given_dispatched(line)
    explained = await line.get("explain")
    handle = next(each for each in explained["clocks"] if each["clock"]["name"] == "handle")
    counted = [(day["day"], day["counted"]) for day in handle["days"] if day["counted"]]
    assert counted == [
        ("2026-10-08", 1),
        ("2026-10-09", 2),
        ("2026-10-10", 3),
        ("2026-10-12", 4),
        ("2026-10-13", 5),
        ("2026-10-14", 6),
        ("2026-10-15", 7),
    ]
    kinds = {day["day"]: day["why"] for day in handle["days"]}
    assert "调休" in kinds["2026-10-10"]
    assert "放假" in kinds["2026-10-01"]
    assert "周末" in kinds["2026-10-11"]
    assert handle["started_by"]["what"] == "register"
    assert handle["clock"]["article"] == "第十七条"
    assert "2026-10-15 24:00" in handle["why"]


async def test_silence_has_happened_when_somebody_looks_or_acts(line: Line) -> None:
    await given_dispatched(line)
    line.clock.now = china("2026-10-09T09:00:00")
    assert (await line.get("case"))["state"] == "accepted"
    refused = await line.does(
        "unit",
        "request_return",
        unit=UNIT,
        reason="非本单位职责",
        basis="权责清单",
        suggested_unit="城管局",
    )
    assert refused.status_code == 409
    body = refused.json()
    assert (body["article"], body["state"], body["error"]) == (
        "第十八条",
        "accepted",
        "NotPossible",
    )
    # Refused: nothing was written, the silence neither.
    assert [event["what"] for event in (await line.get("history"))["events"]][-1] == "dispatch"
    await line.done("unit", "contact", unit=UNIT)
    events = (await line.get("history"))["events"]
    silent = next(event for event in events if event["what"] == "deemed_accepted")
    assert (silent["at"], silent["actor"], silent["detail"]["by"]) == (
        "2026-10-08T23:59:59+08:00",
        "system",
        "silence",
    )
    assert silent["recorded_at"] == "2026-10-09T09:00:00+08:00"


async def test_what_a_refusal_says(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    early = await line.does("unit", "sign", "2026-09-30T10:00:00", unit=UNIT)
    assert early.status_code == 409
    assert early.json()["state"] == "new"
    assert "register" in early.json()["allowed"]
    await line.done("agent", "register")
    await line.done("dispatcher", "dispatch", "2026-09-30T11:00:00", unit=UNIT)
    lacking = await line.does("unit", "request_return", unit=UNIT)
    assert lacking.status_code == 422
    assert lacking.json()["article"] == "第十八条"
    assert "reason" in lacking.json()["allowed"]
    unknown = await line.does("supervisor", "supervise", trigger="weather")
    assert unknown.status_code == 422
    assert "overdue" in unknown.json()["allowed"]


async def test_two_at_once_one_wins_the_other_hears_what_changed(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    await line.done("agent", "register", "2026-09-30T10:00:00")
    units = ["住建局", "城管局", "供电公司", "交通局"]
    answers = await asyncio.gather(
        *(line.does("dispatcher", "dispatch", unit=unit) for unit in units)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    for loser in (answer.json() for answer in answers if answer.status_code == 409):
        assert loser["error"] == "TicketChangedMeanwhile"
        assert loser["current_version"] == winner["version"]
        change = loser["changed_since"][0]
        assert (change["what"], change["detail"]["fields"]["unit"]) == ("dispatch", winner["unit"])
    history = await line.get("history")
    assert [event["what"] for event in history["events"]].count("dispatch") == 1
    assert history["intact"]


@pytest.mark.parametrize(
    ("who", "verb", "fields"),
    [
        ("unit", "register", {}),
        ("agent", "dispatch", {"unit": UNIT}),
        ("dispatcher", "sign", {"unit": UNIT}),
        ("unit", "decide_extension", {"accept": True}),
        ("agent", "supervise", {}),
        ("visitor", "decide_close", {"accept": True}),
    ],
)
async def test_each_event_needs_its_role(
    line: Line, who: str, verb: str, fields: dict[str, Any]
) -> None:
    await line.draft("2026-09-30T09:59:00")
    assert (await line.does(who, verb, **fields)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"category": "lost"}, "category"),
        ({"urgency": "soon"}, "urgency"),
        ({"feedback_by": "2026-13-01"}, "feedback_by"),
        ({"statutory_by": "2026-10-01T10:00:00"}, "statutory_by"),
        ({"version": 0}, "version"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_bad_input_names_the_field_and_writes_nothing(
    line: Line, fields: dict[str, Any], field: str
) -> None:
    await line.draft("2026-09-30T09:59:00")
    answer = await line.does("agent", "register", **fields)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == field
    assert len((await line.get("history"))["events"]) == 1


async def test_a_draft_without_a_kind_must_be_given_one(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00", category="")
    answer = await line.does("agent", "register")
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "category")
    await line.done("agent", "register", category="help")
    ticket = (await line.people["agent"].get(f"/tickets/{line.id}")).json()
    assert ticket["category"] == "求助"


async def test_a_draft_has_no_case_yet_and_an_unknown_city_no_rules(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00", city="atlantis")
    missing = await line.people["agent"].get(f"/tickets/{line.id}/case")
    assert (missing.status_code, missing.json()["error"]) == (409, "CaseNotFound")
    assert "register" in missing.json()["allowed"]
    assert (await line.does("agent", "register")).status_code == 404


async def test_a_registered_ticket_s_kind_stays(line: Line) -> None:
    await given_dispatched(line)
    patch = await line.people["agent"].send(
        "PATCH", f"/tickets/{line.id}", json={"version": line.version, "category": "求助"}
    )
    assert (patch.status_code, patch.json()["error"]) == (409, "RegisteredAlready")


async def test_a_discarded_draft_is_not_registered(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    await line.people["agent"].send(
        "PATCH", f"/tickets/{line.id}", json={"version": 1, "status": "discarded"}
    )
    line.version = 2
    answer = await line.does("agent", "register")
    assert (answer.status_code, answer.json()["error"]) == (409, "StatusNotAllowed")


async def test_numbers_in_the_history_are_masked(line: Line) -> None:
    await given_dispatched(line)
    events = (await line.get("history"))["events"]
    register = next(event for event in events if event["what"] == "register")
    assert register["detail"]["fields"]["requester"]["contact"] == "138****0000"
    assert "13800000000" not in str(events)


async def test_an_anonymous_requester_is_shown_to_nobody(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    who = {"name": "王小明", "contact": "13800000000", "anonymous": True}
    case = await line.done("agent", "register", requester=who)
    told = str(case) + str(await line.get("history")) + str(await line.get("explain"))
    assert "小明" not in told
    assert "0000" not in str(case["requester"])
    assert "13800000000" not in told


async def test_a_refused_request_ends_at_once_with_the_prescribed_reply(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    known = await line.people["agent"].get("/rules/lishui")
    ground = next(
        each
        for each in known.json()["sets"][0]["grounds"]
        if each["ends"] == "refused" and not each["needs"]
    )
    case = await line.done("agent", "refuse", ground=ground["code"])
    assert case["end_state"] == "REFUSED"
    last = (await line.get("history"))["events"][-1]
    assert (last["detail"]["reason"], last["detail"]["article"]) == (
        ground["script"],
        ground["article"],
    )
