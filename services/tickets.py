"""What people and machines do with tickets. One function is one transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.status import TicketStatus, move
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.cases import Cases
from storage.repositories.ticket_events import TicketEvent, TicketEvents
from storage.repositories.tickets import TicketNumbers, Tickets
from storage.tables.ticket import TicketRow

# The numbers of calls end at 863999, the last tenth of a second of the day: what lies above
# belongs to tickets that had no call, so that the two never meet.
FIRST_WITHOUT_CALL = 864_000
MOST_WITHOUT_CALL = 1_000_000 - FIRST_WITHOUT_CALL
TEXT_COLUMNS = ("city", "category", "title", "summary", "caller", "caller_text", "agent_text")


class NumbersExhausted(Exception):
    """More tickets without a call in one day than there are numbers."""

    def __init__(self, day: str) -> None:
        super().__init__(f"all {MOST_WITHOUT_CALL} numbers of {day} for such tickets are taken")


class RequestKeyReused(Exception):
    """The same idempotency key came with another content."""

    def __init__(self) -> None:
        super().__init__("this idempotency key was used for another ticket")


class TicketChangedMeanwhile(Exception):
    """Somebody else was faster; `events` is what happened since the version one had read."""

    def __init__(
        self, ticket_id: str, *, current: int, yours: int, events: Sequence[TicketEvent]
    ) -> None:
        super().__init__(f"ticket {ticket_id} is at version {current}, not {yours}")
        self.current = current
        self.yours = yours
        self.events = events


class RegisteredAlready(Exception):
    """The city's limits were counted by the ticket's kind: it does not change any more."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"ticket {ticket_id} is registered: its kind stays")


@dataclass(frozen=True)
class NewTicket:
    """A request that did not come as a call. `fields` as in `TicketRow`."""

    city: str
    category: str = ""
    title: str = ""
    summary: str = ""
    caller: str = ""
    caller_text: str = ""
    agent_text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


async def register_ticket(
    session: AsyncSession,
    new: NewTicket,
    *,
    actor: Actor,
    now: datetime,
    zone: tzinfo,
    request_key: str | None = None,
) -> tuple[TicketRow, bool]:
    """The draft, and whether it is new. The same `request_key` again gives the same ticket.

    Raises `RequestKeyReused` or `NumbersExhausted`.
    """
    scoped_key = f"{actor.name}|{request_key}" if request_key else None
    if scoped_key:
        known = await Tickets(session).of_request(scoped_key)
        if known is not None:
            return _same_request(known, new), False
    number = await number_without_call(session, now.astimezone(zone))
    ticket = TicketRow(
        id=number,
        status=TicketStatus.DRAFT,
        origin="api",
        created_at=now,
        updated_at=now,
        version=1,
        request_key=scoped_key,
        request_digest=new.digest() if scoped_key else None,
        fields=dict(new.fields),
        **{column: getattr(new, column) for column in TEXT_COLUMNS},
    )
    if scoped_key:
        known = await _add_unless_known(session, ticket, scoped_key)
        if known is not None:
            return _same_request(known, new), False
    else:
        Tickets(session).add(ticket)
    TicketEvents(session).append(ticket, TicketEvent(1, now, actor.name, "registered", {}))
    return ticket, True


async def _add_unless_known(
    session: AsyncSession, ticket: TicketRow, scoped_key: str
) -> TicketRow | None:
    """The ticket that the same request, sent twice at once, has made in the meantime."""
    try:
        async with session.begin_nested():
            Tickets(session).add(ticket)
    except IntegrityError:
        known = await Tickets(session).of_request(scoped_key)
        if known is None:
            raise
        return known
    return None


def _same_request(known: TicketRow, new: NewTicket) -> TicketRow:
    if known.request_digest != new.digest():
        raise RequestKeyReused
    return known


async def number_without_call(session: AsyncSession, local_now: datetime) -> str:
    """The next number of the day for a ticket that no call made. Raises `NumbersExhausted`."""
    day = local_now.strftime("%y%m%d")
    issued = await TicketNumbers(session).next_of_day(day)
    if issued > MOST_WITHOUT_CALL:
        raise NumbersExhausted(day)
    return f"{day}{FIRST_WITHOUT_CALL + issued - 1:06d}"


