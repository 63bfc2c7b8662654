"""Who works for a handling unit finds its tickets, and no others."""

from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import Person, SignIn
from tests.db.api.test_cases import LAMP, UNIT, Line, given_dispatched, line

__all__ = ["line"]
OTHER = "城管局"


def numbers(page: dict[str, list[dict[str, str]]], name: str) -> list[str]:
    return [each["ticket_id"] for each in page[name]]


async def given_handler(sign_in: SignIn, unit: str) -> Person:
    return await sign_in(Role.UNIT_HANDLER, unit=unit)


async def test_a_handler_sees_what_concerns_his_unit_and_nothing_else(
    line: Line, sign_in: SignIn
) -> None:
    handler, stranger = await given_handler(sign_in, UNIT), await given_handler(sign_in, OTHER)
    await given_dispatched(line)
    for path in ("", "/case", "/explain", "/history"):
        assert (await handler.get(f"/tickets/{line.id}{path}")).status_code == 200
        refused = await stranger.get(f"/tickets/{line.id}{path}")
        assert (refused.status_code, refused.json()["error"]) == (404, "TicketNotFound")
    assert numbers((await handler.get("/tickets")).json(), "tickets") == [line.id]
    assert numbers((await stranger.get("/tickets")).json(), "tickets") == []
    assert numbers((await stranger.get(f"/tickets?unit={UNIT}")).json(), "tickets") == []
    assert numbers((await handler.get("/cases")).json(), "cases") == [line.id]
    assert numbers((await stranger.get(f"/cases?unit={UNIT}")).json(), "cases") == []
    asked = await stranger.send("POST", f"/tickets/{line.id}/unmask", json={"reason": "回拨"})
    assert asked.status_code == 404


async def test_a_stranger_s_try_is_in_the_trail(line: Line, sign_in: SignIn) -> None:
    stranger, auditor = await given_handler(sign_in, OTHER), await sign_in(Role.AUDITOR)
    await given_dispatched(line)
    await stranger.send("POST", f"/tickets/{line.id}/sign", json={"version": 3})
    entries = (await auditor.get("/audit?action=refused")).json()["entries"]
    assert [entry["object_id"] for entry in entries] == [f"/tickets/{line.id}/sign"]


async def test_a_handler_acts_for_his_unit_without_naming_it(line: Line, sign_in: SignIn) -> None:
    line.people["own"] = await given_handler(sign_in, UNIT)
    await given_dispatched(line)
    named = await line.does("own", "sign", unit=OTHER)
    assert (named.status_code, named.json()["details"][0]["field"]) == (422, "unit")
    signed = await line.done("own", "sign", "2026-09-30T15:00:00", handler_name="李")
    assert signed["state"] == "accepted"


async def test_units_that_assist_see_it_until_they_are_taken_off(
    line: Line, sign_in: SignIn
) -> None:
    assisting, leading = await given_handler(sign_in, OTHER), await given_handler(sign_in, UNIT)
    await line.draft("2026-09-30T09:59:00")
    await line.done("agent", "register", "2026-09-30T10:00:00")
    await line.done("dispatcher", "dispatch", "2026-09-30T11:00:00", unit=UNIT, assist=[OTHER])
    assert (await assisting.get(f"/tickets/{line.id}")).status_code == 200
    asked = {"unit": UNIT, "reason": "非本单位职责", "basis": "权责清单", "suggested_unit": OTHER}
    await line.done("unit", "request_return", "2026-10-08T09:00:00", **asked)
    await line.done("dispatcher", "decide_return", accept=True, reason="属实")
    await line.done("dispatcher", "dispatch", "2026-10-08T11:00:00", unit=OTHER)
    assert (await leading.get(f"/tickets/{line.id}")).status_code == 404
    assert (await assisting.get(f"/tickets/{line.id}")).status_code == 200


