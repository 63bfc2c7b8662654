"""Tickets under their city's rules: what somebody does, what time does. One transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.cities.ids import Category, Urgency
from domain.cities.load import rules_on
from domain.cities.rules import Rules
from domain.tickets.authority import decides_below
from domain.tickets.category import Category as ChineseCategory
from domain.tickets.lifecycle.passing import TABLE, Edition, carry_on, happened
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Event, Refused, Ticket
from domain.tickets.rehearsal.fields import FIELDS
from domain.tickets.status import TicketStatus, move
from services.actor import SYSTEM, Actor
from services.calendars import editions, newest_edition, seed
from services.case_record import (
    FieldRefused,
    Stamp,
    derive,
    entry_of,
    read_fields,
    restored,
    rules_of,
)
from services.city_settings import completed, setting_of
from services.effects import keep
from services.tickets import refuse_old_version
from storage.repositories.cases import CaseNotFound, Cases
from storage.repositories.ticket_events import TicketEvents
from storage.repositories.tickets import TicketNotFound, Tickets
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_event import TicketEventRow

OVERDUE = "overdue"


@dataclass(frozen=True)
class Deed:
    """What somebody does. `version`: the ticket's, as he saw it; None: as it is."""

    verb: Verb
    version: int | None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A ticket with its rules, at the moment `now`.

    `editions`: the working-day table it was stored with, then those it was counted anew by.
    `known`: how many lines of its history are stored.
    """

    row: TicketRow
    case: TicketCaseRow
    ticket: Ticket
    rules: Rules
    editions: Sequence[Edition]
    now: datetime
    known: int

    @property
    def edition(self) -> Edition:
        """The working-day table its limits are counted by."""
        return self.editions[-1]


class NotPossible(Exception):
    """The rules refuse; `refused` says why and by which article; the rest tells of the ticket."""

    def __init__(self, refused: Refused, opened: Case) -> None:
        super().__init__(str(refused))
        self.refused = refused
        self.article, self.reason = refused.article, refused.reason
        self.allowed = list(refused.allowed)
        self.state = opened.ticket.state.value
        self.version: int = opened.row.version
        self.rules_version = opened.rules.period.version


async def act(
    session: AsyncSession, ticket_id: str, deed: Deed, *, actor: Actor, now: datetime
) -> Case:
    """The ticket after the deed.

    Somebody of a unit acts for that unit only; a district's office also hands on to its own
    units. Raises `TicketNotFound`, `TicketChangedMeanwhile`,
    `CaseNotFound`, `NotPossible`, `FieldRefused`, `UnknownCity`, or `StatusNotAllowed` for a draft
    thrown away.
    """
    row = await Tickets(session).get(ticket_id, to_change=True)
    if deed.version is not None:
        await refuse_old_version(session, row, deed.version)
    case = await Cases(session).find(ticket_id)
    opened = await (
        _begun(session, row, now) if case is None else _carried(session, row, case, now)
    )
    try:
        given = _from_draft(row, deed) if case is None else _of_his_unit(opened, deed, actor)
        event = Event(opened.now, deed.verb, read_fields(deed.verb, given))
        after = happened(opened.ticket, event, opened.rules, opened.edition.calendar)
    except Refused as refused:
        raise NotPossible(refused, opened) from refused
    if case is None:
        row.status = _signed(row.status)
        Cases(session).add(opened.case)
    if deed.verb is Verb.REGISTER:
        row.category = ChineseCategory[after.category.name].value
    return await _store(session, opened, after, actor)


async def look(session: AsyncSession, ticket_id: str, *, now: datetime) -> Case:
    """The ticket as it stands now; nothing is stored. Raises `TicketNotFound`, `CaseNotFound`."""
    row = await Tickets(session).get(ticket_id)
    case = await Cases(session).get(ticket_id)
    return await _carried(session, row, case, now)


async def pass_time(
    session: AsyncSession, ticket_ids: Sequence[str], *, now: datetime
) -> dict[str, list[str]]:
    """Write down what time has done to these tickets until now; what it was, ticket by ticket.

    Again changes nothing. Raises `TicketNotFound`, `CaseNotFound`.
    """
    rows = {row.id: row for row in await Tickets(session).several_to_change(ticket_ids)}
    cases = {case.ticket_id: case for case in await Cases(session).several(ticket_ids)}
    entries: dict[str, list[TicketEventRow]] = {ticket_id: [] for ticket_id in ticket_ids}
    for entry in await TicketEvents(session).of_tickets(ticket_ids):
        entries[entry.ticket_id].append(entry)
    tables: dict[int, list[Edition]] = {}
    done: dict[str, list[str]] = {}
    for ticket_id in ticket_ids:
        if ticket_id not in rows:
            raise TicketNotFound(ticket_id)
        if ticket_id not in cases:
            raise CaseNotFound(ticket_id)
        case = cases[ticket_id]
        if case.calendar not in tables:
            tables[case.calendar] = await editions(session, since=case.calendar)
        known = (entries[ticket_id], tables[case.calendar])
        done[ticket_id] = await _written(session, _opened(rows[ticket_id], case, known, now))
    return done


async def _written(session: AsyncSession, opened: Case) -> list[str]:
    after = _supervised(opened)
    new = [line.what for line in after.history[opened.known :]]
    if new:
        await _store(session, opened, after, SYSTEM)
    else:
        derive(opened.case, after, opened.rules, opened.edition, opened.now)
    return new


def _supervised(opened: Case) -> Ticket:
    """What the text says shall be done when a limit is over is done at once."""
    duty = opened.ticket.obligations.get("supervise")
    if duty is None or not duty.must:
        return opened.ticket
    event = Event(opened.now, Verb.SUPERVISE, {"trigger": OVERDUE, "by": SYSTEM.name})
    try:
        return happened(opened.ticket, event, opened.rules, opened.edition.calendar)
    except Refused:  # settled since: the duty ends with it
        after = opened.ticket.copy()
        after.obligations.pop("supervise")
        return after


async def _begun(session: AsyncSession, row: TicketRow, now: datetime) -> Case:
    """A draft as the rules see it: nothing has happened yet."""
    _signed(row.status)
    await seed(session, now=now)
    now = now.astimezone(CHINA)
    rules, _ = rules_on(row.city, now.date())
    kept = (await setting_of(session, row.city)).for_tickets()
    edition = await newest_edition(session)
    case = TicketCaseRow(
        ticket_id=row.id,
        city=row.city,
        rules_version=rules.period.version,
        settings=kept,
        calendar=edition.number,
    )
    return Case(row, case, Ticket(), completed(rules, kept), [edition], now, 0)


def _signed(status: TicketStatus) -> TicketStatus:
    """Whoever registers a draft stands for it. Raises `StatusNotAllowed`."""
    return status if status is TicketStatus.SUBMITTED else move(status, TicketStatus.SUBMITTED)


async def _carried(
    session: AsyncSession, row: TicketRow, case: TicketCaseRow, now: datetime
) -> Case:
    entries = await TicketEvents(session).of_ticket(row.id)
    since = await editions(session, since=case.calendar)
    return _opened(row, case, (entries, since), now)


def _opened(
    row: TicketRow,
    case: TicketCaseRow,
    known: tuple[Sequence[TicketEventRow], Sequence[Edition]],
    now: datetime,
) -> Case:
    """`known`: the ticket's entries, and the working-day tables since it was last counted."""
    entries, since = known
    rules = rules_of(case.city, case.rules_version, case.settings)
    ticket = restored(case, entries)
    # Two machines' clocks differ a little: history is only ever continued.
    now = max(now.astimezone(CHINA), case.advanced_to.astimezone(CHINA))
    after = carry_on(ticket, rules, since, now)
    return Case(row, case, after, rules, since, now, len(ticket.history))


