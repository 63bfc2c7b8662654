"""The review desk in a browser: find by words, hear, correct, score, release, object, decide."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from domain.accounts.permissions import Role
from domain.tickets.status import TicketStatus
from services.retention import carry_out
from storage.tables.recording import RecordingRow
from storage.tables.recording_card import RecordingCardRow
from storage.tables.ticket import TicketRow
from tests.asterisk.conversation import RATE
from tests.web.conftest import EverySize, PageAs, Shot
from tests.web.real_call import CITIZEN, MEI, PLACE, RealCall
from tests.web.site import Site

AT = "() => document.querySelector('audio').currentTime"
# What the browser itself decodes of the first two seconds: how loud each voice is.
LOUD = """async () => {
  const answer = await fetch(`/calls/%s/recording`, {headers: {Range: 'bytes=0-64043'}});
  const bytes = new Uint8Array(await answer.arrayBuffer());
  new DataView(bytes.buffer).setUint32(40, bytes.length - 44, true);
  const sound = await new OfflineAudioContext(2, 16000, 8000).decodeAudioData(bytes.buffer);
  return [0, 1].map((side) => Math.max(...sound.getChannelData(side)));
}"""


@pytest.fixture
def site(real_call: RealCall, tmp_path: Path) -> Iterator[Site]:
    with real_call.on_pages(tmp_path) as running:
        yield running


@pytest.fixture
def call(real_call: RealCall) -> str:
    return real_call.call_id


def spaced(two: str) -> "re.Pattern[str]":
    """The design puts a space between the two signs of a button; a wheel may turn before them."""
    return re.compile(f"^(loading )?{two[0]} ?{two[1]}$")


def answer_all(page: Page) -> None:
    """The best answer, which stands first, to each question; nothing was refused."""
    page.locator("[data-question=refused] .ant-radio-button-wrapper", has_text="否").click()
    for question in page.locator("[data-question]:not([data-question=refused])").all():
        question.locator(".ant-radio-button-wrapper").first.click()


def test_found_by_words_that_sound_alike_heard_and_corrected(
    real_call: RealCall, call: str, page_as: PageAs, every_size: EverySize
) -> None:
    page = page_as(Role.RECORDING_REVIEWER)
    page.goto("/app/review")
    page.get_by_label("查找说过的话").fill("人命路")
    page.get_by_label("查找说过的话").press("Enter")
    found = page.get_by_role("row", name="人民路")
    expect(found).to_contain_text("含同音")
    every_size(page, "review-found")
    from_s, to_s = real_call.said[PLACE]
    found.locator("td").last.get_by_role("link").first.click()
    page.wait_for_function("() => document.querySelector('audio')?.readyState > 0")
    # The link leads to the second at which it was said.
    assert from_s - 1 < page.evaluate(AT) < to_s
    heard = page.evaluate(LOUD % call)
    loudest = [max(side[: 2 * RATE]) / 32768 for side in real_call.sound]
    assert heard == pytest.approx(loudest, abs=0.01)
    word = page.get_by_role("button", name="噪音", exact=True).first
    word.click()
    started = page.evaluate(AT)
    page.wait_for_function(f"(from) => ({AT})() > from + 0.5", arg=started)
    page.get_by_role("button", name=spaced("暂停")).click()
    word.dblclick()
    page.get_by_label("改正").fill("躁音")
    page.get_by_role("button", name=spaced("改正")).click()
    expect(page.get_by_title("识别原文: 噪音")).to_have_text("躁音")
    page.get_by_label("备注", exact=True).fill("问清了地址")
    page.get_by_role("button", name="在此处备注").click()
    expect(page.get_by_text("问清了地址")).to_be_visible()
    every_size(page, "review-call")


def test_found_by_what_the_call_is(call: str, page_as: PageAs, shot: Shot) -> None:
    page = page_as(Role.SUPERVISOR)
    page.goto("/app/review")
    row = page.locator(f"tr[data-row-key='{call}']")
    expect(row).to_be_visible()
    page.get_by_role("button", name="更多条件").click()
    for label, fits, fails in (
        ("话务员", MEI, "li"),
        ("来电", CITIZEN, "13700000000"),
        ("时长不短于（秒）", "5", "3000"),
        ("识别把握不超过", "1", "0.01"),
        ("流程节点", "people", "nowhere"),
    ):
        field = page.get_by_label(label, exact=True)
        field.fill(fails)
        field.press("Enter")
        expect(page.get_by_text("没有符合条件的录音")).to_be_visible()
        field.fill(fits)
        field.press("Enter")
        expect(row).to_be_visible()
    chosen(page, "队列", "综合坐席")
    chosen(page, "工单", "待确认")
    expect(row).to_be_visible()
    shot(page, "review-filters")
    chosen(page, "满意度", "5 非常不满意")
    expect(page.get_by_text("没有符合条件的录音")).to_be_visible()
    page.get_by_label("名称", exact=True).fill("不满意的")
    page.get_by_role("button", name="保存查询").click()
    page.get_by_role("button", name="清除条件").click()
    expect(row).to_be_visible()
    chosen(page, "已存查询", "不满意的")
    expect(page.get_by_text("没有符合条件的录音")).to_be_visible()


def chosen(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field, exact=True).click()
    page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").get_by_text(
        option, exact=True
    ).click()
    expect(page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)")).to_have_count(0)


def test_reviewers_are_calibrated(
    call: str, site: Site, page_as: PageAs, every_size: EverySize
) -> None:
    lead = page_as(Role.SUPERVISOR)
    reviewers = [page_as(Role.RECORDING_REVIEWER, name=name) for name in ("fang", "song")]
    lead.goto("/app/review")
    lead.locator(f"tr[data-row-key='{call}']").get_by_role("checkbox").check()
    lead.get_by_role("button", name="用于校准 (1)").click()
    form = lead.get_by_role("dialog")
    expect(form).to_contain_text(call)
    form.get_by_role("button", name=spaced("发起")).click()
    expect(form).to_contain_text("请填写名称")
    form.get_by_label("名称").fill("第 47 周校准")
    form.get_by_label("质检员账号").fill("fang,nobody,")
    form.get_by_role("button", name=spaced("发起")).click()
    expect(form.get_by_role("alert")).to_contain_text("没有账号 nobody")
    form.get_by_label("质检员账号").press("Backspace")
    form.get_by_label("质检员账号").fill("song,")
    form.get_by_role("button", name=spaced("发起")).click()
    expect(lead.get_by_role("row", name="第 47 周校准")).to_contain_text("fang 0/1")
    for place, reviewer in enumerate(reviewers):
        reviewer.goto("/app/review")
        expect(reviewer.get_by_text("第 47 周校准 0/1")).to_be_visible()
        reviewer.get_by_text("第 47 周校准").get_by_role("link", name="1").click()
        reviewer.get_by_role("button", name="校准评分 · 第 47 周校准").click()
        answer_all(reviewer)
        if place == 1:
            greeting = reviewer.locator("[data-question=greeting] .ant-radio-button-wrapper")
            greeting.filter(has_text="否").click()
        reviewer.get_by_role("button", name=spaced("提交")).click()
        expect(reviewer.get_by_text("已提交").first).to_be_visible()
        reviewer.goto("/app/review")
        expect(reviewer.get_by_text("第 47 周校准")).to_have_count(0)
    lead.reload()
    lead.get_by_role("button", name="第 47 周校准").click()
    expect(lead.get_by_role("row", name="几乎一致").first).to_contain_text("1.00")
    differing = lead.locator("tr[data-row-key=greeting]")
    expect(differing).to_contain_text("0.00")
    differing.get_by_role("button").click()
    expect(lead.locator(".ant-table-expanded-row")).to_contain_text("否 ≠")
    every_size(lead, "review-calibration")
    lead.get_by_role("row", name="第 47 周校准").get_by_role("button", name=spaced("结束")).click()
    lead.locator(".ant-popconfirm").get_by_role("button", name=spaced("确定")).click()
    expect(lead.get_by_text("已结束")).to_be_visible()


def test_everything_has_a_key(call: str, page_as: PageAs) -> None:
    page = page_as(Role.RECORDING_REVIEWER)
    page.goto(f"/app/review/{call}?t=3")
    page.wait_for_function("() => document.querySelector('audio')?.readyState > 0")
    page.locator("body").press("ArrowRight")
    page.wait_for_function(f"() => ({AT})() >= 8")
    page.locator("body").press(" ")
    page.wait_for_function("() => document.querySelector('audio').paused")
    page.locator("body").press("ArrowUp")
    assert page.evaluate("() => document.querySelector('audio').playbackRate") == 1.25
    page.locator("body").press("c")
    expect(page.get_by_label("备注", exact=True)).to_be_focused()


def test_scored_released_objected_to_and_decided(
    call: str, page_as: PageAs, shot: Shot, every_size: EverySize
) -> None:
    reviewer, lead = page_as(Role.RECORDING_REVIEWER), page_as(Role.SUPERVISOR)
    agent = page_as(Role.AGENT, name="mei")
    reviewer.goto(f"/app/review/{call}")
    reviewer.get_by_role("button", name="开始评分").click()
    expect(reviewer.get_by_text("建议: 是 “您好”")).to_be_visible()
    reviewer.get_by_role("button", name=spaced("提交")).click()
    expect(reviewer.get_by_role("alert")).to_contain_text("答案不完整或有误")
    answer_all(reviewer)
    every_size(reviewer, "review-scoring")
    reviewer.get_by_role("button", name=spaced("提交")).click()
    expect(reviewer.get_by_text("已提交")).to_be_visible()
    lead.goto(f"/app/review/{call}")
    lead.get_by_role("button", name="发布给话务员").click()
    expect(lead.get_by_text("已发布")).to_be_visible()
    agent.goto("/app/own-reviews")
    agent.get_by_label("原因").fill("结束时来电人先挂断")
    every_size(agent, "review-own")
    agent.get_by_role("button", name=spaced("申诉")).click()
    expect(agent.get_by_text("申诉中")).to_be_visible()
    lead.reload()
    lead.get_by_label("原因").fill("录音证实问候完整，结束语缺失")
    lead.get_by_role("button", name="申诉成立，重新评分").click()
    closing = lead.locator("[data-question=closing] .ant-radio-button-wrapper")
    closing.filter(has_text="否").click()
    lead.get_by_role("button", name="按新答案结案").click()
    expect(lead.get_by_text("已裁定")).to_be_visible()
    lead.goto("/app/review/quality")
    expect(lead.get_by_role("row", name="mei")).to_be_visible()
    shot(lead, "review-quality")


def test_an_auditor_sees_who_listened_and_hears_nothing(
    call: str, page_as: PageAs, every_size: EverySize
) -> None:
    reviewer, auditor = page_as(Role.RECORDING_REVIEWER), page_as(Role.AUDITOR)
    reviewer.goto(f"/app/review/{call}")
    reviewer.get_by_role("button", name=spaced("播放")).click()
    reviewer.wait_for_function(f"() => ({AT})() > 1")
    reviewer.get_by_role("button", name=spaced("暂停")).click()
    auditor.goto("/app/listening")
    expect(auditor.get_by_role("row", name="recording-reviewer-1").first).to_be_visible()
    every_size(auditor, "listening")
    auditor.goto(f"/app/review/{call}")
    expect(auditor.get_by_text("您没有查看此页面的权限")).to_be_visible()


def test_a_deleted_recording_in_a_bookmark_is_told(call: str, site: Site, page_as: PageAs) -> None:
    page = page_as(Role.RECORDING_REVIEWER)

    async def delete() -> None:
        async with site.backend.database.transaction() as session:
            for table in (RecordingRow, RecordingCardRow):
                await session.execute(update(table).values(keeping="gone"))

    site.do(delete)
    page.goto(f"/app/review/{call}?t=5")
    expect(page.get_by_text("录音已按规定删除")).to_be_visible()
    page.goto("/app/review/hl1-1.1")
    expect(page.get_by_role("alert")).to_contain_text("质检台没有这一项")


def test_forms_are_built_and_wrong_weights_are_told(page_as: PageAs, every_size: EverySize) -> None:
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
    every_size(page, "review-forms")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text("已保存 v2")).to_be_visible()


def test_sampling_rules_fill_the_lists(site: Site, page_as: PageAs, every_size: EverySize) -> None:
    lead, reviewer = page_as(Role.SUPERVISOR), page_as(Role.RECORDING_REVIEWER, name="fang")
    lead.goto("/app/review/setup")
    lead.get_by_role("tab", name="抽样规则").click()
    lead.get_by_role("textbox", name="名称").fill("每周随机一通")
    lead.get_by_role("button", name="增加规则").click()
    expect(lead.get_by_role("row", name="每周随机一通")).to_be_visible()
    lead.get_by_label("质检员账号").fill("fang")
    lead.get_by_label("质检员账号").press("Enter")
    lead.get_by_label("质检员账号").press("Escape")
    days = (site.clock() - timedelta(days=1), site.clock() + timedelta(days=1))
    for place, day in enumerate(f"{one:%Y-%m-%d}" for one in days):
        lead.locator(".ant-picker input").nth(place).fill(day)
        lead.locator(".ant-picker input").nth(place).press("Enter")
    lead.get_by_role("button", name="派发清单").click()
    expect(lead.get_by_text("已派发 1")).to_be_visible()
    every_size(lead, "review-sampling")
    lead.get_by_role("button", name="派发清单").click()
    expect(lead.get_by_text("已派发 0")).to_be_visible()
    reviewer.goto("/app/review")
    expect(reviewer.get_by_text("我的清单 (1)")).to_be_visible()


def test_private_words_for_a_while_with_a_reason(call: str, page_as: PageAs, shot: Shot) -> None:
    lead, reviewer = page_as(Role.SUPERVISOR), page_as(Role.RECORDING_REVIEWER)
    reviewer.goto(f"/app/review/{call}")
    expect(reviewer.get_by_text("投诉").first).to_be_visible()
    expect(reviewer.get_by_text("13800112233")).to_have_count(0)
    expect(reviewer.get_by_role("button", name="显示隐私内容")).to_have_count(0)
    expect(reviewer.get_by_role("button", name=spaced("文件"))).to_have_count(0)
    lead.goto(f"/app/review/{call}")
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
    assert downloading.value.suggested_filename == f"{call}.wav"


def age(site: Site) -> None:
    """Eleven years pass, and nobody handles the ticket any more."""

    async def pass_by() -> None:
        async with site.backend.database.transaction() as session:
            long_ago = site.clock() - timedelta(days=4000)
            await session.execute(update(RecordingCardRow).values(started_at=long_ago))
            await session.execute(update(TicketRow).values(status=TicketStatus.DISCARDED))

    site.do(pass_by)


def test_what_is_held_stays_and_the_longest_rule_wins(
    call: str, site: Site, page_as: PageAs
) -> None:
    lead, keeper = page_as(Role.SUPERVISOR), page_as(Role.ADMINISTRATOR)
    age(site)
    keeper.goto("/app/keeping")

    def due(number: int) -> None:
        keeper.get_by_role("button", name=spaced("试算")).click()
        expect(keeper.get_by_text(f"到期录音 {number}")).to_be_visible()

    def sure() -> None:
        keeper.locator(".ant-popconfirm:visible").get_by_role("button", name=spaced("确定")).click()

    due(1)
    lead.goto(f"/app/review/{call}")
    lead.get_by_role("button", name=spaced("保全")).click()
    lead.get_by_label("保全原因").fill("（2026）浙0102刑初1号")
    lead.keyboard.press("Enter")
    expect(lead.get_by_text("已保全 · （2026）浙0102刑初1号")).to_be_visible()
    keeper.reload()
    held = keeper.get_by_role("row", name="浙0102刑初1号")
    expect(held).to_contain_text(call)
    due(0)
    held.get_by_role("button", name="解除保全").click()
    sure()
    expect(keeper.get_by_text("没有保全的录音")).to_be_visible()
    due(1)
    keeper.get_by_label("录音编号").fill("hl1-1.1")
    keeper.get_by_label("保全原因").fill("来函")
    keeper.get_by_role("button", name=spaced("保全")).click()
    expect(keeper.get_by_role("alert").filter(has_text="没有")).to_be_visible()
    keeper.get_by_label("名称").fill("噪声投诉十二年")
    keeper.get_by_label("保存天数").fill("4380")
    keeper.get_by_label("事项").fill("环境保护,")
    keeper.get_by_role("combobox", name="工单", exact=True).click()
    keeper.locator(".ant-select-dropdown:visible").get_by_text("已作废", exact=True).click()
    keeper.keyboard.press("Escape")
    keeper.get_by_role("button", name="增加规则").click()
    rule = keeper.get_by_role("row", name="噪声投诉十二年")
    expect(rule).to_contain_text("事项: 环境保护；工单状态: 已作废")
    due(0)
    rule.get_by_role("button", name=spaced("删除")).click()
    sure()
    expect(rule).to_have_count(0)
    due(1)


def test_a_deletion_is_tried_proposed_and_confirmed_by_another(
    call: str, site: Site, page_as: PageAs, every_size: EverySize
) -> None:
    first, second = page_as(Role.ADMINISTRATOR), page_as(Role.ADMINISTRATOR)
    first.goto("/app/keeping")
    expect(first.get_by_role("row", name="暂停服务的证据（本系统建议）")).to_contain_text(
        "本系统建议"
    )
    first.get_by_role("button", name=re.compile("试 ?算")).click()
    expect(first.get_by_text("到期录音 0")).to_be_visible()

    age(site)
    first.get_by_role("button", name=re.compile("试 ?算")).click()
    expect(first.get_by_text("到期录音 1")).to_be_visible()
    first.get_by_role("button", name="提出删除").click()
    expect(first.get_by_role("button", name="确认删除")).to_be_disabled()
    every_size(first, "keeping")
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
    expect(second.get_by_role("dialog")).to_contain_text(call)
