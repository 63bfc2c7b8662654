"""Proof that nothing was changed: the chain of every history, and a replay that gives the state."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from sqlalchemy import select

from domain.calendar.limit import CHINA
from domain.calendar.table import OutsideCalendar
from domain.cities.rules import Rules
from domain.tickets.assessment.work import Step
from domain.tickets.lifecycle.engine import OutOfOrder
from domain.tickets.lifecycle.passing import TABLE, Edition, carry_on, happened
from domain.tickets.lifecycle.ticket import Refused, Ticket
from services.calendars import editions
from services.case_record import FieldRefused, RulesGone, event_of, rules_of, snapshot
from storage.database import Database
from storage.repositories.cases import Cases
from storage.repositories.ticket_events import TicketEvents, first_broken
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_event import TicketEventRow

BATCH = 500
# What a replay of a history can end with, if the rules of this program differ from those of then.
UNREADABLE = (Refused, OutOfOrder, OutsideCalendar, FieldRefused, RulesGone, KeyError)


@dataclass(frozen=True)
class Fault:
    """What does not fit; `entry`: the number in the ticket's history, 0 for the state itself."""

    ticket_id: str
    entry: int
    what: str


@dataclass(frozen=True)
class Proof:
    """`digest` covers the ends of all histories: kept elsewhere, it shows a history cut short."""

    tickets: int
    entries: int
    faults: list[Fault]
    digest: str


class ReplayDiffers(Exception):
    """The history does not give what is stored; `entry` as in `Fault`."""

    def __init__(self, entry: int, why: str) -> None:
        super().__init__(why)
        self.entry = entry


async def prove(database: Database) -> Proof:
    """Every ticket, one after another."""
    tickets = entries = 0
    faults: list[Fault] = []
    heads = sha256()
    async with database.session() as session:
        tables = {edition.number: edition for edition in await editions(session)}
    async for row, rows, case in _every(database):
        tickets, entries = tickets + 1, entries + len(rows)
        heads.update(f"{row.id} {row.head}\n".encode())
        broken = first_broken(row, rows)
        if broken is not None:
            faults.append(Fault(row.id, broken, "the chain of hashes breaks here"))
        if case is not None:
            faults += _replayed(case, rows, tables)
        elif any(entry.rules_version for entry in rows):
            faults.append(Fault(row.id, 0, "its state is gone"))
    return Proof(tickets, entries, faults, heads.hexdigest())


async def _every(
    database: Database,
) -> AsyncIterator[tuple[TicketRow, list[TicketEventRow], TicketCaseRow | None]]:
    last = ""
    while True:
        async with database.session() as session:
            query = select(TicketRow).where(TicketRow.id > last).order_by(TicketRow.id)
            rows = (await session.scalars(query.limit(BATCH))).all()
            ids = [row.id for row in rows]
            found = await TicketEvents(session).of_tickets(ids)
            of_ticket = {key: list(own) for key, own in groupby(found, lambda e: e.ticket_id)}
            cases = {row.ticket_id: row for row in await Cases(session).several(ids)}
        for row in rows:
            yield row, of_ticket.get(row.id, []), cases.get(row.id)
        if len(rows) < BATCH:
            return
        last = ids[-1]


def _replayed(
    case: TicketCaseRow, rows: Sequence[TicketEventRow], tables: Mapping[int, Edition]
) -> list[Fault]:
    try:
        compare(case, rows, replay(case, rows, tables).ticket)
    except ReplayDiffers as differs:
        return [Fault(case.ticket_id, differs.entry, str(differs))]
    except UNREADABLE as problem:
        why = f"a replay fails: {type(problem).__name__} {problem}"
        return [Fault(case.ticket_id, 0, why)]
    return []


@dataclass(frozen=True)
class Replayed:
    """Every event with the ticket before and after it, and the ticket at the state's moment."""

    rules: Rules
    steps: list[Step]
    ticket: Ticket


def replay(
    case: TicketCaseRow, rows: Sequence[TicketEventRow], tables: Mapping[int, Edition]
) -> Replayed:
    """What the history alone tells, by the working-day tables of then. Raises `ReplayDiffers`."""
    entries = [row for row in rows if row.rules_version is not None]
    if not entries:
        raise ReplayDiffers(0, "there is a state but no history of it")
    first = entries[0]
    kept = first.detail.get("settings", {})
    if first.rules_version != case.rules_version or kept != case.settings:
        raise ReplayDiffers(first.number, "the state names other rules than the history")
    rules = rules_of(case.city, case.rules_version, kept)
    steps: list[Step] = []
    ticket, number = Ticket(), first.calendar or 0
    for _, written in groupby(entries, key=lambda row: row.version):
        together = list(written)
        now = together[0].recorded_at.astimezone(CHINA)
        numbers = [number, *(row.calendar or 0 for row in together if row.what == TABLE)]
        ticket = carry_on(ticket, rules, [tables[each] for each in numbers], now)
        number = numbers[-1]
        for row in together:
            event = event_of(row)
            if event is not None:
                before = ticket
                ticket = happened(before, event, rules, tables[number].calendar)
                steps.append(Step(before, event, ticket))
    ticket = carry_on(ticket, rules, [tables[number]], case.advanced_to.astimezone(CHINA))
    return Replayed(rules, steps, ticket)


def compare(case: TicketCaseRow, rows: Sequence[TicketEventRow], ticket: Ticket) -> None:
    """Raise `ReplayDiffers` unless the replayed ticket is the stored one, line by line."""
    entries = [row for row in rows if row.rules_version is not None]
    for row, line in zip(entries, ticket.history, strict=False):
        told = (line.what, line.at, line.by, line.article, line.reason)
        detail = row.detail
        if told != (row.what, row.at, detail["by"], detail["article"], detail["reason"]):
            raise ReplayDiffers(row.number, f"a replay gives {line.what} at {line.at} here")
    if len(entries) != len(ticket.history):
        raise ReplayDiffers(0, f"{len(entries)} entries, a replay gives {len(ticket.history)}")
    stored = (case.snapshot, case.state, case.unit, case.category, case.urgency)
    derived = (
        snapshot(ticket),
        ticket.state.value,
        ticket.unit,
        ticket.category.value,
        ticket.urgency.value,
    )
    if stored != derived:
        wrong = [name for name, value in derived[0].items() if case.snapshot.get(name) != value]
        raise ReplayDiffers(0, f"the state differs from the history: {', '.join(wrong) or 'row'}")
