"""What tickets ask for outside them is kept, carried out once, and teaches the catalogue."""

from fastapi import FastAPI

from api.backend import Backend
from tests.db.api.people import browser, given_token
from tests.db.api.test_cases import Line, given_dispatched, line

__all__ = ["line"]
KEYS = {"content": "路灯", "district": "莲都区"}


async def test_a_designation_writes_itself_into_the_catalogue(line: Line) -> None:
    await line.draft("2026-09-30T09:59:00")
    await line.done("agent", "register", "2026-09-30T10:00:00")
    await line.done("dispatcher", "dispatch", "2026-09-30T11:00:00", unit="住建局", keys=KEYS)
    await line.done(
        "unit",
        "request_return",
        unit="住建局",
        reason="非本单位职责",
        basis="权责清单",
        suggested_unit="城管局",
    )
    case = await line.done(
        "dispatcher", "designate", unit="城管局", by="信访局", decision="会商确定"
    )
    assert [effect["kind"] for effect in case["effects"]] == ["catalogue"]
    agent = line.people["agent"]
    found = (await agent.get("/rules/lishui/catalogue?content=路灯&district=莲都区")).json()
    assert (found["version"], found["units"]) == (1, ["城管局"])
    assert found["rows"][0]["keys"] == KEYS
    elsewhere = (await agent.get("/rules/lishui/catalogue?content=欠薪")).json()
    assert elsewhere["units"] == []
    assert (await agent.get("/rules/heze/catalogue")).json()["rows"] == []


async def test_an_extension_s_notice_is_carried_out_once(
    line: Line, backend: Backend, app: FastAPI
) -> None:
    await line.draft("2026-09-07T09:00:00", city="huizhou")
    await line.done("agent", "register", "2026-09-07T10:00:00")
    await line.done("dispatcher", "dispatch", unit="住建局")
    await line.done("unit", "sign", unit="住建局", handler_name="李", handler_contact="123")
    await line.done(
        "unit",
        "request_extension",
        "2026-09-08T10:00:00",
        unit="住建局",
        reason="需论证",
        plan="下周",
        days=5,
        documents=["sealed_statement"],
    )
    await line.done("dispatcher", "decide_extension", accept=True)
    token = await given_token(backend, "notices")
    async with browser(app) as gateway:
        gateway.headers["Authorization"] = f"Bearer {token}"
        (effect,) = (await gateway.get("/effects")).json()["effects"]
        assert (effect["ticket_id"], effect["done_at"]) == (line.id, None)
        assert effect["kind"] in ("sms", "notice")
        assert (await gateway.get("/effects?kind=push")).json()["effects"] == []
        done = (await gateway.post(f"/effects/{effect['id']}/done")).json()
        assert done["done_by"] == "token:machine"
        line.clock.advance(hours=1)
        again = (await gateway.post(f"/effects/{effect['id']}/done")).json()
        assert again == done
        assert (await gateway.get("/effects")).json()["effects"] == []
        assert (await gateway.post("/effects/99/done")).status_code == 404
    assert (await line.people["agent"].get("/effects")).status_code == 403


async def test_a_refused_event_asks_for_nothing(line: Line) -> None:
    await given_dispatched(line)
    assert (await line.does("unit", "request_extension", unit="住建局", days=1)).status_code != 200
    assert (await line.get("case"))["effects"] == []
