"""Carry the journal into the database, in order, for as long as it takes."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from services import calls
from services.journal import Journal, Position, Record
from storage.database import Database
from storage.repositories.calls import CallNotFound

log = structlog.get_logger()

REJECTED = "rejected.jsonl"
AT_MOST_BETWEEN_TRIES_S = 5.0
_NOT_THE_RECORDS_FAULT = (OperationalError, InterfaceError, OSError, TimeoutError)


class JournalReplay:
    """``on_ended`` is told each ended call after its commit, at least once."""

    def __init__(
        self,
        journal: Journal,
        folder: Path,
        database: Database,
        on_ended: Callable[[str], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._folder = folder
        self._database = database
        self._on_ended = on_ended
        self._written = asyncio.Event()
        self.behind = 0

    def wake(self) -> None:
        """Something was appended."""
        self._written.set()

    async def run(self) -> None:
        """Until cancelled. A database that does not answer is asked again, ever less often."""
        position = self._journal.position()
        wait_s = 0.1
        while True:
            try:
                position = await self._catch_up(position)
                wait_s = 0.1
                # The time-out is only a net under a lost wake-up.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._written.wait(), 1.0)
                self._written.clear()
            except _NOT_THE_RECORDS_FAULT as failure:
                log.warning(
                    "database does not take the journal", why=_first_line(failure), wait_s=wait_s
                )
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, AT_MOST_BETWEEN_TRIES_S)

    async def _catch_up(self, position: Position) -> Position:
        while batch := self._journal.after(position):
            self.behind = len(batch)
            try:
                await self._apply([record for record, _ in batch])
            except _NOT_THE_RECORDS_FAULT:
                raise
            except Exception:  # noqa: BLE001  one bad record must not hold up all the others
                await self._apply_one_by_one([record for record, _ in batch])
            for record, _ in batch:
                if record.kind == "ended":
                    await self._on_ended(record.call_id)
            position = batch[-1][1]
            self._journal.applied(position)
        self.behind = 0
        return position

    async def _apply(self, records: list[Record]) -> None:
        async with self._database.transaction() as session:
            for record in records:
                await calls.apply(session, record)

    async def _apply_one_by_one(self, records: list[Record]) -> None:
        for record in records:
            try:
                await self._apply([record])
            except _NOT_THE_RECORDS_FAULT:
                raise
            except (DBAPIError, CallNotFound, KeyError, TypeError, ValueError) as failure:
                self._reject(record, failure)

    def _reject(self, record: Record, failure: Exception) -> None:
        """Keep what the database refuses, so that nothing is lost and nothing stands still."""
        why = _first_line(failure)
        log.error("journal record refused", call=record.call_id, seq=record.seq, why=why)
        with (self._folder / REJECTED).open("ab") as file:
            file.write(json.dumps({"why": why}, ensure_ascii=False).encode() + b"\t")
            file.write(record.line())


def _first_line(failure: BaseException) -> str:
    return (f"{type(failure).__name__}: {failure}").splitlines()[0][:300]
