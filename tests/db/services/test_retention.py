"""Recordings go in two steps, with a certificate; a kill in the middle leaves nothing half-done."""

import asyncio
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from domain.review.finding import wanted_words
from services import retention
from services.actor import Actor
from services.chain import verify
from services.desk import Correction, correct
from services.recordings import Places
from services.transcripts import transcript
from storage.database import Database
from storage.repositories.calls import CallEvents, Recordings
from storage.repositories.cards import CardFilter, Cards
from storage.repositories.keeping import Deletions, Retention
from storage.search.words import segmenter
from storage.tables.recording_card import RecordingCardRow
from storage.tables.retention import LegalHoldRow
from storage.vault.vault import Vault
from tests.db.services.given import NOW
from tests.db.services.keeping import given_kept
from tests.db.services.lives import Lives

LATER = NOW + timedelta(days=366)
ANNA, BEN = Actor("account:anna"), Actor("account:ben")


@pytest.fixture
def places(tmp_path: Path, vault: Vault) -> Places:
    return Places(tmp_path / "spool", vault)


async def due(database: Database, now: datetime = LATER) -> dict[str, str]:
    return {
        one.call_id: one.rule async for batch in retention.due(database, now=now) for one in batch
    }


async def hold(database: Database, call_id: str) -> None:
    async with database.transaction() as session:
        Retention(session).add(
            LegalHoldRow(call_id=call_id, reason="lawsuit", placed_by="x", placed_at=NOW)
        )


async def confirmed(database: Database) -> int:
    number = await retention.propose(database, ANNA, now=LATER)
    assert number is not None
    async with database.transaction() as session:
        await retention.confirm(session, number, BEN, now=LATER)
    return number


