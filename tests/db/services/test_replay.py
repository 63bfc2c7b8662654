"""From the journal into the database: in order, once, past bad records, through outages."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import exc
from structlog.testing import capture_logs

from services.journal import Journal, Record
from services.replay import REJECTED, JournalReplay
from storage.database import Database
from storage.repositories.calls import CallEvents, Calls
from tests.db.postgres import Cluster
from tests.db.services.given import CALL_ID, Facts, Moody
from tests.wire.telephony.waiting import until


class Scene:
    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.journal = Journal(folder)
        self.database = database
        self.ended: list[str] = []
        self.refusals = 0
        self.replay = JournalReplay(self.journal, folder, database, self._on_ended)
        self.task = asyncio.create_task(self.replay.run())

    async def _on_ended(self, call_id: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise RuntimeError("no workflow today")
        self.ended.append(call_id)

    def write(self, *records: Record) -> None:
        for record in records:
            self.journal.append(record)
        self.replay.wake()

    async def caught_up(self) -> None:
        await until(lambda: not self.journal.after(self.journal.position()), within_s=10)

    async def events(self, call_id: str = CALL_ID) -> list[str]:
        async with self.database.session() as session:
            return [event.kind for event in await CallEvents(session).of_call(call_id)]

    def rejected(self) -> list[tuple[str, Record]]:
        lines = (self.folder / REJECTED).read_bytes().splitlines(keepends=True)
        halves = [line.split(b"\t", 1) for line in lines]
        return [(json.loads(why)["why"], Record.from_line(record)) for why, record in halves]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.journal.close()


@pytest_asyncio.fixture
async def scene(tmp_path: Path, database: Database) -> AsyncIterator[Scene]:
    scene = Scene(tmp_path / "journal", database)
    yield scene
    await scene.stop()


async def test_what_is_written_arrives(scene: Scene) -> None:
    scene.write(*Facts().heard("路灯不亮").ended().records)
    await until(lambda: scene.ended == [CALL_ID])
    await scene.caught_up()
    assert await scene.events() == ["started", "heard", "ended"]
    assert scene.replay.behind == 0
    scene.write(*Facts("hl1-2.2", "261122558001").records)
    await scene.caught_up()
    assert await scene.events("hl1-2.2") == ["started"]


async def test_another_engine_goes_on_and_applies_nothing_twice(
    scene: Scene, tmp_path: Path
) -> None:
    facts = Facts().heard("路灯").ended()
    scene.write(*facts.records)
    await scene.caught_up()
    await scene.stop()
    (scene.folder / "applied.json").unlink()  # as if killed between the commit and this file
    again = Scene(scene.folder, scene.database)
    await again.caught_up()
    assert again.ended == [CALL_ID]  # at least once
    assert await again.events() == ["started", "heard", "ended"]
    await again.stop()


BAD: dict[str, Callable[[Record], Record]] = {
    "a time without a zone": lambda good: replace(good, at=good.at.replace(tzinfo=None)),
    "a call that nobody began": lambda good: replace(good, call_id="hl1-0.0"),
    "a fact that is missing": lambda good: replace(good, kind="talked", body={"seat": "1001"}),
    "a fact too many": lambda good: replace(good, body=good.body | {"volume": 3}),
    "words that are none": lambda good: replace(good, body=good.body | {"words": 7}),
    "a state that is none": lambda good: replace(good, kind="stepped", body={"state": None}),
    "a start without a number": lambda good: Record("hl1-8.8", 0, good.at, "started", {}),
    "a number given twice": lambda good: replace(Facts("hl1-8.8").records[0], at=good.at),
}


async def test_bad_records_are_kept_aside_and_hold_nobody_up(scene: Scene) -> None:
    facts = Facts().heard("路灯").ended()
    began, good, ended = facts.records
    bad = [spoil(good) for spoil in BAD.values()]
    scene.write(began, *bad, ended)
    await scene.caught_up()
    assert await scene.events() == ["started", "ended"]
    assert scene.ended == [CALL_ID]
    kept = scene.rejected()
    assert [record for _, record in kept] == bad
    assert all(why for why, _ in kept)
    assert (scene.folder / REJECTED).stat().st_mode & 0o777 == 0o600


async def test_a_refused_end_asks_for_no_draft(scene: Scene) -> None:
    scene.write(replace(Facts().ended().records[1], call_id="hl1-0.0"), *Facts().records)
    await scene.caught_up()
    assert scene.ended == []
    assert await scene.events() == ["started"]


def of_the_driver(kind: type[exc.DBAPIError]) -> exc.DBAPIError:
    return kind("INSERT …", {}, Exception("the database says no"))


@pytest.mark.parametrize(
    "failure",
    [
        of_the_driver(exc.OperationalError),  # gone, full, locked
        of_the_driver(exc.InterfaceError),
        of_the_driver(exc.InternalError),  # a standby that takes no writes
        of_the_driver(exc.ProgrammingError),  # no such table: not migrated yet
        exc.TimeoutError("QueuePool limit reached"),
        ConnectionRefusedError("nobody there"),
        RuntimeError("something else"),
    ],
    ids=lambda failure: type(failure).__name__,
)
async def test_a_database_that_is_away_delays_and_loses_nothing(
    tmp_path: Path, migrated_file: Path, failure: Exception
) -> None:
    file = shutil.copy(migrated_file, tmp_path)
    scene = Scene(tmp_path / "journal", Moody(f"sqlite+aiosqlite:///{file}", failure, times=1))
    scene.write(*Facts().heard("路灯").ended().records)
    await until(lambda: scene.ended == [CALL_ID])
    await scene.caught_up()
    assert await scene.events() == ["started", "heard", "ended"]
    assert not (scene.folder / REJECTED).exists()
    await scene.stop()
    await scene.database.close()


async def test_a_postgresql_that_goes_and_comes_back(
    tmp_path: Path, cluster: Cluster, migrated_template: str
) -> None:
    name = cluster.new_database(template=migrated_template)
    scene = Scene(tmp_path / "journal", Database(cluster.url(name)))
    began, *rest = Facts().heard("路灯").ended().records
    scene.write(began)
    await scene.caught_up()
    cluster.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    cluster.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with capture_logs() as logs:
        scene.write(*rest)
        await until(lambda: len(logs) > 1)
    assert {log["event"] for log in logs} == {"database does not take the journal"}
    cluster.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await until(lambda: scene.ended == [CALL_ID])
    await scene.caught_up()
    assert await scene.events() == ["started", "heard", "ended"]
    await scene.stop()
    await scene.database.close()
    cluster.drop(name)


async def test_who_cannot_be_told_of_an_end_is_told_later(scene: Scene) -> None:
    scene.refusals = 1
    scene.write(*Facts().ended().records)
    await until(lambda: scene.ended == [CALL_ID])
    async with scene.database.session() as session:
        assert (await Calls(session).get(CALL_ID)).outcome == "message"
