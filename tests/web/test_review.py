"""The review desk in a browser: find by words, hear, correct, score, release, object, decide."""

import json
import math
import re
from array import array
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from domain.accounts.permissions import Role
from domain.tickets.status import TicketStatus
from services.cards import file_card
from services.recordings import peaks_of
from services.retention import carry_out, ensure_rules
from services.reviewing import ensure_default_form
from services.stereo import RATE, header
from storage.tables.call import CallRow
from storage.tables.recording import RecordingRow
from storage.tables.recording_card import RecordingCardRow
from storage.tables.ticket import TicketRow
from tests.web.city import CALL, LENGTH_S, given_drafted_call
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site

PATH = "2026/11/22/call.wav"
AT = "() => document.querySelector('audio').currentTime"
# What the browser itself decodes of the first two seconds: how loud each voice is.
LOUD = """async () => {
  const answer = await fetch(`/calls/%s/recording`, {headers: {Range: 'bytes=0-64043'}});
  const bytes = new Uint8Array(await answer.arrayBuffer());
  new DataView(bytes.buffer).setUint32(40, bytes.length - 44, true);
  const sound = await new OfflineAudioContext(2, 16000, 8000).decodeAudioData(bytes.buffer);
  return [0, 1].map((side) => Math.max(...sound.getChannelData(side)));
}"""


async def given_reviewable(site: Site) -> None:
    """The call of the city, with a tone as each voice, on the desk, served by mei at seat 1001."""
    await given_drafted_call(site.backend)
    frames = array("h", bytes(4 * RATE * LENGTH_S))
    for frame in range(RATE * LENGTH_S):
        frames[2 * frame] = round(9_000 * math.sin(frame / 6))
        frames[2 * frame + 1] = round(4_000 * math.sin(frame / 4))
    sound = header(2, 2 * len(frames)) + frames.tobytes()
    vault = site.backend.vault
    vault.store(PATH, [sound])
    wave = {"per_second": 10.0, "caller": [27, 20] * 90, "heard": [12, 9] * 90}
    vault.store(peaks_of(PATH), [json.dumps(wave).encode()])
    await ensure_default_form(site.backend.database, now=site.clock())
    async with site.backend.database.transaction() as session:
        await session.execute(update(CallRow).values(talked_from_s=0.5))
        await session.execute(update(RecordingRow).values(size_bytes=len(sound)))
        await file_card(session, CALL)
        await session.execute(update(RecordingCardRow).values(agent="mei"))


def spaced(two: str) -> "re.Pattern[str]":
    """The design puts a space between the two signs of a button."""
    return re.compile(f"^{two[0]} ?{two[1]}$")


def answer_all(page: Page) -> None:
    """The best answer, which stands first, to each question; nothing was refused."""
    page.locator("[data-question=refused] .ant-radio-button-wrapper", has_text="否").click()
    for question in page.locator("[data-question]:not([data-question=refused])").all():
        question.locator(".ant-radio-button-wrapper").first.click()


def test_found_by_words_that_sound_alike_heard_and_corrected(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_reviewable(site))
    page = page_as(Role.RECORDING_REVIEWER)
    page.goto("/app/review")
    page.get_by_label("查找说过的话").fill("文山路")
    page.get_by_label("查找说过的话").press("Enter")
    expect(page.get_by_role("row", name="文三路")).to_be_visible()
    shot(page, "review-found")
    page.get_by_role("row", name="文三路").get_by_role("link", name="0:06").click()
    page.wait_for_function("() => document.querySelector('audio')?.readyState > 0")
    assert page.evaluate(AT) > 4  # the link leads to the second it was said
    caller, heard = page.evaluate(LOUD % CALL)
    assert round(caller, 2) == 0.27
    assert round(heard, 2) == 0.12
    page.get_by_role("button", name="灯", exact=True).first.click()
    started = page.evaluate(AT)
    page.wait_for_function(f"(from) => ({AT})() > from + 0.5", arg=started)
    page.get_by_role("button", name=spaced("暂停")).click()
    page.get_by_role("button", name="灯", exact=True).first.dblclick()
    page.get_by_label("改正").fill("登")
    page.get_by_role("button", name=spaced("改正")).click()
    expect(page.get_by_title("识别原文: 灯")).to_have_text("登")
    page.get_by_label("备注", exact=True).fill("问清了地址")
    page.get_by_role("button", name="在此处备注").click()
    expect(page.get_by_text("问清了地址")).to_be_visible()
    shot(page, "review-call")


