"""From what was said to the draft ticket that stands in the backend."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.cities.load import city_names
from domain.drafting.draft import Draft, draft
from domain.drafting.speech import Side, SpokenWord, Utterance
from domain.tickets.status import TicketStatus
from services.actor import SYSTEM
from services.draft_fields import fields_of, spoken_span
from services.draft_lessons import lessons_in_force
from services.draft_matches import duplicates_field, knowledge_field, matter_of
from services.knowledge import KnowledgeSearch
from services.suspensions import note_appeal
from services.transcripts import AGENT, CALLER, transcript
from services.webhooks import plan_deliveries
from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.ticket_events import TicketEvent, TicketEvents
from storage.repositories.tickets import Tickets
from storage.tables.call import CallRow
from storage.tables.ticket import TicketRow
from storage.tables.utterance import UtteranceRow


@dataclass(frozen=True)
class Place:
    """Whose hotline this is: ``city`` as the settings name it, and its time zone."""

    city: str
    zone: tzinfo


async def draft_ticket(
    database: Database,
    call_id: str,
    *,
    knowledge: KnowledgeSearch,
    place: Place,
    now: datetime,
) -> tuple[str, list[str]]:
    """Store the draft of a call and plan its deliveries: the ticket's number, the deliveries' keys.

    One transaction; a call that has its draft keeps it, whatever happened to it since.
    """
    async with database.transaction() as session:
        call = await Calls(session).get(call_id)
        ticket = await Tickets(session).find(call.ticket_number)
        if ticket is None:
            ticket = await _first_draft(session, call, knowledge, place, now)
            await note_appeal(session, call, ticket.caller_text, now=now)
        keys = await plan_deliveries(session, ticket.id, _body(ticket), now=now)
        return ticket.id, keys


@dataclass(frozen=True)
class Drafted:
    """What a call's words say so far; ``fields`` as in `TicketRow`."""

    draft: Draft
    fields: dict[str, Any]
    said: Sequence[UtteranceRow]


async def drafted_of(
    session: AsyncSession, call: CallRow, knowledge: KnowledgeSearch, place: Place, now: datetime
) -> Drafted:
    """The draft of everything heard in a call until now; nothing is stored."""
    city, zone = place.city, place.zone
    said = await transcript(session, call.id)
    lessons = await lessons_in_force(session)
    drafted = draft(
        [_utterance(row) for row in said],
        caller_number=call.caller,
        call_started_at=call.started_at.astimezone(zone),
        city=city_names().get(city, ""),
        lessons=lessons,
    )
    matter = matter_of(call.ticket_number, call.caller, drafted, _text(said, CALLER))
    matches = {
        "duplicates": await duplicates_field(session, matter, city=city, now=now),
        "knowledge": await knowledge_field(
            session, knowledge, drafted, city=city, today=now.astimezone(zone).date()
        ),
    }
    return Drafted(drafted, fields_of(drafted, spoken_span) | matches, said)


async def _first_draft(
    session: AsyncSession, call: CallRow, knowledge: KnowledgeSearch, place: Place, now: datetime
) -> TicketRow:
    found = await drafted_of(session, call, knowledge, place, now)
    drafted, said = found.draft, found.said
    ticket = TicketRow(
        id=call.ticket_number,
        call_id=call.id,
        status=TicketStatus.DRAFT,
        city=place.city,
        category=drafted.category.value,
        title=drafted.title.value,
        summary=drafted.summary.value,
        caller=call.caller,
        fields=found.fields,
        caller_text=_text(said, CALLER),
        agent_text=_text(said, AGENT),
        origin="phone",
        created_at=now,
        updated_at=now,
        version=1,
    )
    Tickets(session).add(ticket)
    event = TicketEvent(1, now, SYSTEM.name, "drafted", {"outcome": call.outcome or ""})
    TicketEvents(session).append(ticket, event)
    await session.flush()
    return ticket


def _utterance(row: UtteranceRow) -> Utterance:
    return Utterance(Side(row.side), tuple(SpokenWord(**word) for word in row.words))


def _text(said: Sequence[UtteranceRow], side: str) -> str:
    return "".join(row.text for row in said if row.side == side)


def _body(ticket: TicketRow) -> str:
    """What an outside backend receives."""
    columns = ("id", "call_id", "city", "category", "title", "summary", "caller", "fields")
    words = ("caller_text", "agent_text", "origin")
    body: dict[str, Any] = {name: getattr(ticket, name) for name in (*columns, *words)}
    body["status"] = ticket.status.value
    body["created_at"] = ticket.created_at.isoformat()
    body["recording"] = f"/calls/{ticket.call_id}/recording"
    return json.dumps(body, ensure_ascii=False)
