"""A suspension from the first reminder to the appeal, by people with different roles."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.backend import Backend
from domain.accounts.permissions import Role
from storage.repositories.calls import Calls
from storage.repositories.suspensions import Suspensions
from storage.tables.call import CallRow
from tests.db.api.people import Clock, Person, SignIn

ABUSIVE, WITHHELD = "hl1-1795000000.1", "hl1-1795000000.2"
PROPOSAL = {"call_id": ABUSIVE, "conduct": "insult", "reason": "提醒后继续辱骂"}


@pytest.fixture(autouse=True)
async def calls(backend: Backend) -> None:
    async with backend.database.transaction() as session:
        for place, (call_id, caller) in enumerate(
            [(ABUSIVE, "13811112222"), (WITHHELD, "anonymous")]
        ):
            row = CallRow(
                id=call_id,
                caller=caller,
                dialled="12345",
                ticket_number=f"26112255701{place}",
                started_at=backend.clock(),
            )
            Calls(session).add(row)


@pytest.fixture
async def agent(sign_in: SignIn) -> Person:
    return await sign_in(Role.AGENT, name="li")


@pytest.fixture
async def supervisor(sign_in: SignIn) -> Person:
    return await sign_in(Role.SUPERVISOR, name="wang")


async def warned(agent: Person) -> dict[str, Any]:
    measure = {"call_id": ABUSIVE, "conduct": "insult", "measure": "warn", "note": "已提醒"}
    answer = await agent.send("POST", "/conduct/measures", json=measure)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def proposed(agent: Person) -> int:
    await warned(agent)
    answer = await agent.send("POST", "/suspensions", json=PROPOSAL)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def in_force(backend: Backend) -> list[str]:
    async with backend.database.session() as session:
        return [row.caller for row in await Suspensions(session).in_force(backend.clock())]


async def decide(person: Person, number: int, **given: Any) -> Any:
    body = {"suspend": True, "reason": "录音属实", "days": 7} | given
    return await person.send("POST", f"/suspensions/{number}/decision", json=body)


async def test_reminded_proposed_decided_ended(
    agent: Person, supervisor: Person, sign_in: SignIn, backend: Backend, clock: Clock
) -> None:
    first = await agent.send("POST", "/suspensions", json=PROPOSAL)
    assert (first.status_code, first.json()["article"]) == (409, "第二十九条")
    assert first.json()["allowed"] == ["warn"]
    number = await proposed(agent)
    asked = await agent.get(f"/conduct/measures?call_id={ABUSIVE}&conduct=insult")
    assert [one["measure"] for one in asked.json()["taken"]] == ["warn"]
    assert "suspend" in asked.json()["allowed"]
    assert (await decide(agent, number)).status_code == 403
    assert await in_force(backend) == []

    answer = (await decide(supervisor, number)).json()
    assert (answer["status"], answer["caller"]) == ("in_force", "138****2222")
    assert answer["evidence"] == [ABUSIVE]
    assert "第二十九条" in answer["notice"]
    assert await in_force(backend) == ["13811112222"]

    clock.advance(days=8)
    later = await sign_in(Role.SUPERVISOR, name="sun")
    again = await later.get(f"/suspensions/{number}")
    assert again.json()["status"] == "ended"
    assert await in_force(backend) == []


async def test_who_proposes_does_not_decide_and_a_third_judges_the_appeal(
    agent: Person, supervisor: Person, sign_in: SignIn, backend: Backend
) -> None:
    both = await sign_in(Role.SUPERVISOR, name="zhao")
    number = await proposed(both)
    assert (await decide(both, number)).status_code == 409
    assert (await decide(supervisor, number)).status_code == 200
    assert (await decide(supervisor, number)).status_code == 409

    path = f"/suspensions/{number}/appeal"
    words = {"words": "当时是孩子拿电话乱拨"}
    assert (await agent.send("POST", path, json=words)).json()["appeal"] == words["words"]
    assert (await agent.send("POST", path, json=words)).status_code == 409
    verdict = {"lift": True, "reason": "情况属实"}
    for judge in (both, supervisor):
        assert (await judge.send("POST", path + "/decision", json=verdict)).status_code == 409
    third = await sign_in(Role.SUPERVISOR, name="qian")
    lifted = (await third.send("POST", path + "/decision", json=verdict)).json()
    assert (lifted["status"], lifted["lifted_by"]) == ("lifted", "account:qian")
    assert await in_force(backend) == []


async def test_bad_input_is_told_with_what_would_be_right(
    agent: Person, supervisor: Person
) -> None:
    for call, status in ((WITHHELD, 409), ("hl1-0.0", 404)):
        body = PROPOSAL | {"call_id": call}
        assert (await agent.send("POST", "/suspensions", json=body)).status_code == status
    direct = {"call_id": ABUSIVE, "conduct": "insult", "measure": "suspend", "note": "立即暂停"}
    assert (await agent.send("POST", "/conduct/measures", json=direct)).status_code == 409
    number = await proposed(agent)
    assert (await agent.send("POST", "/suspensions", json=PROPOSAL)).status_code == 409
    wrong = await decide(supervisor, number, days=None)
    assert (wrong.status_code, wrong.json()["details"][0]["field"]) == (422, "days")
    assert "1 至 30 日" in wrong.json()["details"][0]["reason_zh"]
    rejected = (await decide(supervisor, number, suspend=False)).json()
    assert rejected["status"] == "rejected"
    lift = await supervisor.send("POST", f"/suspensions/{number}/lift", json={"reason": "无需"})
    assert lift.status_code == 409


async def test_lifting_and_the_list(agent: Person, supervisor: Person, app: FastAPI) -> None:
    number = await proposed(agent)
    await decide(supervisor, number)
    lift = await supervisor.send("POST", f"/suspensions/{number}/lift", json={"reason": "已致歉"})
    assert lift.json()["status"] == "lifted"
    listed = (await agent.get("/suspensions")).json()
    assert [one["id"] for one in listed["suspensions"]] == [number]
