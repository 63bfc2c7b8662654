"""The worker's clock: every second it asks which tickets time has reached.

When a ticket's limit ends stands in the database, in the same row and transaction as the limit
itself, so a limit that moves takes its timer along. What has to be done then, for up to `AT_ONCE`
tickets, is a durable workflow: killed between the timer and the commit, it is done at the next
start, once.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from domain.cities.load import cities
from services import live, supervision, timers
from services.workflows import TIME_PASSED
from storage.database import Database

log = structlog.get_logger()

EVERY_S = 1.0
AT_ONCE = 50
SUPERVISION_EVERY_S = 300.0


def _now() -> datetime:
    return datetime.now(UTC)


def _name(found: Sequence[timers.Due]) -> str:
    """The same for the same pieces of work, and another one as soon as one of them differs."""
    return hashlib.sha256("\n".join(due.key for due in found).encode()).hexdigest()


class Timers:
    """Made before `DBOS.launch`, which takes pending workflows up again."""

    def __init__(self, settings: Settings, database: Database, again: dict[str, Any]) -> None:
        self._socket = settings.live_socket
        self._database = database

        @DBOS.step(name="let_pass", **again)
        async def let_pass(ticket_ids: list[str]) -> dict[str, list[str]]:
            return await timers.let_pass(database, ticket_ids, now=_now())

        @DBOS.workflow(name=TIME_PASSED)
        async def pass_time(ticket_ids: list[str]) -> None:
            for ticket_id, happened in (await let_pass(ticket_ids)).items():
                if happened:
                    await self._tell(ticket_id, happened)

        self._pass_time: Callable[[list[str]], Coroutine[Any, Any, None]] = pass_time

    async def _tell(self, ticket_id: str, happened: list[str]) -> None:
        log.info("time passed", ticket=ticket_id, what=happened)
        event = {
            "type": "ticket_timer",
            "call_id": "",
            "ticket_id": ticket_id,
            "what": happened,
            "at": _now().isoformat(),
        }
        await live.publish(self._socket, event)

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        supervised_at, prepared = 0.0, False
        loop = asyncio.get_running_loop()
        while True:
            try:
                if not prepared:
                    await timers.prepare(self._database, now=_now())
                    prepared = True
                more = await self._look()
                if loop.time() - supervised_at >= SUPERVISION_EVERY_S:
                    supervised_at = loop.time()
                    await self._supervise()
            except (SQLAlchemyError, OSError) as failure:
                log.warning("timers wait for the database", why=type(failure).__name__)
                more = False
            if not more:
                await asyncio.sleep(EVERY_S)

    async def _look(self) -> bool:
        """Whether there may be more to do at once."""
        async with self._database.session() as session:
            found = await timers.reached(session, now=_now(), limit=AT_ONCE)
        if found:
            with SetWorkflowID(f"{TIME_PASSED}-{_name(found)}"):
                ticket_ids = [due.ticket_id for due in found]
                handle = await DBOS.start_workflow_async(self._pass_time, ticket_ids)
            await handle.get_result()
        return len(found) == AT_ONCE

    async def _supervise(self) -> None:
        for city in cities():
            done = await supervision.do_what_shall_be_done(self._database, city, now=_now())
            for each in done:
                log.info("supervised", ticket=each.ticket_id, trigger=each.trigger)
