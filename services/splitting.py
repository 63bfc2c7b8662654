"""One call, several matters: each is a ticket of its own, with the same call behind it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.status import TicketStatus
from services.actor import Actor
from services.tickets import number_without_call, refuse_old_version
from storage.repositories.cases import Cases
from storage.repositories.ticket_events import TicketEvent, TicketEvents
from storage.repositories.tickets import Tickets
from storage.tables.ticket import TicketRow

# Of the same person and call; place, time and kind belong to the matter.
SHARED = (
    "caller_number", "contact_number", "contact_name", "wants_reply", "wants_secrecy",
)  # fmt: skip


class SplitRefused(Exception):
    """A registered ticket is not split: its limits run for what it holds."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"ticket {ticket_id} is registered: register the other matter by itself")


@dataclass(frozen=True)
class OtherMatter:
    """What the second ticket is about; ``version``: of the first, as the agent saw it."""

    version: int
    category: str
    title: str
    summary: str


async def split_off(
    session: AsyncSession,
    ticket_id: str,
    matter: OtherMatter,
    *,
    actor: Actor,
    now: datetime,
    zone: tzinfo,
) -> TicketRow:
    """A new draft of the same call and requester; both histories name the other.

    Raises `TicketNotFound`, `TicketChangedMeanwhile`, `SplitRefused` or `NumbersExhausted`.
    """
    first = await Tickets(session).get(ticket_id, to_change=True)
    await refuse_old_version(session, first, matter.version)
    if await Cases(session).find(ticket_id) is not None:
        raise SplitRefused(ticket_id)
    fields = {name: first.fields[name] for name in SHARED if name in first.fields}
    second = TicketRow(
        id=await number_without_call(session, now.astimezone(zone)),
        call_id=first.call_id,
        status=TicketStatus.DRAFT,
        city=first.city,
        category=matter.category or first.category,
        title=matter.title,
        summary=matter.summary,
        caller=first.caller,
        fields=fields,
        caller_text=first.caller_text,
        agent_text=first.agent_text,
        origin=first.origin,
        created_at=now,
        updated_at=now,
        version=1,
    )
    Tickets(session).add(second)
    first.version += 1
    first.updated_at = now
    events = TicketEvents(session)
    events.append(second, TicketEvent(1, now, actor.name, "split_from", {"ticket": first.id}))
    events.append(
        first, TicketEvent(first.version, now, actor.name, "split_into", {"ticket": second.id})
    )
    await session.flush()
    return second
