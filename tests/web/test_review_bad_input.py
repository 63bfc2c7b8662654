"""Recordings that are not as they should be: told clearly, and nothing else is lost by it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, update

from domain.accounts.permissions import Role
from services.recordings import peaks_of
from services.stereo import RATE, Stereo
from storage.repositories.calls import Recordings
from storage.tables.recording import RecordingRow
from storage.tables.recording_card import RecordingCardRow
from storage.tables.utterance import UtteranceRow
from tests.db.services.sound import put_wav
from tests.web.conftest import PageAs
from tests.web.real_call import RealCall
from tests.web.site import Site

AT = "() => document.querySelector('audio').currentTime"
THREE_HOURS_S = 3 * 3600

# The call is held within the first test's set-up.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def site(real_call: RealCall, tmp_path: Path) -> Iterator[Site]:
    with real_call.on_pages(tmp_path) as running:
        yield running


def path_of(site: Site, call_id: str) -> str:
    async def find() -> str:
        async with site.backend.database.session() as session:
            row = await Recordings(session).of_call(call_id)
            assert row is not None
            return row.path

    return site.do(find)


def test_a_recording_cut_off_on_the_disk_is_told_and_the_words_stay(
    real_call: RealCall, site: Site, page_as: PageAs, tmp_path: Path
) -> None:
    (sealed,) = (tmp_path / "sound" / "kept").rglob("*.wav.sealed")
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[: len(whole) // 3])
    page = page_as(Role.SUPERVISOR)
    page.goto(f"/app/review/{real_call.call_id}")
    note = page.get_by_role("alert")
    expect(note).to_contain_text("录音已损坏")
    expect(page.get_by_role("button", name="噪音", exact=True)).to_be_visible()
    # Put back from a backup, it plays without loading the page again.
    sealed.write_bytes(whole)
    note.get_by_role("button").click()
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    expect(note).to_have_count(0)


def test_a_call_without_a_word_can_be_heard_and_scored(
    real_call: RealCall, site: Site, page_as: PageAs
) -> None:
    async def forget() -> None:
        async with site.backend.database.transaction() as session:
            await session.execute(delete(UtteranceRow))

    site.do(forget)
    page = page_as(Role.RECORDING_REVIEWER)
    page.goto(f"/app/review/{real_call.call_id}")
    expect(page.get_by_text("没有识别出文字")).to_be_visible()
    page.get_by_role("button", name=re.compile("^播 ?放$")).click()
    page.wait_for_function(f"() => ({AT})() > 1")
    page.get_by_role("button", name="开始评分").click()
    page.locator("[data-question=tone] .ant-radio-button-wrapper").first.click()
    page.get_by_role("button", name=re.compile("暂 ?存$")).click()
    expect(page.get_by_text("已暂存")).to_be_visible()
    desk = page.get_by_role("link", name="← 质检台")
    desk.click()
    page.wait_for_url("**/app/review")
    page.go_back()
    answered = page.locator("[data-question=tone] .ant-radio-button-wrapper-checked")
    expect(answered).to_have_count(1)
    page.get_by_label("辅导意见").fill("语气平稳")
    expect(page.get_by_text("已暂存")).to_have_count(0)
    desk.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^取 ?消$")).click()
    page.get_by_role("button", name=re.compile("暂 ?存$")).click()
    expect(page.get_by_text("已暂存")).to_be_visible()
    page.reload()
    expect(answered).to_have_count(1)
    expect(page.get_by_label("辅导意见")).to_have_value("语气平稳")


def test_three_hours_open_at_once_and_play_at_their_end(
    real_call: RealCall, site: Site, page_as: PageAs, tmp_path: Path
) -> None:
    """The real call's sound again and again, woven, sealed and served as every recording is."""
    name = path_of(site, real_call.call_id)
    sides = []
    for place, side in enumerate(("caller", "heard")):
        once = b"".join(one.to_bytes(2, "little", signed=True) for one in real_call.sound[place])
        pcm = (once * (2 * THREE_HOURS_S * RATE // len(once) + 1))[: 2 * THREE_HOURS_S * RATE]
        sides.append(tmp_path / f"{side}.wav")
        put_wav(sides[-1], pcm)
    stereo = Stereo(sides)
    site.backend.vault.store(name, stereo.pieces())

    async def long() -> None:
        async with site.backend.database.transaction() as session:
            values = {"length_s": stereo.length_s}
            size = {"size_bytes": stereo.size_bytes}
            await session.execute(update(RecordingRow).values(**values, **size))
            await session.execute(update(RecordingCardRow).values(**values))

    site.do(long)
    site.backend.vault.store(peaks_of(name), [json.dumps(stereo.peaks()).encode()])
    page = page_as(Role.SUPERVISOR)
    page.goto("/app/review")
    expect(page.get_by_role("row", name="mei")).to_contain_text("3:00:00")
    page.goto(f"/app/review/{real_call.call_id}?t={THREE_HOURS_S - 20}")
    page.wait_for_function("() => document.querySelector('audio')?.readyState > 0")
    page.get_by_role("button", name=re.compile("^播 ?放$")).click()
    page.wait_for_function(f"() => ({AT})() > {THREE_HOURS_S - 19}")
    assert page.evaluate("() => document.querySelector('audio').duration") == THREE_HOURS_S