async def test_the_dry_run_names_what_is_over_and_changes_nothing(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    await retention.ensure_rules(database, now=NOW)
    plain = await given_kept(database, places, 1)
    await given_kept(database, places, 2, suspension=True)
    await given_kept(database, places, 3, score=40.0)
    held = await given_kept(database, places, 4)
    await hold(database, held)
    assert await due(database, NOW + timedelta(days=364)) == {}
    assert await due(database) == {plain: "全部录音（本系统建议）"}
    assert len(await due(database, NOW + timedelta(days=3 * 366))) == 3
    assert places.vault.holds(f"2026/11/22/{plain}.wav")


async def test_one_proposes_another_confirms_then_it_goes_with_a_certificate(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    call_id = await given_kept(database, places, 1)
    number = await retention.propose(database, ANNA, now=LATER)
    assert number is not None
    assert await retention.propose(database, ANNA, now=LATER) is None  # it stands in a list already
    assert await retention.carry_out(database, places.vault, now=LATER) == []
    async with database.transaction() as session:
        with pytest.raises(retention.SamePerson):
            await retention.confirm(session, number, ANNA, now=LATER)
        await retention.confirm(session, number, BEN, now=LATER)
        with pytest.raises(retention.DeletionSettled):
            await retention.withdraw(session, number, ANNA, now=LATER)
    assert await retention.carry_out(database, places.vault, now=LATER) == [number]
    assert list(places.vault.names()) == []
    async with database.session() as session:
        row = await Deletions(session).get(number)
        recording = await Recordings(session).of_call(call_id)
    assert recording is not None
    assert recording.keeping == "gone"
    certificate = json.loads(row.certificate)
    assert certificate["recordings"][0]["sha256"] == recording.sha256
    assert [certificate["proposed"][0], certificate["confirmed"][0]] == [ANNA.name, BEN.name]
    assert places.vault.ring.is_signed(row.certificate.encode(), row.signature)
    assert [fault async for fault in verify(database, places.vault)] == []
    assert await due(database) == {}


async def test_what_was_held_after_the_confirmation_is_spared(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    gone, held = [await given_kept(database, places, number) for number in (1, 2)]
    number = await confirmed(database)
    await hold(database, held)
    await retention.carry_out(database, places.vault, now=LATER)
    async with database.session() as session:
        items = {item.call_id: item for item in await Deletions(session).items(number)}
        counts = (await Deletions(session).counts())[number]
    assert (items[gone].spared, items[held].spared) == ("", "legal hold")
    assert counts == (2, 1, 1)
    assert places.vault.holds(f"2026/11/22/{held}.wav")


async def test_what_was_withdrawn_stays_and_may_be_proposed_anew(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    await given_kept(database, places, 1)
    number = await retention.propose(database, ANNA, now=LATER)
    assert number is not None
    async with database.transaction() as session:
        await retention.withdraw(session, number, ANNA, now=LATER)
    assert await retention.carry_out(database, places.vault, now=LATER) == []
    assert await retention.propose(database, ANNA, now=LATER) == number + 1


class Killed(BaseException):
    """As if the process had been killed here."""


@pytest.mark.parametrize("after", range(8))
async def test_killed_anywhere_the_deletion_goes_on_where_it_was(
    database: Database, places: Places, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    await retention.ensure_rules(database, now=NOW)
    kept = [await given_kept(database, places, number) for number in (1, 2)]
    number = await confirmed(database)
    shelf = places.vault._shelf
    remove, calls = shelf.delete, iter(range(100))

    def dying(name: str) -> None:
        if next(calls) == after:
            raise Killed
        remove(name)

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "delete", dying)
        with pytest.raises(Killed):
            await retention.carry_out(database, places.vault, now=LATER)
    async with database.session() as session:
        states = {row.keeping for row in (await Recordings(session).of_calls(kept)).values()}
    assert states == {"going"}  # nobody can hear any of them from the first moment
    assert await retention.carry_out(database, places.vault, now=LATER) == [number]
    assert list(places.vault.names()) == []
    async with database.session() as session:
        assert (await Deletions(session).counts())[number] == (2, 2, 0)
    assert [fault async for fault in verify(database, places.vault)] == []


async def test_kill_9_in_a_deletion_leaves_nothing_half_done(
    database: Database, database_url: str, places: Places, tmp_path: Path
) -> None:
    """A real process, a real SIGKILL when so many of the 160 files have gone, again and again."""
    await retention.ensure_rules(database, now=NOW)
    kept = [await given_kept(database, places, number, said="路灯坏了") for number in range(40)]
    number = await confirmed(database)
    order = [sys.executable, "-m", "tests.db.services.deleting"]
    order += [database_url, str(tmp_path), LATER.isoformat()]
    whole = len(files_in(tmp_path))
    for gone in (0, 1, 30, 90, 158):
        running = subprocess.Popen(order)
        while len(files_in(tmp_path)) > whole - gone and running.poll() is None:
            await asyncio.sleep(0.001)
        if gone == 0:
            await asyncio.sleep(1.0)
        running.kill()
        running.wait()
        await nothing_half_done(database, places, kept)
    subprocess.run(order, check=True)
    assert files_in(tmp_path) == []
    await nothing_half_done(database, places, kept)
    async with database.session() as session:
        assert (await Deletions(session).counts())[number] == (40, 40, 0)
        row = await Deletions(session).get(number)
    assert len(json.loads(row.certificate)["recordings"]) == len(kept)
    assert [fault async for fault in verify(database, places.vault)] == []


def files_in(folder: Path) -> list[Path]:
    return [path for path in (folder / "kept").rglob("*") if path.is_file()]


async def nothing_half_done(database: Database, places: Places, calls: list[str]) -> None:
    """Kept is whole, gone is gone with its words; between them nobody hears it and it goes on."""
    async with database.session() as session:
        rows = await Recordings(session).of_calls(calls)
        words = {call: len(await transcript(session, call)) for call in calls}
    for call, row in rows.items():
        if row.keeping == "kept":
            assert b"".join(places.vault.pieces(row.path)), call
        if row.keeping == "gone":
            assert not places.vault.holds(row.path), call
            assert words[call] == 0, call


async def test_the_recording_of_a_ticket_being_handled_stays(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    lives = Lives(database)
    open_still = await lives.given("lishui", "2026-11-20 10")
    ended = await lives.given("lishui", "2026-11-20 10")
    await lives.does(ended, "withdraw", "2026-11-20 11")
    kept, over = await given_kept(database, places, 1), await given_kept(database, places, 2)
    async with database.transaction() as session:
        for call_id, number in ((kept, open_still), (over, ended)):
            changed = update(RecordingCardRow).where(RecordingCardRow.call_id == call_id)
            await session.execute(changed.values(ticket_id=number))
    assert await due(database) == {over: "全部录音（本系统建议）"}


async def test_what_was_said_goes_with_the_sound_and_the_ticket_stays(
    database: Database, places: Places
) -> None:
    await retention.ensure_rules(database, now=NOW)
    call_id = await given_kept(database, places, 1, said="我家住在人民路一百八十六号")
    kept = await given_kept(database, places, 2, said="人民路的路灯坏了", suspension=True)
    async with database.transaction() as session:
        row = (await transcript(session, call_id))[0]
        wanted = Correction(call_id, row.id, 0, "他")
        await correct(session, wanted, ANNA, now=NOW)
    await confirmed(database)
    await retention.carry_out(database, places.vault, now=LATER)
    async with database.session() as session:
        assert await transcript(session, call_id) == []
        facts = await CallEvents(session).of_call(call_id)
        assert [one.body["text"] for one in facts if one.kind == "heard"] == [""]
        assert "人民路" not in json.dumps([one.body for one in facts], ensure_ascii=False)
        assert len(await transcript(session, kept)) == 1
        wanted_cards = CardFilter(words=wanted_words("人民路", segmenter()))
        found = await Cards(session).page(wanted_cards, after=None, limit=9)
    assert [one.call_id for one in found.rows] == [kept]
