"""The knowledge base over the API: who reads, who writes, what is refused."""

from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import Clock, SignIn

ENTRY = {
    "key": "lamp",
    "title": "路灯不亮怎么报修",
    "answer": "拨打热线，说明位置。",
    "keywords": "路灯",
    "topic": "城乡建设/市政设施",
}


async def test_an_entry_is_added_found_changed_and_removed(sign_in: SignIn) -> None:
    supervisor, agent = await sign_in(Role.SUPERVISOR), await sign_in(Role.AGENT)
    added = await supervisor.send("POST", "/knowledge", json=ENTRY)
    assert added.status_code == 201
    number = added.json()["id"]
    (found,) = (await agent.get("/knowledge", params={"q": "我家门口路灯坏了"})).json()["entries"]
    assert (found["id"], found["title"]) == (number, ENTRY["title"])
    assert 0 < found["score"] <= 1
    assert "路灯" in found["terms"]
    changed = {**ENTRY, "answer": "扫灯杆上的码。"}
    answer = await supervisor.send("PUT", f"/knowledge/{number}", json=changed)
    assert answer.json()["answer"] == "扫灯杆上的码。"
    assert (await agent.get(f"/knowledge/{number}")).json()["updated_by"].startswith("account:")
    assert (await supervisor.send("DELETE", f"/knowledge/{number}")).status_code == 204
    assert (await agent.get("/knowledge", params={"q": "路灯"})).json()["entries"] == []
    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit")).json()["entries"]
    deeds = [entry["action"] for entry in trail if entry["action"].startswith("knowledge")]
    assert sorted(deeds) == ["knowledge.add", "knowledge.change", "knowledge.remove"]


async def test_agents_read_only(sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    assert (await agent.send("POST", "/knowledge", json=ENTRY)).status_code == 403


async def test_what_is_refused(sign_in: SignIn, machine: AsyncClient) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    first = (await supervisor.send("POST", "/knowledge", json=ENTRY)).json()
    again = await supervisor.send("POST", "/knowledge", json=ENTRY)
    assert (again.status_code, again.json()["error"]) == (409, "KnowledgeKeyTaken")
    other = await supervisor.send("POST", "/knowledge", json={**ENTRY, "key": "b"})
    path = f"/knowledge/{other.json()['id']}"
    assert (await supervisor.send("PUT", path, json=ENTRY)).status_code == 409
    assert (await supervisor.get("/knowledge/999")).status_code == 404
    assert (await supervisor.get("/knowledge", params={"q": ""})).status_code == 422
    empty = await supervisor.send("POST", "/knowledge", json={**ENTRY, "key": "c", "title": ""})
    assert empty.status_code == 422
    assert (await machine.get("/knowledge", params={"q": "路灯"})).status_code == 403
    assert first["key"] == "lamp"


FULL = dict.fromkeys(("basis", "scope", "subject", "conditions", "faq"), "有")


async def test_what_the_text_misses_keeps_an_entry_from_being_found(sign_in: SignIn) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    added = await supervisor.send("POST", "/knowledge", json={**ENTRY, "topic": ""})
    assert (added.json()["stage"], added.json()["faults"][0]["article"]) == (
        "collected",
        "第十二条",
    )
    path = f"/knowledge/{added.json()['id']}"
    assert (await supervisor.get("/knowledge", params={"q": "路灯"})).json()["entries"] == []
    (due,) = (await supervisor.get("/knowledge/waiting")).json()["entries"]
    assert due["id"] == added.json()["id"]
    refused = await supervisor.send("POST", f"{path}/stage", json={"stage": "published"})
    assert (refused.status_code, refused.json()["article"]) == (409, "第十二条")
    mended = await supervisor.send("PUT", path, json=ENTRY)
    assert (mended.json()["stage"], mended.json()["faults"]) == ("published", [])
    assert (await supervisor.get("/knowledge/waiting")).json()["entries"] == []


async def test_huizhou_has_every_entry_checked_first(sign_in: SignIn) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    given = {**ENTRY, "city": "huizhou", "content": FULL}
    added = (await supervisor.send("POST", "/knowledge", json=given)).json()
    path = f"/knowledge/{added['id']}"
    assert (added["stage"], added["faults"]) == ("collected", [])
    refused = await supervisor.send("POST", f"{path}/stage", json={"stage": "published"})
    assert (refused.status_code, refused.json()["article"]) == (409, "第十九条")
    for stage in ("reviewed", "published"):
        answer = await supervisor.send("POST", f"{path}/stage", json={"stage": stage})
        assert answer.json()["stage"] == stage
    again = await supervisor.send("PUT", path, json={**given, "answer": "扫灯杆上的码。"})
    assert again.json()["stage"] == "collected"


async def test_a_reported_fault_is_the_unit_s_duty_until_the_entry_is_replaced(
    sign_in: SignIn, clock: Clock
) -> None:
    supervisor, agent = await sign_in(Role.SUPERVISOR), await sign_in(Role.AGENT)
    given = {**ENTRY, "unit": "住建局"}
    path = f"/knowledge/{(await supervisor.send('POST', '/knowledge', json=given)).json()['id']}"
    clock.advance(minutes=5)
    told = (await agent.send("POST", f"{path}/changed", json={})).json()
    assert [(duty["unit"], duty["article"]) for duty in told["duties"]] == [("住建局", "第十二条")]
    assert len((await supervisor.get("/knowledge/waiting")).json()["entries"]) == 1
    clock.advance(minutes=5)
    changed = await supervisor.send("PUT", path, json={**given, "answer": "扫灯杆上的码。"})
    assert changed.json()["duties"] == []
    assert (await supervisor.get("/knowledge/waiting")).json()["entries"] == []


async def test_a_retired_entry_is_no_longer_found(sign_in: SignIn, clock: Clock) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    added = (await supervisor.send("POST", "/knowledge", json=ENTRY)).json()
    asked = {"params": {"q": "路灯"}}
    assert len((await supervisor.get("/knowledge", **asked)).json()["entries"]) == 1
    await supervisor.send("POST", f"/knowledge/{added['id']}/stage", json={"stage": "retired"})
    assert (await supervisor.get("/knowledge", **asked)).json()["entries"] == []
    clock.advance(seconds=1)
    for stage in ("collected", "published"):
        await supervisor.send("POST", f"/knowledge/{added['id']}/stage", json={"stage": stage})
    assert len((await supervisor.get("/knowledge", **asked)).json()["entries"]) == 1
