"""Any changed or missing byte, row, link or day is found; so is nothing where nothing is wrong."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from services.adoption import rotate_keys
from services.chain import Fault, verify
from services.recordings import Places
from storage.database import Database
from storage.repositories.calls import Recordings
from storage.tables.recording import RecordingRow
from storage.tables.recording_chain import RecordingDayRow, RecordingLinkRow
from storage.vault.vault import Vault
from tests.db.services.given import NOW
from tests.db.services.keeping import given_kept


@pytest.fixture
def places(tmp_path: Path, vault: Vault) -> Places:
    return Places(tmp_path / "spool", vault)


async def given_three(database: Database, places: Places) -> list[str]:
    return [
        await given_kept(database, places, number, made_at=NOW + timedelta(days=number // 2))
        for number in range(3)
    ]


async def faults(database: Database, places: Places) -> list[Fault]:
    return [fault async for fault in verify(database, places.vault)]


async def test_nothing_is_wrong_with_what_was_kept(database: Database, places: Places) -> None:
    assert await faults(database, places) == []
    await given_three(database, places)
    assert await faults(database, places) == []


async def test_one_flipped_bit_on_disk_is_found(database: Database, places: Places) -> None:
    _, second, _ = await given_three(database, places)
    async with database.session() as session:
        row = await Recordings(session).of_call(second)
    assert row is not None
    content = bytearray(places.vault._shelf.read(row.path + ".sealed", 0, 10**6))
    content[1234] ^= 1
    places.vault._shelf.put(row.path + ".sealed", bytes(content))
    (fault,) = await faults(database, places)
    assert fault.where == second
    assert "changed between bytes" in fault.what


async def test_another_sound_of_the_same_length_is_found(
    database: Database, places: Places
) -> None:
    first, *_ = await given_three(database, places)
    async with database.session() as session:
        row = await Recordings(session).of_call(first)
    assert row is not None
    places.vault.store(row.path, [bytes(row.size_bytes)])  # whoever has the keys can do this
    assert await faults(database, places) == [
        Fault(first, "its sound is not the one that was kept")
    ]


async def test_a_missing_file_is_found(database: Database, places: Places) -> None:
    first, *_ = await given_three(database, places)
    places.vault.delete(f"2026/11/22/{first}.wav")
    assert await faults(database, places) == [Fault(first, f"2026/11/22/{first}.wav is not there")]


Tamper = Callable[[Database], Awaitable[None]]


async def _run(database: Database, statement: object) -> None:
    async with database.transaction() as session:
        await session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            update(RecordingRow).where(RecordingRow.call_id.endswith(".1")).values(sha256="0" * 64),
            "its row differs from the chain",
        ),
        (delete(RecordingRow).where(RecordingRow.call_id.endswith(".1")), "its row is gone"),
        (
            update(RecordingRow).where(RecordingRow.call_id.endswith(".1")).values(keeping="gone"),
            "it went without a confirmed deletion",
        ),
        (update(RecordingDayRow).values(signature="AA=="), "signature"),
        (update(RecordingDayRow).values(links=7), "the day ended with 7 links"),
        (delete(RecordingDayRow).where(RecordingDayRow.day == "2026-11-22"), "the chain breaks"),
    ],
)
async def test_tampering_with_the_database_is_found(
    database: Database, places: Places, statement: object, found: str
) -> None:
    await given_three(database, places)
    await _run(database, statement)
    assert any(found in fault.what for fault in await faults(database, places))


async def test_links_are_only_ever_added(database: Database, places: Places) -> None:
    await given_three(database, places)
    for statement in (update(RecordingLinkRow).values(seq=9), delete(RecordingLinkRow)):
        with pytest.raises(DatabaseError, match="append-only"):
            await _run(database, statement)


async def test_a_link_that_went_by_force_is_found(database: Database, places: Places) -> None:
    first, *_ = await given_three(database, places)
    unlock = "DROP TRIGGER recording_link_no_delete"
    if not database.is_sqlite:
        unlock = "DROP TRIGGER recording_link_append_only ON recording_link"
    await _run(database, text(unlock))
    await _run(database, delete(RecordingLinkRow).where(RecordingLinkRow.call_id == first))
    found = [fault.what for fault in await faults(database, places)]
    assert any("the chain breaks" in what for what in found)
    assert "it is not in the chain" in found


async def test_a_clock_that_went_back_does_not_tear_the_chain(
    database: Database, places: Places
) -> None:
    await given_kept(database, places, 0, made_at=NOW)
    await given_kept(database, places, 1, made_at=NOW - timedelta(days=3))
    assert await faults(database, places) == []
    async with database.session() as session:
        days = set(await session.scalars(select(RecordingLinkRow.day)))
    assert days == {"2026-11-22"}


async def test_new_keys_and_sound_that_lay_open(database: Database, places: Places) -> None:
    first, second, _ = await given_three(database, places)
    name = f"2026/11/22/{second}.wav"
    open_file = places.spool / name
    open_file.parent.mkdir(parents=True)
    open_file.write_bytes(b"".join(places.vault.pieces(name)))
    places.vault.delete(name)
    other = places.spool / f"2026/11/22/{first}.wav"
    other.write_bytes(b"not what was kept")
    done = await rotate_keys(database, places.vault, places.spool)
    # Sound and waveform of each; the one that lay open was sealed with the new key already.
    assert (done.sealed, done.rewrapped) == (1, 5)
    assert not open_file.exists()
    assert other.exists()
    assert await faults(database, places) == []
    places.vault.retire("k1")
    assert await faults(database, places) == []
