"""One call, one draft, whatever is repeated."""

import asyncio
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from domain.tickets.status import TicketStatus
from services.actor import SYSTEM
from services.drafts import Place, draft_ticket
from services.knowledge import KnowledgeSearch
from services.tickets import TicketEdit, edit_ticket
from services.webhook_endpoints import register_endpoint
from storage.database import Database
from storage.repositories.calls import CallNotFound
from storage.repositories.ticket_events import TicketEvents
from storage.repositories.tickets import Tickets
from storage.repositories.webhooks import WebhookDeliveries
from tests.db.services.given import CALL_ID, NOW, NUMBER, Facts

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAID = "昨天晚上文三路一百二十号门口的路灯坏了希望尽快修好"


async def drafted(database: Database, *, later_s: float = 0) -> tuple[str, list[str]]:
    now = NOW + timedelta(seconds=later_s)
    place = Place("hangzhou", SHANGHAI)
    return await draft_ticket(database, CALL_ID, knowledge=KnowledgeSearch(), place=place, now=now)


async def watched(database: Database) -> None:
    async with database.transaction() as session:
        await register_endpoint(
            session,
            "http://127.0.0.1:1/",
            "a secret of sixteen",
            enabled=True,
            actor=SYSTEM,
            now=NOW,
        )


async def test_what_was_said_becomes_the_draft(database: Database) -> None:
    facts = Facts().heard(SAID).heard("请问您贵姓", side="agent", at_s=9.0).ended("agent")
    await facts.into(database)
    assert await drafted(database) == (NUMBER, [])
    async with database.session() as session:
        ticket = await Tickets(session).get(NUMBER)
        (event,) = await TicketEvents(session).of_ticket(NUMBER)
    assert (ticket.call_id, ticket.status, ticket.version) == (CALL_ID, TicketStatus.DRAFT, 1)
    assert (ticket.city, ticket.origin, ticket.caller) == ("hangzhou", "phone", "13800000000")
    assert (ticket.caller_text, ticket.agent_text) == (SAID, "请问您贵姓")
    assert ticket.summary
    assert set(ticket.fields) == {
        *("category", "title", "summary", "address", "event_time"),
        *("caller_number", "contact_number", "request"),
        *("topic", "urgency", "subject", "units", "missing"),
        *("duplicates", "knowledge"),
        *("facts", "contact_name", "wants_reply", "wants_secrecy", "emergency", "abuse"),
    }
    address = ticket.fields["address"]
    assert "文三路" in address["value"]
    assert 0 < address["confidence"] <= 1
    assert {span["side"] for span in address["spans"]} == {"caller"}
    assert ticket.fields["event_time"]["at"].startswith("2026-11-21T")
    assert (event.what, event.actor, event.detail) == ("drafted", SYSTEM.name, {"outcome": "agent"})


async def test_a_call_in_which_nothing_was_said_has_its_draft_too(database: Database) -> None:
    await Facts().ended("abandoned").into(database)
    await drafted(database)
    async with database.session() as session:
        ticket = await Tickets(session).get(NUMBER)
    assert (ticket.caller_text, ticket.fields["address"]["value"]) == ("", "")


async def test_drafting_again_keeps_what_people_made_of_it(database: Database) -> None:
    await Facts().heard(SAID).ended().into(database)
    await watched(database)
    first = await drafted(database)
    async with database.transaction() as session:
        edit = TicketEdit(version=1, title="路灯")
        await edit_ticket(session, NUMBER, edit, actor=SYSTEM, now=NOW)
    assert await drafted(database, later_s=60) == first
    async with database.session() as session:
        ticket = await Tickets(session).get(NUMBER)
        (delivery,) = await WebhookDeliveries(session).pending()
        assert len(await Tickets(session).of_call(CALL_ID)) == 1
    assert (ticket.title, ticket.version, ticket.created_at) == ("路灯", 2, NOW)
    assert first[1] == [delivery.key]


async def test_two_workers_at_once_make_one_draft(database: Database, database_url: str) -> None:
    """One of them may fail and is then repeated by its workflow."""
    await Facts().heard(SAID).ended().into(database)
    other = Database(database_url)
    made = await asyncio.gather(*map(drafted, (database, other)), return_exceptions=True)
    await other.close()
    assert (NUMBER, []) in made
    assert all(one == (NUMBER, []) or isinstance(one, IntegrityError) for one in made)
    assert await drafted(database) == (NUMBER, [])
    async with database.session() as session:
        assert len(await Tickets(session).of_call(CALL_ID)) == 1
        assert len(await TicketEvents(session).of_ticket(NUMBER)) == 1


async def test_an_outside_backend_is_told_everything(database: Database) -> None:
    await Facts().heard(SAID).ended().into(database)
    await watched(database)
    _, (key,) = await drafted(database)
    async with database.session() as session:
        delivery = await WebhookDeliveries(session).find(key)
        ticket = await Tickets(session).get(NUMBER)
    assert delivery is not None
    body = json.loads(delivery.body)
    assert body["id"] == NUMBER
    assert body["recording"] == f"/calls/{CALL_ID}/recording"
    assert (body["status"], body["created_at"]) == ("draft", NOW.isoformat())
    assert body["fields"] == ticket.fields
    assert SAID in delivery.body  # as itself, not escaped


async def test_a_call_that_is_not_on_record(database: Database) -> None:
    with pytest.raises(CallNotFound):
        await drafted(database)
