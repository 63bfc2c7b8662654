"""The desk over HTTP: find, see, correct, score blind, agree, release, appeal, prove."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest_asyncio
from sqlalchemy import update

from api.backend import Backend
from domain.accounts.permissions import Role
from domain.queueing.seats import Profile
from services.actor import SYSTEM
from services.cards import file_card
from services.recordings import Places, keep_recording
from services.reviewing import APPEAL_WITHIN, ensure_default_form
from services.seats import set_profile
from storage.tables.recording_card import RecordingCardRow
from storage.vault.keyring import is_signed
from tests.db.api.people import Clock, Person, SignIn
from tests.db.services.given import CALL_ID, Facts
from tests.db.services.sound import put_wav, tone
from tests.unit.domain.review.test_scoring import BEST

CALL = f"/review/calls/{CALL_ID}"
FORM = "通话质量评分表（参照 GB/T 33358-2016）"


@pytest_asyncio.fixture(autouse=True)
async def call(backend: Backend, tmp_path: Path) -> None:
    places = Places(tmp_path / "spool", backend.vault)
    facts = Facts().add("talked", seat="1001", from_s=1.0, to_s=30.0)
    facts.heard("您好很高兴为您服务", side="agent", at_s=1.2)
    facts.heard("小区门口人命路路灯坏了电话幺三八零零零零零零零零", at_s=4.0)
    await facts.ended("agent").into(backend.database)
    put_wav(places.side(CALL_ID, "caller"), tone(8000, 1))
    await keep_recording(backend.database, places, CALL_ID, now=backend.clock())
    await ensure_default_form(backend.database, now=backend.clock())
    async with backend.database.transaction() as session:
        await file_card(session, CALL_ID)
        await session.execute(update(RecordingCardRow).values(agent="mei"))


def given(**changes: str) -> dict[str, Any]:
    found = {**BEST, **changes}
    return {key: {"answer": value, "comment": "因为"} for key, value in found.items() if value}


async def scored(person: Person, *, purpose: str = "first", **changes: str) -> dict[str, Any]:
    body = {"call_id": CALL_ID, "purpose": purpose, "form": FORM}
    begun = await person.send("POST", "/review/reviews", json=body)
    assert begun.status_code == 201, begun.text
    path = f"/review/reviews/{begun.json()['id']}"
    answers = {"answers": given(**changes), "version": begun.json()["version"]}
    saved = await person.send("PUT", f"{path}/answers", json=answers)
    assert saved.status_code == 200, saved.text
    done = await person.send("POST", f"{path}/submit")
    assert done.status_code == 200, done.text
    return dict(done.json())


async def test_found_by_sound_seen_masked_and_corrected(sign_in: SignIn) -> None:
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    page = (await reviewer.get("/review/calls", params={"words": "人民路"})).json()
    (card,) = page["recordings"]
    assert (card["call_id"], card["caller"], card["hits"][0]["exact"]) == (
        CALL_ID,
        "138****0000",
        False,
    )
    assert "零零零零零零" not in card["hits"][0]["text"]
    for nothing in ({"words": "地铁"}, {"seat": "9"}, {"length_min": 60}, {"tag": "emergency"}):
        assert (await reviewer.get("/review/calls", params=nothing)).json()["recordings"] == []
    assert (await reviewer.get("/review/calls", params={"words": "？"})).status_code == 422
    seen = (await reviewer.get(CALL)).json()
    spoken = seen["transcript"][1]
    place = [word["word"] for word in spoken["words"]].index("命")
    body = {"utterance_id": spoken["id"], "place": place, "corrected": "民"}
    assert (await reviewer.send("POST", f"{CALL}/corrections", json=body)).status_code == 204
    word = (await reviewer.get(CALL)).json()["transcript"][1]["words"][place]
    assert (word["word"], word["original"]) == ("民", "命")
    exact = {"words": "人民路", "by_sound": False}
    assert len((await reviewer.get("/review/calls", params=exact)).json()["recordings"]) == 1
    wrong = {**body, "place": 999}
    assert (await reviewer.send("POST", f"{CALL}/corrections", json=wrong)).status_code == 404


async def test_comments_and_saved_searches(sign_in: SignIn) -> None:
    reviewer, other = await sign_in(Role.RECORDING_REVIEWER), await sign_in(Role.SUPERVISOR)
    made = await reviewer.send("POST", f"{CALL}/comments", json={"at_s": 4.5, "text": "没有核对"})
    assert (await other.get(CALL)).json()["comments"] == [made.json()]
    search = {"name": "路灯", "question": {"words": "路灯"}}
    saved = (await reviewer.send("POST", "/review/searches", json=search)).json()
    assert (await reviewer.get("/review/searches")).json()["searches"] == [saved]
    path = f"/review/searches/{saved['id']}"
    assert (await other.send("DELETE", path)).status_code == 404
    assert (await reviewer.send("DELETE", path)).status_code == 204


async def test_a_score_is_released_objected_to_and_decided_by_another(
    backend: Backend, sign_in: SignIn, clock: Clock
) -> None:
    reviewer, lead = await sign_in(Role.RECORDING_REVIEWER), await sign_in(Role.SUPERVISOR)
    agent, stranger = await sign_in(Role.AGENT, name="mei"), await sign_in(Role.AGENT)
    review = await scored(reviewer, greeting="no")
    assert (review["score"], review["state"]) == (90.0, "submitted")
    assert (await agent.get("/review/own")).json()["reviews"] == []
    path = f"/review/reviews/{review['id']}"
    assert (await reviewer.send("POST", f"{path}/release")).status_code == 403
    assert (await lead.send("POST", f"{path}/release")).json()["state"] == "released"
    assert (await reviewer.get(CALL)).json()["card"]["score"] == 90.0
    (own,) = (await agent.get("/review/own")).json()["reviews"]
    assert (own["review"]["id"], own["form"]["body"]["name"]) == (1, FORM)
    why = {"why": "开头有问候"}
    assert (await stranger.send("POST", f"{path}/appeal", json=why)).status_code == 403
    assert (await agent.send("POST", f"{path}/appeal", json=why)).json()["state"] == "appealed"
    assert (await agent.send("POST", f"{path}/acknowledge")).status_code == 409
    decision = {"why": "听到“您好”", "answers": given()}
    decided = (await lead.send("POST", f"{path}/decide", json=decision)).json()
    assert (decided["score"], decided["state"]) == (100.0, "decided")
    assert (await reviewer.get(CALL)).json()["card"]["score"] == 100.0


async def test_an_objection_has_a_deadline(sign_in: SignIn, clock: Clock) -> None:
    lead = await sign_in(Role.SUPERVISOR)
    review = await scored(lead)
    path = f"/review/reviews/{review['id']}"
    await lead.send("POST", f"{path}/release")
    clock.now += APPEAL_WITHIN
    clock.advance(seconds=1)
    agent = await sign_in(Role.AGENT, name="mei")
    late = await agent.send("POST", f"{path}/appeal", json={"why": "太晚了"})
    assert (late.status_code, late.json()["error"]) == (409, "AppealTooLate")
    assert (await agent.send("POST", f"{path}/acknowledge")).json()["state"] == "acknowledged"


async def test_the_first_instance_does_not_decide(sign_in: SignIn) -> None:
    lead, agent = await sign_in(Role.SUPERVISOR), await sign_in(Role.AGENT, name="mei")
    path = f"/review/reviews/{(await scored(lead))['id']}"
    await lead.send("POST", f"{path}/release")
    await agent.send("POST", f"{path}/appeal", json={"why": "不同意"})
    own = await lead.send("POST", f"{path}/decide", json={"why": "维持"})
    assert (own.status_code, own.json()["error"]) == (403, "NotYours")


async def test_two_reviews_are_blind_and_never_by_accident(sign_in: SignIn) -> None:
    one, two, lead = [
        await sign_in(role)
        for role in (Role.RECORDING_REVIEWER, Role.RECORDING_REVIEWER, Role.SUPERVISOR)
    ]
    first = await scored(one, greeting="no")
    body = {"call_id": CALL_ID, "purpose": "first", "form": FORM}
    again = await two.send("POST", "/review/reviews", json=body)
    assert (again.status_code, again.json()["error"]) == (409, "ReviewedAlready")
    mine = await one.send("POST", "/review/reviews", json={**body, "purpose": "second"})
    assert mine.status_code == 409
    assert (await two.get(f"/review/reviews/{first['id']}")).status_code == 404
    assert (await two.get("/review/reviews")).json()["reviews"] == []
    await scored(two, purpose="second", greeting="yes")
    assert (await two.get(f"/review/reviews/{first['id']}")).status_code == 200
    found = (await lead.get("/review/agreement")).json()["questions"]
    kappas = {line["question"]: line["kappa"] for line in found}
    assert (kappas["greeting"], kappas["tone"]) == (0.0, 1.0)


async def test_a_calibration_of_three(sign_in: SignIn) -> None:
    people = [await sign_in(Role.RECORDING_REVIEWER) for _ in range(3)]
    outside = await sign_in(Role.RECORDING_REVIEWER)
    lead = await sign_in(Role.SUPERVISOR)
    names = [person.me["name"] for person in people]
    started = await start(lead, reviewers=names)
    path = f"/review/calibrations/{started['id']}"
    for place, person in enumerate(people):
        changes = {"greeting": "no" if place == 0 else "yes"}
        await scored(person, purpose=f"calibration:{started['id']}", **changes)
    answer = await lead.get("/review/agreement", params={"calibration": started["id"]})
    found = {line["question"]: line for line in answer.json()["questions"]}
    assert (found["greeting"]["reviewers"], found["greeting"]["kappa"]) == (3, -0.5)
    assert found["greeting"]["text"] != "greeting"
    (given_by,) = found["greeting"]["calls"]
    assert sorted(given_by["answers"].values()) == ["no", "yes", "yes"]
    assert (await people[0].get(CALL)).json()["card"]["score"] is None
    body = {"call_id": CALL_ID, "purpose": f"calibration:{started['id']}", "form": FORM}
    uninvited = await outside.send("POST", "/review/reviews", json=body)
    assert (uninvited.status_code, uninvited.json()["error"]) == (409, "NotCalibrated")
    assert (await outside.get("/review/calibrations")).json()["calibrations"] == []
    (mine,) = (await people[0].get("/review/calibrations")).json()["calibrations"]
    assert mine["reviewers"] == {f"account:{name}": 1 for name in names}
    assert (await people[0].send("POST", f"{path}/close")).status_code == 403
    closed = await lead.send("POST", f"{path}/close")
    assert closed.json()["closed_at"] is not None
    late = await start(lead, name="又一次", reviewers=names[:2])
    await lead.send("POST", f"/review/calibrations/{late['id']}/close")
    body["purpose"] = f"calibration:{late['id']}"
    assert (await people[0].send("POST", "/review/reviews", json=body)).status_code == 409


async def start(lead: Person, **changes: Any) -> dict[str, Any]:
    body = {"name": "第 47 周", "form": FORM, "calls": [CALL_ID], "reviewers": [], **changes}
    answer = await lead.send("POST", "/review/calibrations", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_calibration_that_cannot_be_held_says_why(sign_in: SignIn) -> None:
    one, two = [await sign_in(Role.RECORDING_REVIEWER) for _ in range(2)]
    agent, lead = await sign_in(Role.AGENT), await sign_in(Role.SUPERVISOR)
    names = [one.me["name"], two.me["name"]]
    right = {"name": "第 47 周", "form": FORM, "calls": [CALL_ID], "reviewers": names}
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("calls", {"calls": ["hl1-1.1"]}, "没有录音"),
        ("reviewers", {"reviewers": [names[0], names[0]]}, "两名不同"),
        ("reviewers", {"reviewers": [names[0], "nobody"]}, "没有账号"),
        ("reviewers", {"reviewers": [names[0], agent.me["name"]]}, "没有质检评分的权限"),
        ("form", {"form": "没有这张表"}, "没有评分表"),
    ]
    for field, change, told in wrong:
        answer = await lead.send("POST", "/review/calibrations", json=right | change)
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["details"]
        assert (fault["field"], told in fault["reason_zh"]) == (field, True), fault
    await start(lead, reviewers=names)
    again = await lead.send("POST", "/review/calibrations", json=right)
    assert again.json()["details"][0]["reason_zh"] == "已有同名的校准"


async def test_suggestions_wait_for_a_person(sign_in: SignIn) -> None:
    reviewer = await sign_in(Role.RECORDING_REVIEWER)
    body = {"call_id": CALL_ID, "form": FORM}
    begun = (await reviewer.send("POST", "/review/reviews", json=body)).json()
    path = f"/review/reviews/{begun['id']}"
    seen = (await reviewer.get(path)).json()
    assert seen["suggestions"]["greeting"] == {"answer": "yes", "words": "您好", "at_s": 1.2}
    assert seen["review"]["answers"] == {}
    empty = await reviewer.send("POST", f"{path}/submit")
    assert (empty.status_code, empty.json()["details"][0]["field"]) == (422, "answers")
    old = {"answers": given(), "version": 9}
    assert (await reviewer.send("PUT", f"{path}/answers", json=old)).status_code == 409


async def test_a_form_gets_versions_and_its_faults_named(sign_in: SignIn) -> None:
    lead = await sign_in(Role.SUPERVISOR)
    (form,) = (await lead.get("/review/forms")).json()["forms"]
    body = form["body"]
    body["sections"][0]["weight"] = 16
    refused = await lead.send("POST", "/review/forms", json={"body": body})
    assert (refused.status_code, refused.json()["error"]) == (422, "FormRefused")
    assert "权重之和为 101" in refused.json()["details"][0]["reason_zh"]
    body["sections"][0]["weight"] = 15
    assert (await lead.send("POST", "/review/forms", json={"body": body})).json()["version"] == 2


async def test_reports_and_their_files(backend: Backend, sign_in: SignIn) -> None:
    lead = await sign_in(Role.SUPERVISOR)
    await scored(lead, greeting="no")
    period = {"start": "2026-11-01T00:00:00+08:00", "end": "2026-12-01T00:00:00+08:00"}

    async def means(by: str) -> dict[str, float]:
        answer = await lead.get("/review/report", params={"by": by, **period})
        return {line["name"]: line["mean"] for line in answer.json()["lines"]}

    assert await means("agent") == {"mei": 90.0}
    assert await means("team") == {"未分组": 90.0}
    async with backend.database.transaction() as session:
        profile = Profile(team="早班一组")
        await set_profile(session, "mei", profile, actor=SYSTEM, now=backend.clock())
    assert await means("team") == {"早班一组": 90.0}
    assert await means("week") == {"2026-W47": 90.0}
    assert (await means("question"))["greeting"] == 0.0
    sheet = await lead.get("/review/report.xlsx", params={"by": "agent", **period})
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert rows[2][:3] == ("mei", 1, 90)
    pdf = await lead.get("/review/report.pdf", params={"by": "agent", **period})
    assert pdf.content.startswith(b"%PDF")
    bad = await lead.get("/review/report.doc", params={"by": "agent", **period})
    assert bad.status_code == 422


async def test_evidence_can_be_checked_without_us(sign_in: SignIn) -> None:
    lead, reviewer = await sign_in(Role.SUPERVISOR), await sign_in(Role.RECORDING_REVIEWER)
    why = {"why": "移送公安机关"}
    assert (await reviewer.get(f"{CALL}/evidence", params=why)).status_code == 403
    package = await lead.get(f"{CALL}/evidence", params=why)
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    signature = files["manifest.sig"].decode()
    assert is_signed(manifest["public_key"], files["manifest.json"], signature)
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert set(manifest["sha256"]) == set(files) - {"manifest.json", "manifest.sig"}
    assert files["recording.wav"].startswith(b"RIFF")
    auditor = await sign_in(Role.AUDITOR)
    trail = await auditor.get("/audit", params={"action": "evidence.make"})
    assert [entry["reason"] for entry in trail.json()["entries"]] == ["移送公安机关"]
