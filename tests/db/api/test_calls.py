import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient

from api.backend import Backend
from domain.accounts.permissions import Role
from storage.repositories.calls import Calls, Recordings, Utterance, Utterances
from storage.tables.call import CallRow
from storage.tables.recording import RecordingRow
from tests.db.api.people import SignIn

SOUND = bytes(range(256)) * 40
CALL = "hl1-1763843556.12"


def word(text: str, start_s: float) -> dict[str, object]:
    return {"word": text, "start_s": start_s, "end_s": start_s + 0.2, "confidence": 0.9}


async def given_call(backend: Backend, call_id: str = CALL, **changes: object) -> None:
    number = f"261122{int(hashlib.sha256(call_id.encode()).hexdigest(), 16) % 864000:06d}"
    values = {
        "caller": "13800000000",
        "dialled": "12345",
        "ticket_number": number,
        "started_at": backend.clock(),
        "path": ["greeting"],
    }
    async with backend.database.transaction() as session:
        Calls(session).add(CallRow(id=call_id, **{**values, **changes}))


async def given_recording(backend: Backend, path: str = "2026/11/22/a.wav") -> None:
    backend.vault.store(path, [SOUND])
    async with backend.database.transaction() as session:
        row = RecordingRow(
            call_id=CALL,
            path=path,
            sha256=hashlib.sha256(SOUND).hexdigest(),
            size_bytes=len(SOUND),
            length_s=1.5,
            channels=["caller", "heard"],
            made_at=backend.clock(),
        )
        await Recordings(session).put(row)


async def test_both_sides_stand_in_the_order_in_which_they_spoke(
    backend: Backend, machine: AsyncClient
) -> None:
    await given_call(backend, outcome="agent")
    await given_recording(backend)
    said = [("agent", 1, 4.0, "请讲"), ("caller", 1, 5.5, "灯不亮"), ("agent", 2, 9.0, "好的")]
    async with backend.database.transaction() as session:
        for side, seq, start_s, text in reversed(said):
            spoken = Utterance(side, "live", seq, start_s, start_s + 1, text, [word(text, start_s)])
            await Utterances(session).put(CALL, spoken)
    call = (await machine.get(f"/calls/{CALL}")).json()
    assert [(u["side"], u["text"]) for u in call["transcript"]] == [
        (side, text) for side, _, _, text in said
    ]
    assert call["transcript"][0]["words"] == [word("请讲", 4.0) | {"end_s": 4.2}]
    assert call["recording"]["path"] == f"/calls/{CALL}/recording"
    assert call["started_at"] == "2026-11-22T15:28:21+08:00"
    assert (call["caller"], call["outcome"]) == ("13800000000", "agent")


async def test_a_number_said_word_by_word_is_masked(backend: Backend, sign_in: SignIn) -> None:
    await given_call(backend)
    spoken = ["我", "的", "电话", "一三八", "零零零零", "零零零零"]
    words = [word(text, index) for index, text in enumerate(spoken)]
    async with backend.database.transaction() as session:
        utterance = Utterance("caller", "live", 1, 0, 6, "".join(spoken), words)
        await Utterances(session).put(CALL, utterance)
    agent = await sign_in(Role.AGENT)
    call = (await agent.get(f"/calls/{CALL}")).json()
    assert call["caller"] == "138****0000"
    assert call["transcript"][0]["text"] == "我的电话一三八****零零零零"
    assert [w["word"] for w in call["transcript"][0]["words"]] == [
        "我",
        "的",
        "电话",
        "一三八",
        "****",
        "零零零零",
    ]
    clear = (await agent.get(f"/calls/{CALL}", params={"unmask": "核对号码"})).json()
    assert clear["transcript"][0]["text"] == "".join(spoken)
    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit", params={"object_id": CALL})).json()["entries"]
    assert [(entry["action"], entry["reason"]) for entry in trail] == [("call.unmask", "核对号码")]


