from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import SignIn

SCENE = {
    "city": "lishui",
    "events": [
        {"at": "2026-09-30T10:00:00+08:00", "do": "register", "category": "complaint"},
        {"at": "2026-09-30T11:00:00+08:00", "do": "dispatch", "unit": "住建局"},
        {"at": "2026-10-09T09:00:00+08:00", "do": "request_return", "unit": "住建局"},
    ],
}


async def test_a_scenario_is_played_like_on_the_command_line(machine: AsyncClient) -> None:
    answer = await machine.post("/rules/replay", json=SCENE)
    outcome = answer.json()
    assert answer.status_code == 200
    assert (outcome["state"], outcome["rules_version"]) == ("accepted", "lishui-2026-08-01")
    assert [each["index"] for each in outcome["rejected"]] == [2]
    nothing = await machine.get("/tickets")
    assert nothing.json()["tickets"] == []


async def test_a_scenario_that_cannot_be_used_names_the_field(machine: AsyncClient) -> None:
    wrong = {**SCENE, "events": [{"at": "2026-09-30T10:00:00", "do": "register"}]}
    answer = await machine.post("/rules/replay", json=wrong)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "events[0].at")
    far = {**SCENE, "city": "atlantis"}
    answer = await machine.post("/rules/replay", json=far)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "city")


async def test_the_rules_of_a_city_and_all_cities_side_by_side(machine: AsyncClient) -> None:
    lishui = (await machine.get("/rules/lishui")).json()["sets"][0]
    assert lishui["version"] == "lishui-2026-08-01"
    assert lishui["parameters"]["handle_limits"]["value"]["general"] == "7wd"
    assert lishui["parameters"]["handle_limits"]["article"] == "第十七条"
    matrix = (await machine.get("/rules/matrix")).json()
    row = next(each for each in matrix["rows"] if each["parameter"] == "handle_limits")
    assert set(row["cities"]) == {"hangzhou", "heze", "huizhou", "lishui", "shantou"}
    assert row["cities"]["heze"]["silent"]
    assert (await machine.get("/rules/atlantis")).status_code == 404


async def test_a_year_is_replaced_by_an_administrator_once(sign_in: SignIn) -> None:
    administrator, agent = await sign_in(Role.ADMINISTRATOR), await sign_in(Role.AGENT)
    before = (await agent.get("/rules/calendar/2027")).json()
    assert (before["announced"], before["edition"]) == (False, 0)
    body = {"edition": 0, "days_off": ["2027-01-01"], "days_worked": [], "source": "演练通知"}
    assert (await agent.send("PUT", "/rules/calendar/2027", json=body)).status_code == 403
    changed = await administrator.send("PUT", "/rules/calendar/2027", json=body)
    assert (changed.status_code, changed.json()["edition"]) == (200, 2)
    again = await administrator.send("PUT", "/rules/calendar/2027", json=body)
    assert (again.status_code, again.json()["error"]) == (409, "TableChangedMeanwhile")
    weekend = {**body, "edition": 2, "days_off": ["2027-01-02"]}
    refused = await administrator.send("PUT", "/rules/calendar/2027", json=weekend)
    assert refused.status_code == 422
    assert "2027-01-02" in refused.json()["message"]
    after = (await agent.get("/rules/calendar/2027")).json()
    assert (after["announced"], after["days_off"], after["edition"]) == (True, ["2027-01-01"], 2)
    old = (await agent.get("/rules/calendar/2026")).json()
    assert "2026-10-10" in old["days_worked"]


async def test_a_city_s_own_settings(sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    assert (await administrator.get("/rules/heze/settings")).json()["handle_limit"] is None
    wanted = {"handle_limit": "5wd", "thresholds": {"repeats": 4}}
    changed = await administrator.send("PUT", "/rules/heze/settings", json=wanted)
    assert changed.status_code == 200, changed.text
    now = (await administrator.get("/rules/heze/settings")).json()
    assert (now["handle_limit"], now["thresholds"]["repeats"]) == ("5wd", 4)
    assert now["thresholds"]["requesters"] == 5
