"""Hearing leaves a trace for auditors; deleting takes two; who may do one may not do the other."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from api.backend import Backend
from domain.accounts.permissions import Role
from services.adoption import rotate_keys
from services.chain import verify
from services.recordings import Places, keep_recording
from services.retention import carry_out, ensure_rules
from storage.tables.audit import AuditRow
from storage.tables.listening import ListeningRow
from storage.tables.recording_card import RecordingCardRow
from tests.db.api.people import Clock, Person, SignIn
from tests.db.services.given import CALL_ID, Facts
from tests.db.services.keeping import given_kept
from tests.db.services.sound import put_wav, tone

SOUND = f"/calls/{CALL_ID}/recording"
SECONDS = 10
HEADER, A_SECOND = 44, 32_000


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


async def given_recording(backend: Backend, spool: Path) -> None:
    places = Places(spool, backend.vault)
    await Facts().ended().into(backend.database)
    put_wav(places.side(CALL_ID, "caller"), tone(8000 * SECONDS, 16_384))
    put_wav(places.side(CALL_ID, "heard"), tone(8000, 3_277))
    await keep_recording(backend.database, places, CALL_ID, now=backend.clock())
    async with backend.database.transaction() as session:
        session.add(RecordingCardRow(call_id=CALL_ID, started_at=backend.clock()))


async def listened(auditor: Person, **question: Any) -> list[dict[str, Any]]:
    answer = await auditor.get("/listening", params=question)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["entries"])


async def test_who_heard_what_when_how_long_from_where(
    backend: Backend, sign_in: SignIn, clock: Clock, spool: Path
) -> None:
    await given_recording(backend, spool)
    reviewer, auditor = await sign_in(Role.RECORDING_REVIEWER), await sign_in(Role.AUDITOR)
    first = f"bytes=0-{HEADER + 2 * A_SECOND - 1}"
    await reviewer.get(SOUND, headers={"Range": first})
    clock.advance(minutes=1)
    later = f"bytes={HEADER + 5 * A_SECOND}-{HEADER + 6 * A_SECOND - 1}"
    await reviewer.get(SOUND, headers={"Range": later})
    told = await reviewer.send("POST", f"{SOUND}/played", json={"from_s": 5, "to_s": 99})
    assert told.status_code == 204
    entries = await listened(auditor, call_id=CALL_ID)
    assert [(one["kind"], one["from_s"], one["to_s"]) for one in entries] == [
        ("played", 5.0, 10.0),
        ("whole", 5.0, 6.0),
        ("whole", 0.0, 2.0),
    ]
    assert {one["actor"] for one in entries} == {f"account:{reviewer.me['name']}"}
    assert {one["address"] for one in entries} == {"10.0.0.1"}
    assert entries[-1]["at"] == "2026-11-22T15:28:21+08:00"
    assert len(await listened(auditor, kind="played")) == 1
    assert await listened(auditor, actor="account:nobody") == []
    assert await listened(auditor, at_before="2026-11-22T15:28:21+08:00") == []


@pytest.mark.parametrize("table", [ListeningRow, AuditRow])
async def test_nobody_changes_what_happened(
    backend: Backend, sign_in: SignIn, spool: Path, table: Any
) -> None:
    await given_recording(backend, spool)
    await (await sign_in(Role.RECORDING_REVIEWER)).get(SOUND)
    for statement in (update(table).values(actor="somebody else"), delete(table)):
        with pytest.raises(DatabaseError, match="append-only"):
            async with backend.database.transaction() as session:
                await session.execute(statement)


async def test_a_waveform_before_any_sound(backend: Backend, sign_in: SignIn, spool: Path) -> None:
    await given_recording(backend, spool)
    peaks = (await (await sign_in(Role.AGENT)).get(f"{SOUND}/peaks")).json()
    assert peaks["length_s"] == SECONDS
    assert len(peaks["caller"]) == len(peaks["heard"]) == SECONDS * peaks["per_second"]
    assert set(peaks["caller"]) == {50}
    second = round(peaks["per_second"])
    assert set(peaks["heard"][:second]) == {10}
    assert set(peaks["heard"][second:]) == {0}


async def test_a_deletion_takes_two_people_and_can_be_proved(
    backend: Backend, sign_in: SignIn, clock: Clock, spool: Path
) -> None:
    await given_recording(backend, spool)
    await ensure_rules(backend.database, now=clock())
    anna, ben = await sign_in(Role.ADMINISTRATOR), await sign_in(Role.ADMINISTRATOR)
    assert (await anna.send("POST", "/retention/deletions")).status_code == 409
    clock.now += timedelta(days=366)
    anna = await sign_in(Role.ADMINISTRATOR, name="anna")
    ben = await sign_in(Role.ADMINISTRATOR, name="ben")
    assert (await anna.get("/retention/due")).json()["number"] == 1
    proposed = (await anna.send("POST", "/retention/deletions")).json()
    path = f"/retention/deletions/{proposed['id']}"
    own = await anna.send("POST", f"{path}/confirm")
    assert (own.status_code, own.json()["error"]) == (403, "SamePerson")
    assert (await ben.send("POST", f"{path}/confirm")).json()["confirmed_by"] == "account:ben"
    assert (await ben.send("POST", f"{path}/confirm")).status_code == 409
    await carry_out(backend.database, backend.vault, now=clock())
    listed = (await ben.get("/retention/deletions")).json()
    assert (listed["deletions"][0]["gone"], listed["deletions"][0]["spared"]) == (1, 0)
    assert CALL_ID in listed["deletions"][0]["certificate"]
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    assert (await reviewer.get(SOUND)).json()["error"] == "RecordingNotFound"


async def test_rules_and_holds(backend: Backend, sign_in: SignIn, spool: Path) -> None:
    await given_recording(backend, spool)
    keeper, supervisor = await sign_in(Role.ADMINISTRATOR), await sign_in(Role.SUPERVISOR)
    bad = {"name": "x", "keep_days": 3, "conditions": {"colour": "red"}}
    refused = await keeper.send("POST", "/retention/rules", json=bad)
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "conditions")
    good = {"name": "路灯", "keep_days": 30, "conditions": {"topics": ["城市管理"]}}
    made = (await keeper.send("POST", "/retention/rules", json=good)).json()
    assert made["conditions"] == {"topics": ["城市管理"]}
    assert (await keeper.send("DELETE", f"/retention/rules/{made['id']}")).status_code == 204
    assert (await keeper.get("/retention/rules")).json()["rules"] == []
    assert (await keeper.send("DELETE", f"/retention/rules/{made['id']}")).status_code == 404
    hold = {"call_id": CALL_ID, "reason": "诉讼"}
    placed = (await supervisor.send("POST", "/retention/holds", json=hold)).json()
    assert (await supervisor.get("/retention/holds")).json()["holds"] == [placed]
    assert (await keeper.send("DELETE", f"/retention/holds/{placed['id']}")).status_code == 204
    assert (await keeper.send("DELETE", f"/retention/holds/{placed['id']}")).status_code == 404
    gone = {"call_id": "hl1-9.9", "reason": "诉讼"}
    assert (await supervisor.send("POST", "/retention/holds", json=gone)).status_code == 404


async def test_a_damaged_recording_is_told_not_played(
    backend: Backend, sign_in: SignIn, spool: Path, tmp_path: Path
) -> None:
    await given_recording(backend, spool)
    (file,) = (tmp_path / "kept").rglob("*.wav.sealed")
    file.write_bytes(file.read_bytes()[:10])
    answer = await (await sign_in(Role.RECORDING_REVIEWER)).get(SOUND)
    assert (answer.status_code, answer.json()["error"]) == (409, "SoundDamaged")


async def test_damage_in_the_middle_is_told_where_it_is(
    backend: Backend, sign_in: SignIn, spool: Path, tmp_path: Path
) -> None:
    await given_recording(backend, spool)
    (file,) = (tmp_path / "kept").rglob("*.wav.sealed")
    whole = file.read_bytes()
    file.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    before = await reviewer.get(SOUND, headers={"Range": "bytes=0-99"})
    assert before.status_code == 206
    there = await reviewer.get(SOUND, headers={"Range": f"bytes={9 * A_SECOND}-{9 * A_SECOND}"})
    assert (there.status_code, there.json()["error"]) == (409, "SoundDamaged")


async def test_keys_change_while_recordings_are_heard_and_kept(
    backend: Backend, sign_in: SignIn, spool: Path
) -> None:
    """Rotation without downtime: who listens hears the same bytes, what ends meanwhile is kept."""
    await given_recording(backend, spool)
    places, vault = Places(spool, backend.vault), backend.vault
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    whole = (await reviewer.get(SOUND)).content
    first_key, heard, kept = vault.ring.active, list[tuple[int, bytes]](), list[str]()
    ended = asyncio.Event()

    async def listen() -> None:
        while not ended.is_set():
            answer = await reviewer.get(SOUND, headers={"Range": f"bytes={HEADER}-"})
            heard.append((answer.status_code, answer.content))

    async def keep() -> None:
        while not ended.is_set():
            kept.append(await given_kept(backend.database, places, len(kept)))

    async with asyncio.TaskGroup() as load:
        load.create_task(listen())
        load.create_task(keep())
        for _ in range(4):
            await rotate_keys(backend.database, vault, spool)
            while len(heard) < 3 * len(vault.ring.key_ids):
                await asyncio.sleep(0.01)
        ended.set()
    assert kept
    assert {status for status, _ in heard} == {206}
    assert {content for _, content in heard} == {whole[HEADER:]}
    await rotate_keys(backend.database, vault, spool)
    for key in vault.ring.key_ids:
        if key != vault.ring.active:
            vault.retire(key)
    assert first_key not in vault.ring.key_ids
    assert [fault async for fault in verify(backend.database, vault)] == []
    assert (await reviewer.get(SOUND)).content == whole