async def test_only_people_of_units_are_bound_to_one(sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    given = {"name": "wang", "roles": ["agent"], "unit": UNIT}
    refused = await administrator.send("POST", "/accounts", json=given)
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "unit")
    made = await administrator.send("POST", "/accounts", json={**given, "roles": ["unit_handler"]})
    assert (made.status_code, made.json()["unit"]) == (201, UNIT)
    path = f"/accounts/{made.json()['id']}"
    refused = await administrator.send("PATCH", path, json={"roles": ["unit_handler", "agent"]})
    assert (refused.status_code, refused.json()["error"]) == (422, "UnitNotForRole")
    freed = await administrator.send("PATCH", path, json={"unit": "", "roles": ["agent"]})
    assert (freed.status_code, freed.json()["unit"]) == (200, "")


async def test_a_unit_s_own_system_signs_by_a_token(
    line: Line, sign_in: SignIn, anyone: AsyncClient
) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    await given_dispatched(line)
    given = {"name": "系统", "scopes": ["unit_handler"], "unit": OTHER}
    token = (await supervisor.send("POST", "/tokens", json=given)).json()["token"]
    anyone.headers["Authorization"] = f"Bearer {token}"
    answer = await anyone.post(f"/tickets/{line.id}/sign", json={"version": line.version})
    assert answer.status_code == 404


async def test_the_list_finds_by_state_and_by_what_time_does_next(line: Line) -> None:
    await given_dispatched(line)
    agent = line.people["agent"]
    (found,) = (await agent.get(f"/cases?state=dispatched&unit={UNIT}&city=lishui")).json()["cases"]
    assert (found["summary"], found["late"], found["state"]) == ("路灯不亮", False, "dispatched")
    dues = [clock["due"] for clock in found["clocks"]]
    assert dues == sorted(dues)
    assert "handle" in {clock["name"] for clock in found["clocks"]}
    for query in ("state=closed", "running=false", "reached_before=2026-09-30T00:00:00Z"):
        assert (await agent.get(f"/cases?{query}")).json()["cases"] == []
    assert (await agent.get("/cases?state=lost")).status_code == 422


async def test_the_list_pages(line: Line) -> None:
    registered = []
    for minute in range(10, 15):
        await line.draft(f"2026-09-30T10:{minute}:00")
        await line.done("agent", "register")
        registered.append(line.id)
    agent = line.people["agent"]
    first = (await agent.get("/cases?limit=3")).json()
    rest = (await agent.get(f"/cases?limit=3&after={first['after']}")).json()
    assert numbers(first, "cases") + numbers(rest, "cases") == registered[::-1]
    assert rest["after"] is None


async def test_a_cluster_warns_the_unit_and_is_proposed_for_coordination(
    line: Line, sign_in: SignIn
) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    fields = {
        "topic": {"value": "城乡建设/市政设施/路灯"},
        "address": {"value": "菏泽市牡丹区中华路"},
    }
    numbers = []
    for hour in range(10, 15):
        at = f"2026-09-30T{hour}:00:00"
        await line.draft(at, **{**LAMP, "city": "heze", "fields": fields})
        await line.done("agent", "register")
        await line.done("dispatcher", "dispatch", unit=UNIT)
        numbers.append(line.id)
    line.clock.advance(minutes=1)
    told = (await supervisor.get("/analyses/alarming?city=heze")).json()
    (cluster,) = told["clusters"]
    assert (cluster["topic"], cluster["area"]) == ("城乡建设/市政设施", "牡丹区")
    assert sorted(cluster["tickets"]) == numbers
    assert [(each["to"], each["article"]) for each in told["warnings"]] == [(UNIT, "第二十七条")]
    assert [each["article"] for each in told["to_coordinate"]] == ["第二十五条"]
    period = "from=2026-09-01&to=2026-09-30&city=heze"
    counted = (await supervisor.get(f"/analyses?{period}")).json()
    assert counted["analysis"]["by_unit"] == {UNIT: {"taken": 5, "solved": 0}}
    assert counted["publication"]["article"] == "第二十一条"
    elsewhere = (await supervisor.get("/analyses?from=2026-09-01&to=2026-09-30&city=lishui")).json()
    assert (elsewhere["analysis"]["taken"], elsewhere["publication"]) == (0, None)
    assert (await line.people["agent"].get("/analyses/alarming")).status_code == 403
