"""Supervision over many tickets: what the data propose, and what the text has done at once."""

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.cities.load import rules_on
from domain.tickets.lifecycle.states import OPEN, RESULT, Verb
from domain.tickets.supervision import Facts, Proposal, proposals
from services.actor import SYSTEM
from services.cases import Deed, NotPossible, act
from services.city_settings import setting_of
from storage.database import Database
from storage.repositories.cases import Cases
from storage.repositories.ticket_events import TicketEvents
from storage.repositories.tickets import Tickets
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow

_COUNTED = ("request_return", "return_refused", "duplicate", "supervise")


async def proposed(session: AsyncSession, city: str, *, now: datetime) -> list[Proposal]:
    """What the figures of a city's unsolved tickets ask for and nobody has done yet."""
    rules, _ = rules_on(city, now.astimezone(CHINA).date())
    thresholds = (await setting_of(session, city)).thresholds
    facts, done = await _facts(session, city)
    found = proposals(facts, rules, thresholds, now)
    return [each for each in found if each.trigger not in done[each.ticket_id]]


async def _facts(session: AsyncSession, city: str) -> tuple[list[Facts], dict[str, set[str]]]:
    """The unsolved tickets, and the triggers for which each was supervised already."""
    states = [state.value for state in OPEN | RESULT]
    cases = [case for case in await Cases(session).of_city(city, states) if _unsolved(case)]
    ids = [case.ticket_id for case in cases]
    tickets = {row.id: row for row in await Tickets(session).several(ids)}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    done: dict[str, set[str]] = defaultdict(set)
    for entry in await TicketEvents(session).of_kinds(ids, _COUNTED):
        counts[entry.ticket_id][entry.what] += 1
        if entry.what == Verb.SUPERVISE.value:
            done[entry.ticket_id].add(entry.detail["fields"].get("trigger", ""))
    facts = [_of(case, tickets[case.ticket_id], counts[case.ticket_id]) for case in cases]
    return facts, done


def _unsolved(case: TicketCaseRow) -> bool:
    still_open = case.state in {state.value for state in OPEN}
    return (still_open or bool(case.snapshot["negative"])) and not case.snapshot["exempted"]


def _of(case: TicketCaseRow, ticket: TicketRow, counts: Counter[str]) -> Facts:
    topic = ticket.fields.get("topic")
    named = topic.get("value") if isinstance(topic, dict) else topic
    return Facts(
        ticket_id=case.ticket_id,
        registered_at=case.registered_at or ticket.created_at,
        unit=case.unit,
        requester=ticket.caller,
        topic=named if isinstance(named, str) else "",
        urgency=case.urgency,
        assignments=case.snapshot["assignments"],
        returns=counts["request_return"],
        returns_refused=counts["return_refused"],
        repeats=counts["duplicate"],
        late=case.snapshot["overdue_seen"],
    )


async def do_what_shall_be_done(database: Database, city: str, *, now: datetime) -> list[Proposal]:
    """Supervise every ticket for which the text says shall; what the rules refuse is left out.

    One transaction per ticket; done again, it finds nothing left to do.
    """
    async with database.session() as session:
        wanted = [each for each in await proposed(session, city, now=now) if each.must]
    done = []
    for each in wanted:
        fields = {"trigger": each.trigger, "reason": each.why, "by": SYSTEM.name}
        try:
            async with database.transaction() as session:
                deed = Deed(Verb.SUPERVISE, None, fields)
                await act(session, each.ticket_id, deed, actor=SYSTEM, now=now)
        except NotPossible:
            continue
        done.append(each)
    return done
