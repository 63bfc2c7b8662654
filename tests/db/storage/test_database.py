import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from storage.database import Database
from storage.repositories.calls import CallEvents, Calls, Recordings, Utterance, Utterances
from storage.repositories.tickets import TicketNumbers
from storage.sqlite import write_ahead
from storage.tables.call import CallRow
from storage.tables.call_event import CallEventRow
from storage.tables.recording import RecordingRow

NOW = datetime(2026, 11, 22, 7, 30, 0, 123456, tzinfo=UTC)


async def given_call(database: Database, **changes: Any) -> None:
    values = {
        "id": "c.1",
        "caller": "13800000000",
        "dialled": "12345",
        "ticket_number": "261122557010",
        "started_at": NOW,
    }
    async with database.transaction() as session:
        Calls(session).add(CallRow(**{**values, **changes}))


async def add_two_with_one_number(database: Database) -> None:
    async with database.transaction() as session:
        for call_id, number in (("c.2", "261122000001"), ("c.3", "261122557010")):
            row = CallRow(id=call_id, caller="", dialled="", ticket_number=number, started_at=NOW)
            Calls(session).add(row)
            await session.flush()


async def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    await given_call(database)
    with pytest.raises(IntegrityError):
        await add_two_with_one_number(database)
    async with database.session() as session:
        assert await Calls(session).find("c.2") is None
        assert await Calls(session).of_ticket_number("261122557010") is not None


async def test_a_reading_session_keeps_nothing(database: Database) -> None:
    await given_call(database)
    async with database.session() as session:
        (await Calls(session).get("c.1")).outcome = "lost"
        await session.flush()
    async with database.session() as session:
        assert (await Calls(session).get("c.1")).outcome is None


async def test_moments_come_back_as_utc_to_the_microsecond(database: Database) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    await given_call(database, started_at=local)
    async with database.session() as session:
        started_at = (await Calls(session).get("c.1")).started_at
    assert started_at == NOW
    assert started_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        await given_call(database, started_at=NOW.replace(tzinfo=None))


async def test_a_journal_line_is_applied_once(database: Database) -> None:
    await given_call(database)
    applied = []
    for body in ({"key": "1"}, {"key": "2"}):
        async with database.transaction() as session:
            event = CallEvents(session)
            applied.append(await event.append("c.1", 1, at=NOW, kind="key", body=body))
    async with database.session() as session:
        events = await CallEvents(session).of_call("c.1")
    assert applied == [True, False]
    assert [event.body for event in events] == [{"key": "1"}]


async def test_an_event_needs_its_call(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            session.add(CallEventRow(call_id="nobody", seq=1, at=NOW, kind="x", body={}))


async def test_words_said_again_replace_those_before(database: Database) -> None:
    await given_call(database)
    for spoken in ("路", "路灯"):
        async with database.transaction() as session:
            utterance = Utterance("caller", "live", 1, 0.5, 1.5, spoken, [{"word": spoken}])
            await Utterances(session).put("c.1", utterance)
    async with database.session() as session:
        (row,) = await Utterances(session).of_call("c.1")
    assert (row.text, row.words, row.start_s) == ("路灯", [{"word": "路灯"}], 0.5)


async def test_a_recording_made_again_replaces_the_first(database: Database) -> None:
    await given_call(database)
    for size_bytes in (1, 5_000_000_000):
        async with database.transaction() as session:
            row = RecordingRow(
                call_id="c.1",
                path="a.wav",
                sha256="0" * 64,
                size_bytes=size_bytes,
                length_s=1.0,
                channels=["caller", "heard"],
                made_at=NOW,
            )
            await Recordings(session).put(row)
    async with database.session() as session:
        recording = await Recordings(session).of_call("c.1")
    assert recording is not None
    assert recording.size_bytes == 5_000_000_000


async def test_writers_that_read_first_do_not_stumble_over_each_other(database: Database) -> None:
    """SQLite: with a plain BEGIN these fail at once with "database is locked"."""
    second = Database(database.engine.url.render_as_string(hide_password=False))

    async def count(which: Database) -> int:
        async with which.transaction() as session:
            await session.execute(text("SELECT count(*) FROM call"))
            return await TicketNumbers(session).next_of_day("261122")

    numbers = await asyncio.gather(*(count(which) for which in (database, second) * 10))
    await second.close()
    assert sorted(numbers) == list(range(1, 21))


async def test_sqlite_settings(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/new.sqlite")
    async with database.engine.connect() as connection:
        found = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    await database.close()
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,  # FULL
        "busy_timeout": 10_000,
    }


async def test_check_says_what_is_wrong(database: Database) -> None:
    assert await database.check() is None
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert "OperationalError" in str(await gone.check())
    await gone.close()


def test_another_librarys_file_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    file = tmp_path / "workflows.db"
    write_ahead(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    write_ahead("postgresql://nobody@127.0.0.1:1/none")  # nothing to do, nothing asked
