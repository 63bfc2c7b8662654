"""Reviewers hear a tone where private words are; the original needs a reason, which is audited."""

import io
import struct
import wave

from api.backend import Backend
from domain.accounts.permissions import Role
from services.stereo import header
from storage.repositories.calls import Recordings, Utterance, Utterances
from storage.tables.recording import RecordingRow
from tests.db.api.people import SignIn
from tests.db.api.test_calls import CALL, given_call, word

RATE = 8000
SECONDS = 6


async def given_spoken_recording(backend: Backend, told: list[tuple[str, float]]) -> bytes:
    """Six seconds of two channels, every sample 7, and words of the caller at those seconds."""
    await given_call(backend)
    frames = struct.pack("<hh", 7, 7) * RATE * SECONDS
    content = header(2, len(frames)) + frames
    backend.vault.store("2026/11/22/b.wav", [content])
    async with backend.database.transaction() as session:
        row = RecordingRow(
            call_id=CALL,
            path="2026/11/22/b.wav",
            sha256="0" * 64,
            size_bytes=len(content),
            length_s=float(SECONDS),
            channels=["caller", "heard"],
            made_at=backend.clock(),
        )
        await Recordings(session).put(row)
        said = Utterance(
            side="caller",
            source="live",
            seq=0,
            start_s=told[0][1],
            end_s=told[-1][1] + 0.2,
            text="".join(text for text, _ in told),
            words=[word(text, at_s) for text, at_s in told],
        )
        await Utterances(session).put(CALL, said)
    return content


def samples(content: bytes, channel: int) -> list[int]:
    with wave.open(io.BytesIO(content)) as sound:
        values = struct.unpack(f"<{sound.getnframes() * 2}h", sound.readframes(sound.getnframes()))
    return list(values[channel::2])


def number_from(at_s: float) -> list[tuple[str, float]]:
    return [(digit, at_s + 0.2 * place) for place, digit in enumerate("幺三八零零一一二二三三")]


async def test_a_reviewer_hears_a_tone_over_exactly_the_number(
    backend: Backend, sign_in: SignIn
) -> None:
    told = [("电话", 1.0), *number_from(2.0), ("谢谢", 5.0)]
    original = await given_spoken_recording(backend, told)
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    answer = await reviewer.get(f"/calls/{CALL}/recording")
    assert answer.status_code == 200
    caller = samples(answer.content, 0)
    changed = [frame for frame, value in enumerate(caller) if value != 7]
    assert abs(changed[0] / RATE - 1.92) < 0.01  # the margin before the first digit
    assert abs(changed[-1] / RATE - 4.28) < 0.01
    assert samples(answer.content, 1) == samples(original, 1)
    assert len(answer.content) == len(original)
    again = await reviewer.get(
        f"/calls/{CALL}/recording", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_every_range_is_a_part_of_the_same_copy(backend: Backend, sign_in: SignIn) -> None:
    await given_spoken_recording(backend, number_from(2.0))
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    path = f"/calls/{CALL}/recording"
    whole = (await reviewer.get(path)).content
    for start, end in [(0, 3), (1, 70_001), (43, 45), (65_535, 65_537), (66_666, 140_003)]:
        part = await reviewer.get(path, headers={"Range": f"bytes={start}-{end - 1}"})
        assert (part.status_code, part.content == whole[start:end]) == (206, True), (start, end)


async def test_the_original_needs_a_right_and_a_reason(backend: Backend, sign_in: SignIn) -> None:
    original = await given_spoken_recording(backend, number_from(2.0))
    path = f"/calls/{CALL}/recording"
    reviewer, agent = await sign_in(Role.RECORDING_REVIEWER), await sign_in(Role.AGENT)
    refused = await reviewer.get(path, params={"unmask": "好奇"})
    assert refused.status_code == 403
    assert (await agent.get(path)).content != original
    assert (await agent.get(path, params={"unmask": "核对电话号码"})).content == original
    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit", params={"action": "recording.unmask"})).json()["entries"]
    assert [(entry["actor"], entry["reason"]) for entry in trail] == [
        (f"account:{agent.me['name']}", "核对电话号码")
    ]


async def test_a_new_transcript_makes_a_new_copy(backend: Backend, sign_in: SignIn) -> None:
    await given_spoken_recording(backend, number_from(2.0))
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    first = await reviewer.get(f"/calls/{CALL}/recording")
    async with backend.database.transaction() as session:
        words = [word(text, at_s) for text, at_s in number_from(1.0)]
        later = Utterance("caller", "file", 0, 1.0, 3.2, "", words)
        await Utterances(session).put(CALL, later)
    second = await reviewer.get(f"/calls/{CALL}/recording")
    assert first.headers["etag"] != second.headers["etag"]
    assert samples(second.content, 0)[int(1.1 * RATE)] != 7


async def test_names_and_plates_in_a_transcript_are_masked(
    backend: Backend, sign_in: SignIn
) -> None:
    told = [("我叫", 1.0), ("王小明", 1.4), ("车牌浙A12345", 2.0)]
    await given_spoken_recording(backend, told)
    agent = await sign_in(Role.AGENT)
    (said,) = (await agent.get(f"/calls/{CALL}")).json()["transcript"]
    assert said["text"] == "我叫王**车牌*******"
    clear = (await agent.get(f"/calls/{CALL}", params={"unmask": "核对"})).json()
    assert clear["transcript"][0]["text"] == "我叫王小明车牌浙A12345"
