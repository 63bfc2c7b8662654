"""Carry the journal into the database, in order, for as long as it takes."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from services import calls
from services.journal import Journal, Position, Record
from storage.database import Database
from storage.repositories.calls import CallNotFound

log = structlog.get_logger()

REJECTED = "rejected.jsonl"
AT_MOST_BETWEEN_TRIES_S = 5.0
# What lies in a record itself. Anything else (no connection, no space, no right, a standby that
# takes no writes) lies in the database and passes: the record waits for it.
_OF_THE_RECORD = (
    DataError, IntegrityError, CallNotFound,
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError,
)  # fmt: skip


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
            except Exception as failure:  # noqa: BLE001  whatever it is: it is tried again
                log.warning(
                    "database does not take the journal", why=_first_line(failure), wait_s=wait_s
                )
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, AT_MOST_BETWEEN_TRIES_S)

    async def _catch_up(self, position: Position) -> Position:
        while batch := self._journal.after(position):
            self.behind = len(batch)
            for record in await self._apply_what_can_be([record for record, _ in batch]):
                if record.kind == "ended":
                    await self._on_ended(record.call_id)
            position = batch[-1][1]
            self._journal.applied(position)
        self.behind = 0
        return position

    async def _apply_what_can_be(self, records: list[Record]) -> list[Record]:
        """All at once if possible: one bad record must not hold up all the others."""
        try:
            await self._apply(records)
        except Exception as failure:
            if not _lies_in_the_record(failure):
                raise
            if len(records) == 1:
                self._reject(records[0], failure)
                return []
            return [
                taken for record in records for taken in await self._apply_what_can_be([record])
            ]
        return records

    async def _apply(self, records: list[Record]) -> None:
        async with self._database.transaction() as session:
            for record in records:
                await calls.apply(session, record)

    def _reject(self, record: Record, failure: Exception) -> None:
        """Keep what the database refuses, so that nothing is lost and nothing stands still."""
        why = _first_line(failure)
        log.error("journal record refused", call=record.call_id, seq=record.seq, why=why)
        path = self._folder / REJECTED
        path.touch(mode=0o600)
        with path.open("ab") as file:
            file.write(json.dumps({"why": why}, ensure_ascii=False).encode() + b"\t")
            file.write(record.line())


def _lies_in_the_record(failure: Exception) -> bool:
    refused = isinstance(failure, StatementError) and not isinstance(failure, DBAPIError)
    return refused or isinstance(failure, _OF_THE_RECORD)


def _first_line(failure: BaseException) -> str:
    return (f"{type(failure).__name__}: {failure}").splitlines()[0][:300]