async def test_calls_are_listed_newest_first(backend: Backend, machine: AsyncClient) -> None:
    now = backend.clock()
    for minute in range(3):
        at = now + timedelta(minutes=minute)
        ended = at if minute < 2 else None
        outcome = ("agent", "message", None)[minute]
        await given_call(backend, f"c.{minute}", started_at=at, ended_at=ended, outcome=outcome)

    async def found(**question: str) -> list[str]:
        answer = await machine.get("/calls", params=question)
        assert answer.status_code == 200, answer.text
        return [call["call_id"] for call in answer.json()["calls"]]

    assert await found() == ["c.2", "c.1", "c.0"]
    assert await found(running="true") == ["c.2"]
    assert await found(running="false") == ["c.1", "c.0"]
    assert await found(outcome="agent") == ["c.0"]
    assert await found(caller="13900000000") == []
    assert await found(started_from="2026-11-22T15:29:21+08:00") == ["c.2", "c.1"]
    first = (await machine.get("/calls", params={"limit": 2})).json()
    assert await found(after=first["after"]) == ["c.0"]


async def test_an_unknown_call(machine: AsyncClient) -> None:
    assert (await machine.get("/calls/hl1-1.1")).status_code == 404
    assert (await machine.get("/calls/a b")).status_code == 422
    assert (await machine.get("/calls/..%2f..%2fetc")).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "body"),
    [
        ("", 200, SOUND),
        ("bytes=0-99", 206, SOUND[:100]),
        ("bytes=100-199", 206, SOUND[100:200]),
        ("bytes=10000-", 206, SOUND[10000:]),
        ("bytes=-10", 206, SOUND[-10:]),
        ("bytes=0-99999", 206, SOUND),
        ("bytes=10240-", 416, None),
    ],
)
async def test_a_player_gets_the_part_it_asks_for(
    backend: Backend, sign_in: SignIn, wanted: str, status: int, body: bytes | None
) -> None:
    await given_call(backend)
    await given_recording(backend)
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    headers = {"Range": wanted} if wanted else {}
    answer = await reviewer.get(f"/calls/{CALL}/recording", headers=headers)
    assert answer.status_code == status
    if body is not None:
        assert answer.content == body
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["etag"] == f'"{hashlib.sha256(SOUND).hexdigest()}"'
        assert answer.headers["content-type"] == "audio/wav"


async def test_head_and_what_one_has_already(backend: Backend, sign_in: SignIn) -> None:
    await given_call(backend)
    await given_recording(backend)
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    path = f"/calls/{CALL}/recording"
    head = await reviewer.client.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (
        200,
        str(len(SOUND)),
        b"",
    )
    etag = head.headers["etag"]
    assert (await reviewer.get(path, headers={"If-None-Match": etag})).status_code == 304
    changed = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert (await reviewer.get(path, headers=changed)).status_code == 200


async def test_every_listening_leaves_one_trace(backend: Backend, sign_in: SignIn) -> None:
    await given_call(backend)
    await given_recording(backend)
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    for wanted in ("bytes=0-99", "bytes=100-199", "bytes=200-299"):
        await reviewer.get(f"/calls/{CALL}/recording", headers={"Range": wanted})
    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit", params={"action": "recording.listen"})).json()["entries"]
    assert [entry["actor"] for entry in trail] == [f"account:{reviewer.me['name']}"]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.UNIT_REVIEWER])
async def test_who_keeps_accounts_or_the_trail_does_not_listen(
    backend: Backend, sign_in: SignIn, role: Role
) -> None:
    await given_call(backend)
    await given_recording(backend)
    person = await sign_in(role)
    assert (await person.get(f"/calls/{CALL}/recording")).status_code == 403


@pytest.mark.parametrize("path", ["../secret.wav", "/etc/passwd", "gone.wav", "."])
async def test_only_files_of_the_recordings_folder_are_sent(
    backend: Backend, sign_in: SignIn, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    await given_call(backend)
    await given_recording(backend, "a.wav")
    async with backend.database.transaction() as session:
        row = await Recordings(session).of_call(CALL)
        assert row is not None
        row.path = path
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    answer = await reviewer.get(f"/calls/{CALL}/recording")
    assert (answer.status_code, answer.json()["error"]) == (404, "RecordingNotFound")


async def test_whoever_takes_drafts_over_may_fetch_what_was_said(
    backend: Backend, machine: AsyncClient
) -> None:
    await given_call(backend)
    await given_recording(backend)
    answer = await machine.get(f"/calls/{CALL}/recording")
    assert (answer.status_code, answer.content) == (200, SOUND)
