"""What time does to tickets: which ones it reaches now, and doing it to one of them."""

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


async def let_pass(database: Database, ticket_id: str, *, now: datetime) -> list[str]:
    """Bring one ticket up to `now`; what was written into its history. Again changes nothing.

    A ticket that cannot be worked out (its rules are gone) is logged and waits for a person: it
    must not hold up the others.
    """
    try:
        async with database.transaction() as session:
            return await pass_time(session, ticket_id, now=now)
    except (LookupError, ValueError) as problem:
        log.exception("ticket cannot go on", ticket=ticket_id, why=type(problem).__name__)
    async with database.transaction() as session:
        case = await Cases(session).get(ticket_id)
        case.next_at = None
    return []
