"""What the agent's desk is told before and during a call, and a call that holds two matters."""

from datetime import timedelta
from typing import Any

import pytest

from api.backend import Backend
from domain.accounts.permissions import Role
from domain.tickets.status import TicketStatus
from storage.repositories.calls import Calls, Utterance, Utterances
from storage.repositories.tickets import Tickets
from storage.tables.call import CallRow
from storage.tables.ticket import TicketRow
from tests.db.api.people import Person, SignIn

CALL, EARLIER, HIDDEN = "hl1-1795000000.1", "hl1-1794000000.1", "hl1-1795000000.2"
NUMBER = "13811112222"
WARNING = {"call_id": EARLIER, "conduct": "insult", "measure": "warn", "note": "已提醒"}


@pytest.fixture
async def agent(sign_in: SignIn) -> Person:
    return await sign_in(Role.AGENT, name="li")


@pytest.fixture(autouse=True)
async def calls(backend: Backend) -> None:
    async with backend.database.transaction() as session:
        for place, (call_id, caller, outcome) in enumerate(
            [(EARLIER, NUMBER, "abandoned"), (CALL, NUMBER, None), (HIDDEN, "anonymous", None)]
        ):
            days = 1 if call_id == EARLIER else 0
            row = CallRow(
                id=call_id,
                caller=caller,
                dialled="12345",
                ticket_number=f"26112255701{place}",
                started_at=backend.clock() - timedelta(days=days),
                outcome=outcome,
            )
            Calls(session).add(row)


async def said(backend: Backend, *texts: str) -> None:
    async with backend.database.transaction() as session:
        for seq, text in enumerate(texts):
            at = float(10 * seq)
            words = [
                {"word": sign, "start_s": at + n / 5, "end_s": at + n / 5 + 0.2, "confidence": 0.9}
                for n, sign in enumerate(text)
            ]
            spoken = Utterance("caller", "live", seq, at, at + len(text) / 5, text, words)
            await Utterances(session).put(CALL, spoken)


def ticket(backend: Backend, number: str, **more: Any) -> TicketRow:
    values: dict[str, Any] = {
        "status": TicketStatus.DRAFT, "city": "hangzhou", "category": "投诉", "title": "路灯不亮",
        "summary": "", "caller": NUMBER, "fields": {}, "caller_text": "", "agent_text": "",
        "origin": "phone", "version": 1, "created_at": backend.clock(),
        "updated_at": backend.clock(),
    }  # fmt: skip
    return TicketRow(id=number, **values | more)


async def test_the_number_has_a_past(backend: Backend, agent: Person) -> None:
    secret = {"wants_secrecy": {"value": "yes", "confidence": 0.8, "spans": [], "rule": "secrecy"}}
    async with backend.database.transaction() as session:
        Tickets(session).add(ticket(backend, "261120000001"))
        Tickets(session).add(ticket(backend, "261120000002", fields=secret))
        Tickets(session).add(ticket(backend, "261120000003", status=TicketStatus.DISCARDED))
    assert (await agent.send("POST", "/conduct/measures", json=WARNING)).status_code == 201
    pop = (await agent.get(f"/calls/{CALL}/pop")).json()
    assert pop["call"]["caller"] == "138****2222"
    assert [call["call_id"] for call in pop["calls"]] == [EARLIER]
    assert pop["abandoned"] == 1
    assert {one["ticket_id"]: one["title"] for one in pop["tickets"]} == {
        "261120000001": "路灯不亮",
        "261120000002": "",
    }
    assert [one["measure"] for one in pop["measures"]] == ["warn"]


async def test_a_withheld_number_has_none(agent: Person) -> None:
    pop = (await agent.get(f"/calls/{HIDDEN}/pop")).json()
    assert pop["withheld"] is True
    assert (pop["calls"], pop["tickets"], pop["measures"]) == ([], [], [])


async def test_the_draft_grows_with_what_is_said(backend: Backend, agent: Person) -> None:
    before = (await agent.get(f"/calls/{CALL}/draft")).json()
    assert (before["utterances"], before["fields"]["address"]["value"]) == (0, "")
    await said(backend, "你好我要投诉西湖区文三路186号门口的路灯不亮了")
    after = (await agent.get(f"/calls/{CALL}/draft")).json()
    address = after["fields"]["address"]
    assert "文三路186号" in address["value"]
    assert address["spans"][0]["words"] in "西湖区文三路186号门口"
    assert after["ticket_id"] == "261122557011"
    async with backend.database.session() as session:
        assert await Tickets(session).find("261122557011") is None


async def test_only_who_works_at_a_seat_is_told(sign_in: SignIn) -> None:
    reviewer = await sign_in(Role.RECORDING_REVIEWER, name="zhao")
    for path in (f"/calls/{CALL}/pop", f"/calls/{CALL}/draft", "/template?category=投诉"):
        assert (await reviewer.get(path)).status_code == 403


async def test_the_form_follows_the_topic(agent: Person) -> None:
    plain = (await agent.get("/template", params={"category": "投诉"})).json()["wanted"]
    topic = "劳动和社会保障/劳动关系/工资与欠薪"
    own = (await agent.get("/template", params={"category": "投诉", "topic": topic})).json()
    assert [one["field"] for one in plain] == [
        "address", "subject", "event_time", "contact_number", "request",
    ]  # fmt: skip
    assert [one["field"] for one in own["wanted"] if one["own"]] == ["用人单位", "拖欠金额"]


async def test_one_call_two_matters(backend: Backend, agent: Person) -> None:
    shared = {"contact_number": {"value": "13900000000"}, "address": {"value": "文三路186号"}}
    async with backend.database.transaction() as session:
        Tickets(session).add(ticket(backend, "261122557011", call_id=CALL, fields=shared))
    matter = {"version": 1, "category": "求助", "title": "申请加装路灯"}
    answer = await agent.send("POST", "/tickets/261122557011/split", json=matter)
    assert answer.status_code == 201, answer.text
    other = answer.json()
    assert (other["call_id"], other["category"]) == (CALL, "求助")
    assert "contact_number" in other["fields"]
    assert "address" not in other["fields"]
    history = (await agent.get("/tickets/261122557011/history")).json()
    assert history["intact"]
    assert history["events"][-1]["what"] == "split_into"
    # It looks like a telephone number, but must be found.
    assert history["events"][-1]["detail"] == {"ticket": other["ticket_id"]}
    # An agent who has not seen the first split does not split again by mistake.
    again = await agent.send("POST", "/tickets/261122557011/split", json=matter)
    assert again.status_code == 409


async def test_what_is_registered_is_not_split(backend: Backend, agent: Person) -> None:
    async with backend.database.transaction() as session:
        Tickets(session).add(ticket(backend, "261122557011", call_id=CALL))
    registered = await agent.send("POST", "/tickets/261122557011/register", json={"version": 1})
    assert registered.status_code == 200, registered.text
    matter = {"version": registered.json()["version"], "title": "申请加装路灯"}
    answer = await agent.send("POST", "/tickets/261122557011/split", json=matter)
    assert (answer.status_code, answer.json()["error"]) == (409, "SplitRefused")
