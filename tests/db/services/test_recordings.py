"""Two spool files become one kept recording: whole or not at all, and the same however often."""

import hashlib
import io
import wave
from array import array
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from services.recordings import Places, RecordingMissing, cut, keep_recording
from storage.database import Database
from storage.repositories.calls import CallNotFound, Recordings
from storage.tables.recording import RecordingRow
from storage.vault.vault import Vault
from tests.db.services.given import CALL_ID, NOW, Facts, Moody
from tests.db.services.sound import put_wav, tone

KEPT = f"2026/11/22/{CALL_ID}.wav"


@pytest.fixture
def places(tmp_path: Path, vault: Vault) -> Places:
    places = Places(tmp_path / "spool", vault)
    (places.spool / "slips").mkdir(parents=True)
    places.slip(CALL_ID).write_text("1 12345 138\n")
    return places


@pytest.fixture(autouse=True)
def nobody_writes_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.stereo.CLOSED_WITHIN_S", 0.0)


async def row_of(database: Database) -> RecordingRow:
    async with database.session() as session:
        row = await Recordings(session).of_call(CALL_ID)
    assert row is not None
    return row


def content_of(places: Places, row: RecordingRow) -> bytes:
    return b"".join(places.vault.pieces(row.path))


def channels(places: Places, row: RecordingRow) -> "tuple[array[int], array[int]]":
    with wave.open(io.BytesIO(content_of(places, row))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        both = array("h", file.readframes(file.getnframes()))
    return both[0::2], both[1::2]


async def test_the_caller_is_left_what_was_heard_is_right(
    database: Database, places: Places
) -> None:
    await Facts().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(8000, 100))
    put_wav(places.side(CALL_ID, "heard"), tone(8000, -7))
    put_wav(places.side(CALL_ID, "message"), tone(800, 100))
    kept = await keep_recording(database, places, CALL_ID, now=NOW)
    assert channels(places, kept) == (array("h", [100] * 8000), array("h", [-7] * 8000))
    row = await row_of(database)
    content = content_of(places, kept)
    assert (row.path, row.length_s, row.channels) == (KEPT, 1.0, ["caller", "heard"])
    assert (row.sha256, row.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert [path for path in places.spool.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("caller", "heard"),
    [(8000, 7840), (160, 8003), (2026, 4001), (1, 8000), (8000, None), (None, 3), (0, 160)],
)
async def test_the_shorter_side_is_filled_up_with_silence(
    places: Places, tmp_path: Path, migrated_file: Path, caller: int | None, heard: int | None
) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/calls.sqlite")
    (tmp_path / "calls.sqlite").write_bytes(migrated_file.read_bytes())
    await Facts().into(database)
    for side, samples in (("caller", caller), ("heard", heard)):
        if samples is not None:
            put_wav(places.side(CALL_ID, side), tone(samples, 9))
    longest = max(caller or 0, heard or 0)
    left, right = channels(places, await keep_recording(database, places, CALL_ID, now=NOW))
    for channel, samples in ((left, caller or 0), (right, heard or 0)):
        assert channel == array("h", [9] * samples + [0] * (longest - samples))
    assert (await row_of(database)).length_s == longest / 8000
    await database.close()


async def test_a_file_that_a_killed_asterisk_never_closed_is_kept_as_far_as_it_goes(
    database: Database, places: Places
) -> None:
    await Facts().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(4000, 5) + b"\x01", closed=False)
    put_wav(places.side(CALL_ID, "heard"), b"", closed=False)
    left, right = channels(places, await keep_recording(database, places, CALL_ID, now=NOW))
    assert (left, right) == (array("h", [5] * 4000), array("h", [0] * 4000))


async def test_doing_it_again_changes_nothing(database: Database, places: Places) -> None:
    await Facts().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(800, 5))
    kept = await keep_recording(database, places, CALL_ID, now=NOW)
    before = content_of(places, kept)
    put_wav(places.side(CALL_ID, "caller"), tone(80, 1))  # killed before the spool was cleared
    again = await keep_recording(database, places, CALL_ID, now=NOW)
    assert (again.sha256, content_of(places, again)) == (kept.sha256, before)
    assert not places.side(CALL_ID, "caller").exists()


async def test_killed_between_the_file_and_its_row(
    database: Database, database_url: str, places: Places
) -> None:
    await Facts().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(800, 5))
    put_wav(places.side(CALL_ID, "heard"), tone(640, 6))
    gone = Moody(database_url, OperationalError("INSERT", {}, Exception("gone")), times=1)
    with pytest.raises(OperationalError):
        await keep_recording(gone, places, CALL_ID, now=NOW)
    await gone.close()
    half_done = b"".join(places.vault.pieces(KEPT))
    assert places.side(CALL_ID, "caller").exists()
    kept = await keep_recording(database, places, CALL_ID, now=NOW)
    assert content_of(places, kept) == half_done
    assert (await row_of(database)).sha256 == hashlib.sha256(half_done).hexdigest()
    assert sorted(places.vault.names()) == [KEPT.replace(".wav", ".peaks"), KEPT]


async def test_no_sound_at_all_is_told_and_the_slip_has_done_its_work(
    database: Database, places: Places
) -> None:
    await Facts().into(database)
    for _ in range(2):
        with pytest.raises(RecordingMissing, match=CALL_ID):
            await keep_recording(database, places, CALL_ID, now=NOW)
    assert not places.slip(CALL_ID).exists()
    assert list(places.vault.names()) == []


async def test_a_call_that_is_not_on_record_keeps_its_files(
    database: Database, places: Places
) -> None:
    put_wav(places.side(CALL_ID, "caller"), tone(800, 5))
    with pytest.raises(CallNotFound):
        await keep_recording(database, places, CALL_ID, now=NOW)
    assert places.side(CALL_ID, "caller").exists()
    assert places.slip(CALL_ID).exists()


async def test_one_channel_between_two_moments(database: Database, places: Places) -> None:
    await Facts().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(8000, 1))
    put_wav(places.side(CALL_ID, "heard"), tone(4000, 2) + tone(4000, 3))
    kept = await keep_recording(database, places, CALL_ID, now=NOW)
    part = places.spool / "part.wav"
    with places.vault.plain_file(kept.path) as path:
        cut(path, 1, 0.25, 0.75, part)
    assert not path.exists()
    with wave.open(str(part)) as file:
        assert file.getnchannels() == 1
        assert array("h", file.readframes(9999)) == array("h", [2] * 2000 + [3] * 2000)
