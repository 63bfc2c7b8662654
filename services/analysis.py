"""What many requests say together: clusters, warnings, matters to coordinate, overviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.cities.load import rules_on
from domain.drafting.address import find_place
from domain.tickets.analysis import (
    Bounds,
    Cluster,
    Matter,
    Notice,
    Overview,
    clusters,
    for_coordination,
    overview,
    publication,
    warnings,
)
from services.city_settings import setting_of
from storage.repositories.cases import Cases
from storage.repositories.tickets import Tickets
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow


@dataclass(frozen=True)
class Alarming:
    """`found` in the last days; `warnings` go to units, `to_coordinate` to the joint body."""

    bounds: Bounds
    found: list[Cluster]
    warnings: list[Notice]
    to_coordinate: list[Notice]


@dataclass(frozen=True)
class Account:
    """Of a period; None where the city's text asks for none."""

    analysis: Overview | None
    publication: Overview | None


async def alarming(session: AsyncSession, city: str, *, now: datetime) -> Alarming:
    """What stands out now, by the city's thresholds. Raises `UnknownCity`."""
    now = now.astimezone(CHINA)
    rules, _ = rules_on(city, now.date())
    chosen = (await setting_of(session, city)).thresholds
    bounds = Bounds(cluster=chosen.requesters, assignments=chosen.assignments)
    known = await _matters(session, city, now - timedelta(days=bounds.within_days), now)
    found = clusters(known, bounds, now)
    return Alarming(
        bounds, found, warnings(found, rules), for_coordination(known, rules, bounds, now)
    )


async def account(session: AsyncSession, city: str, start: datetime, end: datetime) -> Account:
    """What came from `start` to before `end`. Raises `UnknownCity`."""
    rules, _ = rules_on(city, end.astimezone(CHINA).date())
    known = await _matters(session, city, start, end)
    return Account(overview(known, rules, start, end), publication(known, rules, start, end))


async def _matters(
    session: AsyncSession, city: str, start: datetime, end: datetime
) -> list[Matter]:
    """Every ticket of the city that lived between the two moments."""
    cases = await Cases(session).alive(city, start, end)
    tickets = await Tickets(session).several([case.ticket_id for case in cases])
    by_id = {ticket.id: ticket for ticket in tickets}
    return [_matter(case, by_id[case.ticket_id]) for case in cases]


def _matter(case: TicketCaseRow, ticket: TicketRow) -> Matter:
    closed = case.snapshot["closed_at"]
    return Matter(
        ticket=case.ticket_id,
        registered_at=(case.registered_at or ticket.created_at).astimezone(CHINA),
        category=case.category,
        topic=_topic(ticket.fields.get("topic")),
        area=_area(ticket.fields.get("address"), case.city),
        unit=case.unit,
        assignments=case.snapshot["assignments"],
        solved_at=None if closed is None else datetime.fromisoformat(closed),
    )


def _topic(field: Any) -> str:  # noqa: ANN401  a field of a ticket is any JSON value
    """The second level where it is known: the first is too wide for a cluster."""
    path = field.get("value") if isinstance(field, Mapping) else field
    return "/".join(path.split("/")[:2]) if isinstance(path, str) else ""


def _area(field: Any, city: str) -> str:  # noqa: ANN401
    """Town (street office) or district of the address, "" where it names none.

    A person's correction is one line of text: its parts are looked for anew.
    """
    parts = field.get("parts") if isinstance(field, Mapping) else None
    if not parts:
        text = field.get("value") if isinstance(field, Mapping) else field
        place = find_place(text, city) if isinstance(text, str) else None
        parts = place.parts if place else {}
    return str(parts.get("town") or parts.get("district") or "")