@dataclass(frozen=True)
class TicketEdit:
    """What a person changes. `version` is the one he had before him; None leaves a column.

    `fields` maps a name to its new value; None takes the field away.
    """

    version: int
    status: TicketStatus | None = None
    category: str | None = None
    title: str | None = None
    summary: str | None = None
    caller: str | None = None
    fields: Mapping[str, Any] | None = None


async def edit_ticket(
    session: AsyncSession, ticket_id: str, edit: TicketEdit, *, actor: Actor, now: datetime
) -> TicketRow:
    """Raises `TicketNotFound`, `TicketChangedMeanwhile`, `StatusNotAllowed`, `RegisteredAlready`.

    An edit that changes nothing leaves version and history as they are.
    """
    ticket = await Tickets(session).get(ticket_id, to_change=True)
    await refuse_old_version(session, ticket, edit.version)
    if edit.category not in (None, ticket.category) and await Cases(session).find(ticket_id):
        raise RegisteredAlready(ticket_id)
    changes: dict[str, list[Any]] = {}
    for column in ("category", "title", "summary", "caller"):
        wanted = getattr(edit, column)
        before = getattr(ticket, column)
        if wanted is not None and wanted != before:
            changes[column] = [before, wanted]
            setattr(ticket, column, wanted)
    if edit.fields is not None:
        fields = _corrected(ticket.fields, edit.fields, by=actor.name)
        for name in sorted(set(ticket.fields) | set(fields)):
            before, after = ticket.fields.get(name), fields.get(name)
            if before != after:
                changes[f"fields.{name}"] = [_value(before), _value(after)]
        ticket.fields = fields
    if edit.status is not None and edit.status != ticket.status:
        changes["status"] = [ticket.status.value, edit.status.value]
        ticket.status = move(ticket.status, edit.status)
    if changes:
        ticket.version += 1
        ticket.updated_at = now
        event = TicketEvent(ticket.version, now, actor.name, "edited", {"changes": changes})
        TicketEvents(session).append(ticket, event)
    return ticket


async def refuse_old_version(session: AsyncSession, ticket: TicketRow, yours: int) -> None:
    """Raise `TicketChangedMeanwhile` unless `yours` is the ticket's version."""
    if ticket.version == yours:
        return
    rows = await TicketEvents(session).of_ticket(ticket.id, after_version=yours)
    # Copied: the rows are void once the transaction is undone.
    since = [TicketEvent(row.version, row.at, row.actor, row.what, row.detail) for row in rows]
    raise TicketChangedMeanwhile(ticket.id, current=ticket.version, yours=yours, events=since)


def _corrected(fields: Mapping[str, Any], wanted: Mapping[str, Any], *, by: str) -> dict[str, Any]:
    """The fields with a person's values. The machine's value and its evidence stay beside them."""
    result = dict(fields)
    for name, value in wanted.items():
        old = fields.get(name)
        if value is None:
            result.pop(name, None)
        elif old is None or _value(old) != value:
            drafted = old.get("drafted", old) if isinstance(old, dict) else None
            result[name] = {
                "value": value,
                "confidence": 1.0,
                "spans": old.get("spans", []) if isinstance(old, dict) else [],
                "rule": f"by hand: {by}",
                "drafted": drafted,
            }
    return result


def _value(field_of_ticket: Any) -> Any:  # noqa: ANN401  a field's value is any JSON value
    return field_of_ticket.get("value") if isinstance(field_of_ticket, dict) else field_of_ticket


async def unmask_ticket(
    session: AsyncSession, ticket_id: str, *, reason: str, actor: Actor, now: datetime
) -> TicketRow:
    """The ticket, to be shown in clear; who saw it and why is in the audit trail."""
    ticket = await Tickets(session).get(ticket_id)
    write_down(session, actor, Deed("ticket.unmask", "ticket", ticket_id, reason), now=now)
    return ticket
