"""One way to a database for every process: SQLite on the machine, or PostgreSQL.

A use case gets one session and never commits; `Database.transaction` commits at its end or
takes everything back.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage.sqlite import OneStepConnection

# A writer of another process holds SQLite's lock for one commit (milliseconds); longer than
# this means that something is stuck, and the caller should hear of it.
BUSY_TIMEOUT_MS = 10_000
WRITES = "hotline_writes"


def _compact_json(value: object) -> str:
    # Chinese text as itself: a third of the bytes, and LIKE finds it.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Database:
    """`url` is sqlite+aiosqlite:///FILE or postgresql+psycopg://… ."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_pre_ping": True}
        if self.is_sqlite:
            options = {"async_creator": partial(OneStepConnection, self.url.database or "")}
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            json_serializer=_compact_json,
            pool_size=pool_size,
            hide_parameters=True,  # an SQL error in the log must not tell callers' numbers
            **options,
        )
        self._writing_engine = self.engine.execution_options(**{WRITES: True})
        # SQLite has one writer at a time and makes the others poll; within this process a
        # queue is faster and fair. PostgreSQL needs none.
        self._write_turn: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; what it changes is never committed."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed when the block ends, or undone if it raises."""
        turn: AbstractAsyncContextManager[None] = self._write_turn or nullcontext()
        async with (
            turn,
            AsyncSession(self._writing_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    async def check(self) -> str | None:
        """None when the database answers, else what is wrong, for `/readyz`."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as failure:  # noqa: BLE001  any failure means "not ready", and is told
            return f"{type(failure).__name__}: {failure}".splitlines()[0]
        return None

    async def close(self) -> None:
        await self.engine.dispose()


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # FULL, not NORMAL: in WAL mode NORMAL loses the last commits on a power cut
    # (sqlite.org/pragma.html#pragma_synchronous), and a ticket whose number was told to a
    # citizen must be there after one.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once with SQLITE_BUSY when
    # somebody wrote in between, whatever the timeout (sqlite.org/isolation.html); one that
    # asks for the write lock at its start waits its turn instead.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
