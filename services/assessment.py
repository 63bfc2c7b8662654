"""Assessment figures of a city, per unit and period, from the stored histories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from callflow.flow import from_library
from domain.calendar.limit import CHINA
from domain.cities.load import rules_on
from domain.tickets.assessment.figures import Call, Figure, Span, by_unit, connection, figures
from domain.tickets.assessment.work import Work, work_of_steps
from services.calendars import editions
from services.case_proof import UNREADABLE, ReplayDiffers, replay
from storage.repositories.calls import Calls
from storage.repositories.cases import Cases
from storage.repositories.ticket_events import TicketEvents

log = structlog.get_logger()

FLOW = "default"


@dataclass(frozen=True)
class Assessment:
    """`units`: the figures of each unit, by its name; `everyone`: all together, and the line's.

    `unreadable`: tickets whose history this program's rules cannot replay; they are not counted.
    """

    city: str
    rules_version: str
    span: Span
    everyone: tuple[Figure, ...]
    units: dict[str, tuple[Figure, ...]]
    unreadable: list[str]


async def assess(session: AsyncSession, city: str, span: Span) -> Assessment:
    """The rules of the period's last day say which article a figure rests on.

    Raises `UnknownCity`.
    """
    rules, _ = rules_on(city, span.end.astimezone(CHINA).date())
    works, unreadable = await _works(session, city, span)
    calls = await _calls(session, span)
    return Assessment(
        city=city,
        rules_version=rules.period.version,
        span=span,
        everyone=(*figures(works, rules, span), *connection(calls, rules, span)),
        units=by_unit(works, rules, span),
        unreadable=unreadable,
    )


async def _works(session: AsyncSession, city: str, span: Span) -> tuple[list[Work], list[str]]:
    """Every ticket of the city that lived in the period."""
    cases = {row.ticket_id: row for row in await Cases(session).alive(city, span.start, span.end)}
    tables = {edition.number: edition for edition in await editions(session)}
    entries = await TicketEvents(session).of_rules(list(cases))
    works, unreadable = list[Work](), list[str]()
    for ticket_id, own in groupby(entries, key=lambda row: row.ticket_id):
        try:
            told = replay(cases[ticket_id], list(own), tables)
        except (*UNREADABLE, ReplayDiffers) as problem:
            log.warning("not assessed", ticket=ticket_id, why=type(problem).__name__)
            unreadable.append(ticket_id)
            continue
        works.append(work_of_steps(told.steps, told.ticket))
    return works, unreadable


async def _calls(session: AsyncSession, span: Span) -> Sequence[Call]:
    """Calls that waited for a person; they wait from the moment the machine answers."""
    rows = await Calls(session).waiting(span.start, span.end, _queues())
    return [Call(at, answered, waited_s) for at, answered, waited_s in rows]


def _queues() -> frozenset[str]:
    """The steps of a call at which people wait for a person."""
    nodes = from_library(FLOW).nodes
    return frozenset(name for name, node in nodes.items() if node.type == "queue")


def china_day(text: str) -> datetime:
    """The first moment of a day, `2026-10-01`. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA)