def test_everything_has_a_key(site: Site, page_as: PageAs) -> None:
    site.do(lambda: given_reviewable(site))
    page = page_as(Role.RECORDING_REVIEWER)
    page.goto(f"/app/review/{CALL}?t=3")
    page.wait_for_function("() => document.querySelector('audio')?.readyState > 0")
    page.locator("body").press("ArrowRight")
    page.wait_for_function(f"() => ({AT})() >= 8")
    page.locator("body").press(" ")
    page.wait_for_function("() => document.querySelector('audio').paused")
    page.locator("body").press("ArrowUp")
    assert page.evaluate("() => document.querySelector('audio').playbackRate") == 1.25
    page.locator("body").press("c")
    expect(page.get_by_label("备注", exact=True)).to_be_focused()


def test_scored_released_objected_to_and_decided(site: Site, page_as: PageAs, shot: Shot) -> None:
    site.do(lambda: given_reviewable(site))
    reviewer, lead = page_as(Role.RECORDING_REVIEWER), page_as(Role.SUPERVISOR)
    agent = page_as(Role.AGENT, name="mei")
    reviewer.goto(f"/app/review/{CALL}")
    reviewer.get_by_role("button", name="开始评分").click()
    expect(reviewer.get_by_text("建议: 是 “您好”")).to_be_visible()
    reviewer.get_by_role("button", name=spaced("提交")).click()
    expect(reviewer.get_by_role("alert")).to_contain_text("答案不完整或有误")
    answer_all(reviewer)
    shot(reviewer, "review-scoring")
    reviewer.get_by_role("button", name=spaced("提交")).click()
    expect(reviewer.get_by_text("已提交")).to_be_visible()
    lead.goto(f"/app/review/{CALL}")
    lead.get_by_role("button", name="发布给话务员").click()
    expect(lead.get_by_text("已发布")).to_be_visible()
    agent.goto("/app/own-reviews")
    agent.get_by_label("原因").fill("结束时来电人先挂断")
    shot(agent, "review-own")
    agent.get_by_role("button", name=spaced("申诉")).click()
    expect(agent.get_by_text("申诉中")).to_be_visible()
    lead.reload()
    lead.get_by_label("原因").fill("录音证实评分正确")
    lead.get_by_role("button", name=spaced("维持")).click()
    expect(lead.get_by_text("已裁定")).to_be_visible()
    lead.goto("/app/review/quality")
    expect(lead.get_by_role("row", name="mei")).to_be_visible()
    shot(lead, "review-quality")


def test_an_auditor_sees_who_listened_and_hears_nothing(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_reviewable(site))
    reviewer, auditor = page_as(Role.RECORDING_REVIEWER), page_as(Role.AUDITOR)
    reviewer.goto(f"/app/review/{CALL}")
    reviewer.get_by_role("button", name=spaced("播放")).click()
    reviewer.wait_for_function(f"() => ({AT})() > 1")
    reviewer.get_by_role("button", name=spaced("暂停")).click()
    auditor.goto("/app/listening")
    expect(auditor.get_by_role("row", name="recording-reviewer-1").first).to_be_visible()
    shot(auditor, "listening")
    auditor.goto(f"/app/review/{CALL}")
    expect(auditor.get_by_text("您没有查看此页面的权限")).to_be_visible()


def test_a_deleted_recording_in_a_bookmark_is_told(site: Site, page_as: PageAs) -> None:
    site.do(lambda: given_reviewable(site))
    page = page_as(Role.RECORDING_REVIEWER)

    async def delete() -> None:
        async with site.backend.database.transaction() as session:
            for table in (RecordingRow, RecordingCardRow):
                await session.execute(update(table).values(keeping="gone"))

    site.do(delete)
    page.goto(f"/app/review/{CALL}?t=5")
    expect(page.get_by_text("录音已按规定删除")).to_be_visible()
    page.goto("/app/review/hl1-1.1")
    expect(page.get_by_role("alert")).to_contain_text("质检台没有这一项")


def test_forms_are_built_and_wrong_weights_are_told(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_reviewable(site))
    page = page_as(Role.SUPERVISOR)
    page.goto("/app/review")
    page.get_by_role("link", name="质检设置").click()
    page.get_by_label("权重 接听与问候").fill("10")
    page.get_by_label("权重 接听与问候").blur()
    expect(page.get_by_text("权重合计 95 / 100")).to_be_visible()
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text("各部分权重之和为 95，应为 100").first).to_be_visible()
    page.get_by_label("权重 接听与问候").fill("15")
    page.get_by_label("权重 接听与问候").blur()
    page.get_by_role("button", name="增加题目").first.click()
    added = page.locator("[data-question='']")
    added.get_by_label("编号").fill("smile")
    added = page.locator("[data-question=smile]")
    added.get_by_label("题目 smile").fill("语气亲切")
    added.get_by_role("textbox", name="选项 smile").fill("good=1, fair=0.5, poor=0")
    added.get_by_role("textbox", name="选项 smile").blur()
    shot(page, "review-forms")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text("已保存 v2")).to_be_visible()


