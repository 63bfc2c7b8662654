"""SQLite connections that cross to their thread once per statement.

aiosqlite hands every call to a thread: making the cursor, executing, fetching and closing are four
crossings, and SQLAlchemy makes all four for each statement. A ticket took 24 crossings (6 ms of
processor time on two busy cores, most of it waking threads); so it takes 9.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import aiosqlite
from sqlalchemy import make_url

ROWS_AT_ONCE = 64


def write_ahead(url: str) -> None:
    """Give a SQLite file that another library opens a write-ahead log, for good.

    Readers then do not wait for writers, and a commit is one write to the disk instead of three
    (sqlite.org/wal.html). Any other database is left alone.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    with closing(sqlite3.connect(parsed.database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


class OneStepCursor:
    """Executes and fetches in one go. The methods are those that SQLAlchemy's adapter calls."""

    arraysize = 1

    def __init__(self, connection: "OneStepConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def __aenter__(self) -> "OneStepCursor":
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "OneStepCursor":
        await self._connection.run(self._execute, statement, parameters)
        return self

    async def executemany(
        self, statement: str, parameters: Sequence[Sequence[Any]]
    ) -> "OneStepCursor":
        await self._connection.run(self._execute_many, statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _execute(self, statement: str, parameters: Sequence[Any]) -> None:
        self._take(self._connection.raw.execute(statement, parameters))

    def _execute_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._take(self._connection.raw.executemany(statement, parameters))

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.lastrowid = cursor.lastrowid
        self.rowcount = cursor.rowcount
        cursor.close()


class OneStepConnection(aiosqlite.Connection):
    """Opened without transactions of the driver's own."""

    def __init__(self, file: str) -> None:
        super().__init__(lambda: sqlite3.connect(file, isolation_level=None), ROWS_AT_ONCE)
        self._thread.daemon = True  # as SQLAlchemy does: a forgotten connection holds no exit up

    @property
    def raw(self) -> sqlite3.Connection:
        """For use in the connection's own thread."""
        return self._conn

    async def run(self, work: Callable[..., None], *arguments: object) -> None:
        """Call `work` in the connection's thread."""
        await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    def cursor(self) -> OneStepCursor:  # type: ignore[override]
        return OneStepCursor(self)

    async def commit(self) -> None:
        if self._conn.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        # The pool rolls back whatever comes home, also what was committed a moment ago.
        if self._conn.in_transaction:
            await super().rollback()
