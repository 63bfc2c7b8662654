"""The knowledge base over the API: who reads, who writes, what is refused."""

from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import SignIn

ENTRY = {
    "key": "lamp",
    "title": "路灯不亮怎么报修",
    "answer": "拨打热线，说明位置。",
    "keywords": "路灯",
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
