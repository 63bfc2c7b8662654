"""Counted against Asterisk's own list: what is missing of which call, and why."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.drafts import Place, draft_ticket
from services.knowledge import KnowledgeSearch
from services.reconcile import Gap, reconcile
from services.recordings import Places, keep_recording
from storage.database import Database
from storage.vault.vault import Vault
from tests.db.services.given import CALL_ID, NOW, Facts
from tests.db.services.sound import put_wav, tone


@pytest.fixture
def places(tmp_path: Path, vault: Vault) -> Places:
    places = Places(tmp_path / "spool", vault)
    for folder in ("slips", "recordings"):
        (places.spool / folder).mkdir(parents=True)
    return places


async def gaps(database: Database, places: Places) -> list[Gap]:
    calls_csv = places.spool / "Master.csv"
    row = ["", "138", "12345", "hotline", "", "PJSIP/citizen-1", *[""] * 8, "ANSWERED", "", CALL_ID]
    calls_csv.write_text(",".join(row) + "\n")
    compared, found = await reconcile(database, places, calls_csv)
    assert compared == 1
    return found


async def test_a_call_is_whole_only_at_the_end(database: Database, places: Places) -> None:
    assert await gaps(database, places) == [Gap(CALL_ID, "record", "no slip")]
    places.slip(CALL_ID).write_text("1 12345 138\n")
    assert await gaps(database, places) == [Gap(CALL_ID, "record", "slip waits for the engine")]
    facts = Facts()
    await facts.into(database)
    assert await gaps(database, places) == [
        Gap(CALL_ID, "recording", "no sound was kept"),
        Gap(CALL_ID, "draft", "running"),
    ]
    await facts.ended().into(database)
    put_wav(places.side(CALL_ID, "caller"), tone(160, 1))
    assert await gaps(database, places) == [
        Gap(CALL_ID, "recording", "not muxed yet"),
        Gap(CALL_ID, "draft", "not drafted"),
    ]
    put_wav(places.side(CALL_ID, "heard"), tone(160, 1))
    kept = await keep_recording(database, places, CALL_ID, now=NOW)
    zone = ZoneInfo("Asia/Shanghai")
    place = Place("hangzhou", zone)
    await draft_ticket(database, CALL_ID, knowledge=KnowledgeSearch(), place=place, now=NOW)
    assert await gaps(database, places) == []
    places.vault.delete(kept.path)
    assert await gaps(database, places) == [
        Gap(CALL_ID, "file", f"2026/11/22/{CALL_ID}.wav is gone")
    ]


async def test_nothing_to_compare(database: Database, places: Places) -> None:
    assert await reconcile(database, places, places.spool / "Master.csv") == (0, [])
