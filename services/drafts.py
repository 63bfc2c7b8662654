"""From what was said to the draft ticket that stands in the backend."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.draft import Draft, Field, draft
from domain.drafting.speech import Side, Span, SpokenWord, Utterance
from domain.tickets.status import TicketStatus
from services.actor import SYSTEM
from services.transcripts import AGENT, CALLER, transcript
from services.webhooks import plan_deliveries
from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.ticket_events import TicketEvent, TicketEvents
from storage.repositories.tickets import Tickets
from storage.tables.call import CallRow
from storage.tables.ticket import TicketRow
from storage.tables.utterance import UtteranceRow

CITY_NAMES = {
    "hangzhou": "杭州",
    "lishui": "丽水",
    "heze": "菏泽",
    "shantou": "汕头",
    "huizhou": "惠州",
}
FIELDS = (
    "category", "title", "summary", "address", "event_time", "caller_number", "contact_number",
    "request", "subject", "topic", "urgency", "facts", "contact_name", "wants_reply",
    "wants_secrecy", "emergency", "abuse",
)  # fmt: skip
# Topics that a person who corrects the first may want to choose from.
RANKED = 3


async def draft_ticket(
    database: Database, call_id: str, *, city: str, zone: ZoneInfo, now: datetime
) -> tuple[str, list[str]]:
    """Store the draft of a call and plan its deliveries: the ticket's number, the deliveries' keys.

    One transaction; a call that has its draft keeps it, whatever happened to it since.
    """
    async with database.transaction() as session:
        call = await Calls(session).get(call_id)
        ticket = await Tickets(session).find(call.ticket_number)
        if ticket is None:
            ticket = await _first_draft(session, call, city, zone, now)
        keys = await plan_deliveries(session, ticket.id, _body(ticket), now=now)
        return ticket.id, keys


async def _first_draft(
    session: AsyncSession, call: CallRow, city: str, zone: ZoneInfo, now: datetime
) -> TicketRow:
    said = await transcript(session, call.id)
    drafted = draft(
        [_utterance(row) for row in said],
        caller_number=call.caller,
        call_started_at=call.started_at.astimezone(zone),
        city=CITY_NAMES.get(city, ""),
    )
    ticket = TicketRow(
        id=call.ticket_number,
        call_id=call.id,
        status=TicketStatus.DRAFT,
        city=city,
        category=drafted.category.value,
        title=drafted.title.value,
        summary=drafted.summary.value,
        caller=call.caller,
        fields=fields_of(drafted, _spoken_span),
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


def fields_of(drafted: Draft, span_of: Callable[[Span], dict[str, Any]]) -> dict[str, Any]:
    """Every field with its evidence; category, title and summary too, beside their columns.

    ``span_of`` writes a span: seconds of a call, or characters of a text.
    """

    def written(field: Field) -> dict[str, Any]:
        return {
            "value": field.value,
            "confidence": round(field.confidence, 3),
            "spans": [span_of(span) for span in field.spans],
            "rule": field.rule,
        }

    fields = {name: written(getattr(drafted, name)) for name in FIELDS}
    if drafted.event_at is not None:
        fields["event_time"]["at"] = drafted.event_at.isoformat()
    fields["event_time"]["precision"] = drafted.event_precision
    fields["address"]["parts"] = dict(drafted.place.parts) if drafted.place else {}
    fields["address"]["inferred"] = sorted(drafted.place.inferred) if drafted.place else []
    fields["topic"]["levels"] = drafted.topic.value.split("/") if drafted.topic.value else []
    best = drafted.topics[0]
    shares = (best.share, best.second_share, best.third_share) if best.third else ()
    fields["topic"]["level_confidences"] = [round(share, 3) for share in shares]
    fields["topic"]["ranking"] = [
        [topic.first, round(topic.share, 3)] for topic in drafted.topics[:RANKED]
    ]
    return fields | {"units": _units(drafted), "missing": _missing(drafted)}


def _units(drafted: Draft) -> dict[str, Any]:
    return {
        "value": [unit.name for unit in drafted.units],
        "confidence": round(drafted.topic.confidence, 3),
        "spans": [],
        "rule": "dispatch_catalogue",
        "why": [unit.why for unit in drafted.units],
    }


def _missing(drafted: Draft) -> dict[str, Any]:
    return {
        "value": [asdict(missing) for missing in drafted.missing],
        "confidence": 1.0,
        "spans": [],
        "rule": f"needed_for:{drafted.category.value}",
    }


def _spoken_span(span: Span) -> dict[str, Any]:
    return asdict(span) | {"side": span.side.value}


def _body(ticket: TicketRow) -> str:
    """What an outside backend receives."""
    columns = ("id", "call_id", "city", "category", "title", "summary", "caller", "fields")
    words = ("caller_text", "agent_text", "origin")
    body: dict[str, Any] = {name: getattr(ticket, name) for name in (*columns, *words)}
    body["status"] = ticket.status.value
    body["created_at"] = ticket.created_at.isoformat()
    body["recording"] = f"/calls/{ticket.call_id}/recording"
    return json.dumps(body, ensure_ascii=False)