def test_sampling_rules_fill_the_lists(site: Site, page_as: PageAs, shot: Shot) -> None:
    site.do(lambda: given_reviewable(site))
    lead, reviewer = page_as(Role.SUPERVISOR), page_as(Role.RECORDING_REVIEWER, name="fang")
    lead.goto("/app/review/setup")
    lead.get_by_role("tab", name="抽样规则").click()
    lead.get_by_role("textbox", name="名称").fill("每周随机一通")
    lead.get_by_role("button", name="增加规则").click()
    expect(lead.get_by_role("row", name="每周随机一通")).to_be_visible()
    lead.get_by_label("质检员账号").fill("fang")
    lead.get_by_label("质检员账号").press("Enter")
    lead.get_by_label("质检员账号").press("Escape")
    for place, day in enumerate(("2026-11-01", "2026-11-30")):
        lead.locator(".ant-picker input").nth(place).fill(day)
        lead.locator(".ant-picker input").nth(place).press("Enter")
    lead.get_by_role("button", name="派发清单").click()
    expect(lead.get_by_text("已派发 1")).to_be_visible()
    shot(lead, "review-sampling")
    lead.get_by_role("button", name="派发清单").click()
    expect(lead.get_by_text("已派发 0")).to_be_visible()
    reviewer.goto("/app/review")
    expect(reviewer.get_by_text("我的清单 (1)")).to_be_visible()


def test_private_words_for_a_while_with_a_reason(site: Site, page_as: PageAs, shot: Shot) -> None:
    site.do(lambda: given_reviewable(site))
    lead, reviewer = page_as(Role.SUPERVISOR), page_as(Role.RECORDING_REVIEWER)
    reviewer.goto(f"/app/review/{CALL}")
    expect(reviewer.get_by_text("文三路").first).to_be_visible()
    expect(reviewer.get_by_role("button", name="显示隐私内容")).to_have_count(0)
    expect(reviewer.get_by_role("button", name=spaced("文件"))).to_have_count(0)
    lead.goto(f"/app/review/{CALL}")
    lead.get_by_role("button", name="显示隐私内容").click()
    lead.get_by_placeholder("原因").fill("核对来电人所说的号码")
    lead.get_by_placeholder("原因").press("Enter")
    timer = lead.get_by_role("timer")
    expect(timer).to_contain_text("隐私内容可见，剩余 9:")
    shot(lead, "review-unmasked")
    first = timer.inner_text()
    lead.wait_for_function(
        "(before) => document.querySelector('[role=timer]').innerText !== before", arg=first
    )
    lead.get_by_role("button", name=spaced("文件")).click()
    lead.get_by_label("用途").fill("送交信访部门")
    with lead.expect_download() as downloading:
        lead.get_by_role("link", name="下载录音").click()
    assert downloading.value.suggested_filename == f"{CALL}.wav"


def test_a_deletion_is_tried_proposed_and_confirmed_by_another(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_reviewable(site))
    site.do(lambda: ensure_rules(site.backend.database, now=site.clock()))
    first, second = page_as(Role.ADMINISTRATOR), page_as(Role.ADMINISTRATOR)
    first.goto("/app/keeping")
    expect(first.get_by_role("row", name="ours: suspension")).to_contain_text("本系统建议")
    first.get_by_role("button", name=re.compile("试 ?算")).click()
    expect(first.get_by_text("到期录音 0")).to_be_visible()

    async def age() -> None:
        async with site.backend.database.transaction() as session:
            long_ago = site.clock() - timedelta(days=4000)
            await session.execute(update(RecordingCardRow).values(started_at=long_ago))
            await session.execute(update(TicketRow).values(status=TicketStatus.DISCARDED))

    site.do(age)
    first.get_by_role("button", name=re.compile("试 ?算")).click()
    expect(first.get_by_text("到期录音 1")).to_be_visible()
    first.get_by_role("button", name="提出删除").click()
    expect(first.get_by_role("button", name="确认删除")).to_be_disabled()
    shot(first, "keeping")
    second.goto("/app/keeping")
    second.get_by_role("button", name="确认删除").click()
    second.locator(".ant-popconfirm").get_by_role(
        "button", name=re.compile("^(OK|确 ?定)$")
    ).click()
    expect(second.get_by_text("删除中")).to_be_visible()
    site.do(lambda: carry_out(site.backend.database, site.backend.vault, now=site.clock()))
    second.reload()
    second.get_by_role("button", name="删除证明").click()
    expect(second.get_by_role("dialog")).to_contain_text("recordings")
    expect(second.get_by_role("dialog")).to_contain_text(CALL)
