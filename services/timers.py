"""What time does to tickets: which ones it reaches now, and doing it to one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.calendars import seed, unseeded
from services.cases import pass_time
from storage.database import Database
from storage.repositories.cases import Cases, WorkingYears

log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """`key` is the same for the same piece of work, and another one for the next."""

    ticket_id: str
    key: str


async def prepare(database: Database, *, now: datetime) -> None:
    """Years that came with a new program join the working-day table."""
    async with database.session() as session:
        complete = not await unseeded(session)
    if not complete:
        async with database.transaction() as session:
            await seed(session, now=now)


async def reached(session: AsyncSession, *, now: datetime, limit: int) -> list[Due]:
    """Tickets with something to do at `now`, or counted by an old working-day table."""
    edition = await WorkingYears(session).newest()
    rows = await Cases(session).due(now, edition=edition, limit=limit)
    return [
        Due(ticket_id, f"{ticket_id}-{moment.timestamp():.6f}-{version}-{edition}")
        for ticket_id, moment, version in rows
    ]


async def let_pass(
    database: Database, ticket_ids: Sequence[str], *, now: datetime
) -> dict[str, list[str]]:
    """Bring tickets up to `now` in one transaction; what was written into the history of each.

    Again changes nothing. A ticket that cannot be worked out (its rules are gone) is logged and
    waits for a person: the others then go on one by one.
    """
    try:
        async with database.transaction() as session:
            return await pass_time(session, ticket_ids, now=now)
    except (LookupError, ValueError) as problem:
        if len(ticket_ids) == 1:
            log.exception("ticket cannot go on", ticket=ticket_ids[0], why=type(problem).__name__)
            return {ticket_ids[0]: await _left(database, ticket_ids[0])}
    done: dict[str, list[str]] = {}
    for ticket_id in ticket_ids:
        done |= await let_pass(database, [ticket_id], now=now)
    return done


async def _left(database: Database, ticket_id: str) -> list[str]:
    """Time does nothing more to it; nothing was written."""
    async with database.transaction() as session:
        case = await Cases(session).get(ticket_id)
        case.next_at = None
    return []
