"""Between a ticket of the rules and its rows: a snapshot with the state, entries with the history.

The snapshot lets a ticket go on after the program's rules were corrected; that a replay of the
history gives the same state is what `services.case_proof` checks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from domain.calendar.limit import CHINA
from domain.cities.load import rule_sets
from domain.cities.rules import Rules
from domain.tickets.lifecycle.act import write
from domain.tickets.lifecycle.passing import Edition, next_moment
from domain.tickets.lifecycle.states import HAPPENS_IN, State, Verb
from domain.tickets.lifecycle.ticket import Entry, Event, Ticket
from domain.tickets.rehearsal import fields
from services.actor import SYSTEM, Actor
from services.city_settings import completed
from storage.repositories.ticket_events import TicketEvent
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_event import TicketEventRow

_TICKET = TypeAdapter(Ticket)
# What can be a ticket's first event under the rules.
FIRST = frozenset(verb for verb, states in HAPPENS_IN.items() if State.NEW in states)


class FieldRefused(ValueError):
    """A field of an event that cannot be used; both texts go to the sender."""

    def __init__(self, field: str, reason: str, reason_zh: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.reason_zh = field, reason, reason_zh


class RulesGone(LookupError):
    """The rule set a ticket was registered under is not in this program."""

    def __init__(self, city: str, version: str) -> None:
        super().__init__(f"{city} has no rules {version} in this program")


def rules_of(city: str, version: str, settings: dict[str, Any]) -> Rules:
    """The rules a ticket was registered under. Raises `RulesGone` or `UnknownCity`."""
    for rules in rule_sets(city):
        if rules.period.version == version:
            return completed(rules, settings)
    raise RulesGone(city, version)


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """All of a ticket but its history, as JSON values."""
    found: dict[str, Any] = _TICKET.dump_python(
        replace(ticket, history=()), mode="json", warnings="error"
    )
    del found["history"]
    return found


def restored(row: TicketCaseRow, entries: Iterable[TicketEventRow]) -> Ticket:
    """The ticket that `snapshot` and its entries tell of."""
    ticket = _TICKET.validate_python({**row.snapshot, "history": ()})
    for entry in entries:
        if entry.rules_version is not None:
            line = (entry.what, entry.detail["by"], entry.detail["article"], entry.detail["reason"])
            write(ticket, entry.at.astimezone(CHINA), line, event_of(entry))
    return ticket


def event_of(entry: TicketEventRow) -> Event | None:
    """What somebody did; None for an entry that followed from the rules."""
    given = entry.detail.get("fields")
    if given is None:
        return None
    verb = Verb(entry.what)
    return Event(entry.at.astimezone(CHINA), verb, read_fields(verb, given))


def read_fields(verb: Verb, given: Mapping[str, Any]) -> dict[str, object]:
    """JSON values as the rules take them. Raises `FieldRefused`."""
    read = fields.FIELDS[verb]
    found = {}
    for name in fields.MUST.get(verb, ()):
        if name not in given:
            raise FieldRefused(name, "missing", "缺少该项")
    for name, value in given.items():
        try:
            found[name] = read[name](value)
        except KeyError:
            raise FieldRefused(name, f"{verb} has no such field", "没有这一项") from None
        except ValueError as problem:
            raise FieldRefused(name, str(problem), f"内容不正确：{problem}") from None
    return found


def written_fields(event: Event) -> dict[str, Any]:
    """The other way round."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in event.fields.items()
    }


@dataclass(frozen=True)
class Stamp:
    """The ticket's version after it, when it is written down, the table it was counted by."""

    version: int
    now: datetime
    calendar: int


def entry_of(line: Entry, row: TicketCaseRow, actor: Actor, stamp: Stamp) -> TicketEvent:
    """A line of the rules' history as an entry."""
    detail: dict[str, Any] = {"by": line.by, "article": line.article, "reason": line.reason}
    if line.event is not None:
        detail["fields"] = written_fields(line.event)
        if line.event.verb in FIRST and row.settings:
            detail["settings"] = row.settings
    by_time = line.by in ("silence", "timer", "calendar")
    return TicketEvent(
        version=stamp.version,
        at=line.at,
        actor=SYSTEM.name if by_time else actor.name,
        what=line.what,
        detail=detail,
        recorded_at=stamp.now,
        rules_version=row.rules_version,
        calendar=stamp.calendar,
    )


def derive(
    row: TicketCaseRow, ticket: Ticket, rules: Rules, edition: Edition, now: datetime
) -> None:
    """Write into `row` where the ticket stands."""
    row.calendar = edition.number
    row.state = ticket.state.value
    row.unit = ticket.unit
    row.category, row.urgency = ticket.category.value, ticket.urgency.value
    row.registered_at = ticket.registered_at or ticket.history[0].at
    row.advanced_to = now
    row.snapshot = snapshot(ticket)
    # A duty of the machine's own waits for nothing.
    duty = ticket.obligations.get("supervise")
    if duty is not None and duty.must:
        row.next_at = now
    else:
        row.next_at = next_moment(ticket, rules, edition.calendar, now)
