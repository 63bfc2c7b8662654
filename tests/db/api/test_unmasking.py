"""In clear for a while, for one person; files that leave the house tell whose they are."""

from pathlib import Path

from api.backend import Backend
from domain.accounts.permissions import Role
from services.cards import file_card
from services.downloads import whose
from services.unmasking import UNMASKED_FOR
from tests.db.api.people import Clock, Person, SignIn
from tests.db.api.test_calls import CALL
from tests.db.api.test_masked_recordings import given_spoken_recording, number_from, samples

PATH = f"/review/calls/{CALL}"
SOUND = f"/calls/{CALL}/recording"
NUMBER = "幺三八零零一一二二三三"
WHY = {"reason": "核对来电人所说的号码"}


async def given_private(backend: Backend) -> bytes:
    content = await given_spoken_recording(backend, [("电话", 1.0), *number_from(2.0)])
    async with backend.database.transaction() as session:
        await file_card(session, CALL)
    return content


async def read(person: Person) -> str:
    answer = await person.get(PATH)
    assert answer.status_code == 200, answer.text
    return "".join(one["text"] for one in answer.json()["transcript"])


async def test_ten_minutes_in_clear_for_the_one_who_gave_a_reason(
    backend: Backend, sign_in: SignIn, clock: Clock
) -> None:
    content = await given_private(backend)
    lead, other = await sign_in(Role.SUPERVISOR), await sign_in(Role.SUPERVISOR, name="other")
    assert NUMBER not in await read(lead)
    given = await lead.send("POST", f"{PATH}/unmask", json=WHY)
    assert given.status_code == 200, given.text
    assert (await lead.get(PATH)).json()["unmasked_until"] == given.json()["until"]
    assert NUMBER in await read(lead)
    assert (await lead.get(SOUND)).content == content
    assert NUMBER not in await read(other)
    assert (await other.get(SOUND)).content != content
    clock.advance(seconds=UNMASKED_FOR.total_seconds())
    assert NUMBER not in await read(lead)
    assert (await lead.get(PATH)).json()["unmasked_until"] is None
    assert (await lead.get(SOUND)).content != content
    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit", params={"action": "call.unmask"})).json()["entries"]
    assert [(one["object_id"], one["reason"]) for one in trail] == [(CALL, WHY["reason"])]


async def test_who_may_not_unmask_is_refused_each_time(backend: Backend, sign_in: SignIn) -> None:
    await given_private(backend)
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    for _ in range(5):
        assert (await reviewer.send("POST", f"{PATH}/unmask", json=WHY)).status_code == 403
    assert NUMBER not in await read(reviewer)
    lead = await sign_in(Role.SUPERVISOR)
    assert (await lead.send("POST", f"{PATH}/unmask", json={"reason": ""})).status_code == 422
    missing = await lead.send("POST", "/review/calls/hl1-9.9/unmask", json=WHY)
    assert missing.status_code == 404


async def test_a_download_tells_whose_it_is_and_hides_what_was_hidden(
    backend: Backend, sign_in: SignIn, tmp_path: Path
) -> None:
    content = await given_private(backend)
    lead = await sign_in(Role.SUPERVISOR)
    answer = await lead.get(f"{SOUND}/download", params={"why": "送交信访部门"})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    told, heard = samples(content, 0), samples(answer.content, 0)
    assert max(abs(a - b) for a, b in zip(told[:8000], heard[:8000], strict=True)) <= 1
    assert any(abs(value) > 100 for value in heard[16_000:24_000])  # the tone over the number
    assert samples(answer.content, 1) == samples(content, 1)
    file = tmp_path / "found.wav"
    file.write_bytes(answer.content)
    row = await whose(backend.database, file)
    assert row is not None
    assert (row.actor, row.call_id, row.kind) == (
        f"account:{lead.me['name']}",
        CALL,
        "download",
    )
    file.write_bytes(content)
    assert await whose(backend.database, file) is None


async def test_by_role_there_is_no_download(backend: Backend, sign_in: SignIn) -> None:
    await given_private(backend)
    for role in (Role.RECORDING_REVIEWER, Role.AGENT, Role.AUDITOR, Role.ADMINISTRATOR):
        person = await sign_in(role, name=f"no-{role.value}".replace("_", "-"))
        answer = await person.get(f"{SOUND}/download", params={"why": "想带走"})
        assert answer.status_code == 403, role