async def _store(session: AsyncSession, opened: Case, after: Ticket, actor: Actor) -> Case:
    row, case = opened.row, opened.case
    row.version += 1
    row.updated_at = opened.now
    counted_by = iter(edition.number for edition in opened.editions)
    calendar = next(counted_by)
    derive(case, after, opened.rules, opened.edition, opened.now)
    units = units_of(after)
    if opened.known == 0 or units != units_of(opened.ticket):
        await Cases(session).concern_only(row.id, units)
    keep(session, case, after.effects[len(opened.ticket.effects) :])
    for line in after.history[opened.known :]:
        if line.what == TABLE:
            calendar = next(counted_by)
        entry = entry_of(line, case, actor, Stamp(row.version, opened.now, calendar))
        TicketEvents(session).append(row, entry)
    return replace(opened, ticket=after, known=len(after.history))


def units_of(ticket: Ticket) -> list[str]:
    """Everybody the ticket concerns: the lead unit, those that assist, the district's."""
    named = (ticket.unit, *ticket.assist, ticket.district)
    return [unit for unit in dict.fromkeys(named) if unit]


def _of_his_unit(opened: Case, deed: Deed, actor: Actor) -> Mapping[str, Any]:
    """The fields, with the unit of whoever belongs to one; a district's office names its own.

    Raises `TicketNotFound`, `FieldRefused`, `Refused`.
    """
    if not actor.unit:
        return deed.fields
    if actor.unit not in units_of(opened.ticket):
        raise TicketNotFound(opened.row.id)
    if decides_below(opened.ticket, deed.verb, actor.unit, opened.rules):
        return deed.fields
    named = deed.fields.get("unit", actor.unit)
    if named != actor.unit:
        raise FieldRefused("unit", f"you act for {actor.unit}", f"您只能代表{actor.unit}")
    return {**deed.fields, "unit": named} if "unit" in FIELDS[deed.verb] else deed.fields


def _from_draft(row: TicketRow, deed: Deed) -> dict[str, Any]:
    """What the agent did not say and the draft knows: kind, urgency, how to reach the requester."""
    given = {name: value for name, value in deed.fields.items() if value is not None}
    if deed.verb not in (Verb.REGISTER, Verb.ANSWER_DIRECTLY):
        return given
    if row.category:
        given.setdefault("category", Category[ChineseCategory(row.category).name].value)
    if deed.verb is Verb.REGISTER:
        urgency = _drafted(row, "urgency")
        if urgency in tuple(Urgency):
            given.setdefault("urgency", urgency)
        contact = _drafted(row, "contact_number") or row.caller
        if contact:
            given.setdefault("requester", {"contact": contact})
    return given


def _drafted(row: TicketRow, name: str) -> str:
    found = row.fields.get(name)
    value = found.get("value") if isinstance(found, dict) else found
    return value if isinstance(value, str) else ""
