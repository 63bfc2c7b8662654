"""What a draft is compared with: open tickets that may be the same, entries that may answer it."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.draft import Draft
from domain.drafting.duplicates import Matter, likely_duplicates
from domain.tickets.lifecycle.states import State
from services.knowledge import KnowledgeSearch
from storage.repositories.tickets import Tickets
from storage.tables.ticket import TicketRow

# Older ones are another matter, or not open any more.
OPEN_FOR = timedelta(days=30)
MOST_COMPARED = 500
OPEN_STATES = (
    State.REGISTERED, State.DISPATCHED, State.ACCEPTED, State.RETURN_REQUESTED,
    State.CLOSING_REVIEW,
)  # fmt: skip
# Below this an entry only shares everyday words with the request.
FITS = 0.25
MOST_ENTRIES = 3


def matter_of(ticket_id: str, caller: str, drafted: Draft, text: str) -> Matter:
    """A fresh draft, to be compared. A withheld number is no number."""
    number = drafted.caller_number.value and caller
    place = dict(drafted.place.parts) if drafted.place else {}
    return Matter(ticket_id, number, drafted.topic.value, text, place)


async def duplicates_field(
    session: AsyncSession, matter: Matter, *, city: str, now: datetime
) -> dict[str, Any]:
    """Numbers of open tickets of the last thirty days that may be the same, likest first."""
    rows = await Tickets(session).open_since(
        city, now - OPEN_FOR, [state.value for state in OPEN_STATES], limit=MOST_COMPARED
    )
    found = likely_duplicates(matter, [_matter(row) for row in rows])
    return {
        "value": [one.id for one in found],
        "confidence": found[0].score if found else 0.0,
        "spans": [],
        "rule": "place+topic+words+number",
        "scores": [one.score for one in found],
        "why": [list(one.why) for one in found],
    }


async def knowledge_field(
    session: AsyncSession, knowledge: KnowledgeSearch, drafted: Draft, *, city: str, today: date
) -> dict[str, Any]:
    """At most three entries that may answer the request: ids, titles, and by which terms."""
    asked = f"{drafted.summary.value} {drafted.request.value}"
    found = await knowledge.search(session, asked, city=city, today=today, most=MOST_ENTRIES)
    fitting = [one for one in found if one.hit.score >= FITS]
    return {
        "value": [{"id": one.row.id, "title": one.row.title} for one in fitting],
        "confidence": fitting[0].hit.score if fitting else 0.0,
        "spans": [],
        "rule": "knowledge_search",
        "why": [list(one.hit.terms) for one in fitting],
    }


def _matter(row: TicketRow) -> Matter:
    """As it stands now: what a person corrected counts."""
    address = row.fields.get("address")
    parts = address.get("parts", {}) if isinstance(address, dict) else {}
    topic = row.fields.get("topic")
    path = topic.get("value", "") if isinstance(topic, dict) else topic
    number = row.caller if any(sign.isdigit() for sign in row.caller) else ""
    return Matter(row.id, number, str(path or ""), row.caller_text or row.summary, parts)
