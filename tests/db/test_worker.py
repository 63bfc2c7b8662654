"""The worker's timers, with a real worker process that is killed at the worst moment."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from services.case_proof import prove
from storage.database import Database
from tests.db.services.lives import Lives

PROJECT = Path(__file__).parent.parent.parent
WITHIN_S = 60.0


async def until(look: Callable[[], Any], saying: Callable[[], str]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        found = look()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, saying()
        await asyncio.sleep(0.1)


class Worker:
    """One `hotline role worker` on its own folder and the test's database."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.home, self.url = home, make_url(database_url)
        (home / "run").mkdir(parents=True)
        self.environment = {
            **os.environ,
            "HOTLINE_HOME": str(home),
            "HOTLINE_DATABASE_URL": database_url,
        }
        if self.url.get_backend_name() == "sqlite":
            self.environment["HOTLINE_WORKFLOW_DATABASE_URL"] = f"sqlite:///{home}/workflows.db"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "role", "worker"],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=WITHIN_S)
            self.process = None

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")[-3000:]

    def workflows(self, status: str) -> int:
        """How many timers stand so in the workflows' own database."""
        where = "substr(workflow_uuid, 1, 12) = 'time_passed-' AND status = "
        if self.url.get_backend_name() == "sqlite":
            file = self.home / "workflows.db"
            if not file.exists():
                return 0
            with sqlite3.connect(file) as connection:
                try:
                    query = f"SELECT count(*) FROM workflow_status WHERE {where}?"
                    return int(connection.execute(query, (status,)).fetchone()[0])
                except sqlite3.OperationalError:  # its tables are not there yet
                    return 0
        with psycopg.connect(**self._server()) as connection:
            try:
                query = f"SELECT count(*) FROM dbos.workflow_status WHERE {where}%s"
                row = connection.execute(query.encode(), (status,)).fetchone()
            except psycopg.errors.UndefinedTable:
                return 0
            return int(row[0]) if row else 0

    def _server(self) -> dict[str, Any]:
        return {
            "host": str(self.url.query["host"]),
            "user": self.url.username,
            "dbname": self.url.database,
        }

    @contextmanager
    def ticket_held(self, ticket_id: str) -> Iterator[None]:
        """Nobody else can write the ticket meanwhile."""
        if self.url.get_backend_name() == "sqlite":
            connection = sqlite3.connect(str(self.url.database), isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("ROLLBACK")
            finally:
                connection.close()
            return
        with psycopg.connect(**self._server()) as server:
            server.execute("SELECT 1 FROM ticket WHERE id = %s FOR UPDATE", (ticket_id,))
            yield


@pytest.fixture
def worker(tmp_path: Path, database_url: str) -> Iterator[Worker]:
    worker = Worker(tmp_path / "home", database_url)
    yield worker
    worker.end(signal.SIGKILL)


@pytest.mark.timeout(240)
async def test_killed_between_timer_and_commit_the_silence_is_written_once(
    worker: Worker, database: Database
) -> None:
    # Its first start makes the workflows' own tables, which waits for every open transaction.
    worker.start()
    await until((worker.home / "run" / "worker.beat").exists, worker.log)
    worker.end(signal.SIGTERM)
    lives = Lives(database)
    number = await lives.given("lishui", "2026-09-02 10")

    async def silences() -> int:
        return [row.what for row in await lives.history(number)].count("deemed_accepted")

    async def is_written() -> bool:
        return await silences() == 1

    with worker.ticket_held(number):
        worker.start()
        await until(lambda: worker.workflows("PENDING"), worker.log)
        worker.end(signal.SIGKILL)
        assert await silences() == 0
    assert await silences() == 0
    worker.start()
    await until(is_written, worker.log)
    await until(lambda: not worker.workflows("PENDING"), worker.log)
    worker.end(signal.SIGKILL)
    worker.start()
    later = await lives.given("lishui", "2026-09-02 10", unit="城管局")

    async def later_too() -> bool:
        return "deemed_accepted" in [row.what for row in await lives.history(later)]

    await until(later_too, worker.log)
    assert await silences() == 1
    worker.end(signal.SIGTERM)
    assert (await prove(database)).faults == []
