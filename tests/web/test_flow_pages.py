"""What belongs to flows beside their drawing: routes, switches, tests, versions, prompts."""

import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from callflow.flow import from_library
from domain.accounts.permissions import Role
from prompts.own import speak_prompt
from services.actor import SYSTEM
from services.flows import DraftEdit, drawing_of, save_draft
from tests.db.api.test_flows import tone_file
from tests.db.services.test_flow_replay import NIGHT, TALKED, given_call
from tests.web.accessible import NAMELESS, PALE
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site
from tests.web.test_flows import card, given_flow, publish


def with_draft(site: Site, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Somebody has changed the drawing."""

    async def save() -> None:
        graph = drawing_of(from_library("default"))
        change(graph)
        async with site.backend.database.transaction() as session:
            edit = DraftEdit(graph, 1)
            await save_draft(session, name, edit, actor=SYSTEM, now=site.clock())

    site.do(save)


def test_a_number_is_led_to_a_flow_and_a_test_telephone_to_its_draft(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_PUBLISHER)
    page.goto("/app/")
    page.get_by_role("link", name="接入与开关").click()
    for label, value in (("被叫号码", "96001"), ("测试电话（来电号码）", "13800000001")):
        page.get_by_label("流程", exact=True).click()
        page.get_by_title(re.compile("^day ")).click()
        page.get_by_label(label).fill(value)
        page.get_by_role("button", name="保存接入").click()
        expect(page.get_by_role("cell", name=value, exact=True)).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("草稿")  # the more exact one comes first
    expect(rows.nth(2)).to_contain_text("已发布的版本")
    page.get_by_label("开关名称").fill("bad-weather")
    page.get_by_role("button", name="添加并打开").click()
    switch = page.get_by_role("switch", name="bad-weather")
    expect(switch).to_be_checked()
    shot(page, "flow-routes")
    switch.click()
    expect(switch).not_to_be_checked()
    page.get_by_role("button", name="删除 day 96001").click()
    page.get_by_role("tooltip").get_by_role("button").last.click()
    expect(page.get_by_role("cell", name="96001", exact=True)).to_have_count(0)


def test_a_number_that_none_can_dial_is_refused_at_its_field(site: Site, page_as: PageAs) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_PUBLISHER)
    page.goto("/app/flow-routes")
    page.get_by_label("流程", exact=True).click()
    page.get_by_title(re.compile("^day ")).click()
    page.get_by_label("被叫号码").fill("一二三")
    page.get_by_role("button", name="保存接入").click()
    expect(page.get_by_label("被叫号码")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("没有单独的接入")).to_be_visible()


def rehearse(page: Page, *moves: str) -> None:
    page.get_by_role("button", name="试听试打").click()
    for move in moves:
        turns = page.get_by_role("log").get_by_role("listitem").count()
        page.get_by_role("button", name=move, exact=True).click()
        expect(page.get_by_role("log").get_by_role("listitem")).not_to_have_count(turns)


def test_a_rehearsal_becomes_a_test_that_runs_with_its_coverage(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/day")
    rehearse(page, "不按键，等待", "坐席接听", "按键 5", "不按键，等待")
    page.get_by_label("测试名称").fill("接通后评价")
    page.get_by_role("button", name="存为测试").click()
    expect(page.get_by_text("测试已保存")).to_be_visible()
    page.get_by_role("tab", name="测试").click()
    page.get_by_role("button", name="运行全部测试").click()
    test = page.get_by_role("group", name="接通后评价")
    expect(test).to_contain_text("通过")
    expect(page.get_by_role("group", name="覆盖")).to_contain_text(re.compile(r"节点 6/\d+"))
    page.get_by_role("button", name="在图上标出没走到的").click()
    expect(card(page, "message")).to_have_class(re.compile(r"\bmissed\b"))
    expect(card(page, "survey")).not_to_have_class(re.compile(r"\bmissed\b"))
    shot(page, "flow-tests")
    page.get_by_role("button", name="清除标记").click()
    expect(card(page, "message")).not_to_have_class(re.compile(r"\bmissed\b"))
    page.get_by_role("button", name="删除 接通后评价").click()
    expect(page.get_by_text("还没有测试")).to_be_visible()


def test_past_calls_that_would_end_differently_stand_side_by_side(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    given_flow(site, "default")
    for number, events in enumerate((TALKED, NIGHT)):
        site.do(lambda number=number, events=events: _call(site, number, events))

    def no_survey(graph: dict[str, Any]) -> None:
        graph["nodes"]["people"]["answered"] = "farewell"
        del graph["nodes"]["survey"]
        del graph["nodes"]["rated"]

    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/default")
    page.get_by_role("tab", name="测试").click()
    page.get_by_role("button", name="重走").click()
    expect(page.get_by_role("status").last).to_contain_text("2 通通话，结局全部相同")
    with_draft(site, "default", no_survey)
    page.reload()
    page.get_by_role("tab", name="测试").click()
    page.get_by_role("button", name="重走").click()
    expect(page.get_by_role("status").last).to_contain_text("2 通中有 1 通结局不同")
    expect(page.get_by_role("region", name="当时")).to_contain_text("survey")
    expect(page.get_by_role("region", name="按草稿")).to_contain_text("farewell")
    shot(page, "flow-replay")


def _call(site: Site, number: int, events: list[Any]) -> Awaitable[None]:
    return given_call(site.backend.database, number, events)


def test_versions_are_compared_as_text_and_on_the_drawing(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    given_flow(site)
    first = page_as(Role.FLOW_PUBLISHER)
    first.goto("/app/flows/day")
    publish(first, "首次发布")
    expect(first.get_by_text("第 1 版已发布")).to_be_visible()

    def greeted_twice(graph: dict[str, Any]) -> None:
        graph["nodes"]["greeting"]["say"] = ["please-hold"]
        graph["nodes"]["answer"]["then"] = "hello"
        graph["nodes"]["hello"] = {"type": "say", "say": ["greeting"], "then": "greeting"}

    with_draft(site, "day", greeted_twice)
    page = page_as(Role.FLOW_PUBLISHER)
    page.goto("/app/flows/day")
    page.get_by_role("tab", name="版本").click()
    expect(page.get_by_text("新增 hello")).to_be_visible()
    expect(page.get_by_text("＋ answer → hello")).to_be_visible()
    expect(page.get_by_label("逐行差异")).to_contain_text('+      "say": [')
    page.get_by_role("button", name="在图上标出").click()
    expect(card(page, "greeting")).to_have_class(re.compile(r"\bchanged\b"))
    expect(card(page, "hello")).to_have_class(re.compile(r"\badded\b"))
    shot(page, "flow-difference")


def test_a_rehearsal_at_the_spring_festival_with_everything_down_and_heard(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    given_flow(site)
    folder = site.backend.prompts_dir / "zh-CN"
    speak_prompt("greeting", "您好。", "zh-CN", (folder,))
    page = page_as(Role.FLOW_EDITOR)
    played: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/sound"):
            played.append(request.url)

    page.on("request", note)
    page.goto("/app/flows/day")
    page.get_by_role("button", name="试听试打").click()
    page.get_by_role("switch", name="播放语音").click()
    page.get_by_role("button", name="春节凌晨三点").click()
    page.get_by_role("button", name="后台全部故障").click()
    expect(page.get_by_label("时间")).to_have_value("2027-02-06 03:00:00")
    log = page.get_by_role("log", name="试打")
    expect(log).to_contain_text("您好")
    rehearse(page, "不按键，等待", "不按键，等待", "不按键，等待", "留言 10 秒")
    expect(log).to_contain_text("留言")
    shot(page, "flow-rehearsal-scene")
    assert any(url.endswith("/prompts/zh-CN/greeting/sound") for url in played), played
    page.get_by_role("button", name="重新开始").click()
    for _ in range(3):  # as far as the message, which says that words of danger are asked about
        page.get_by_role("button", name="不按键，等待", exact=True).click()
    page.get_by_label("说出紧急的话").fill("着火了")
    page.get_by_role("button", name="说紧急用语").click()
    expect(log).to_contain_text("着火了")
    page.get_by_role("button", name="按键 1", exact=True).click()
    expect(page.get_by_role("status").last).to_contain_text("通话结束")


def test_a_flow_begins_with_a_template_that_says_what_it_is(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows")
    page.get_by_role("button", name="新建流程").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio")).to_have_count(8)
    expect(dialog.get_by_role("radio", name=re.compile("^直通人工"))).to_be_checked()
    shot(page, "flow-templates")
    dialog.get_by_label("名称").fill("old-people")
    dialog.get_by_role("radio", name=re.compile("^适老")).check()
    dialog.get_by_role("button", name="创建").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("适老")
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.get_by_text("检查通过，可以发布")).to_be_visible()


def test_a_prompt_is_replaced_by_upload_by_microphone_and_by_words(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/")
    page.get_by_role("link", name="语音", exact=True).click()
    row = page.get_by_role("row", name=re.compile("^greeting "))
    expect(row).to_contain_text("合成音")
    sound = {"name": "g.wav", "mimeType": "audio/wav", "buffer": tone_file()}
    with page.expect_file_chooser() as asked:
        row.get_by_role("button", name="上传录音 greeting").click()
    asked.value.set_files(sound)
    expect(page.get_by_text("greeting 已更换")).to_be_visible()
    expect(row).to_contain_text("自有录音")
    with page.expect_file_chooser() as asked:
        row.get_by_role("button", name="上传录音 greeting").click()
    asked.value.set_files({**sound, "buffer": b"no sound at all"})
    expect(page.get_by_role("alert").first).to_contain_text("不是能读的声音文件")
    shot(page, "flow-prompts")
    goodbye = page.get_by_role("row", name=re.compile("^goodbye "))
    goodbye.get_by_role("button", name="录音 goodbye", exact=True).click()
    expect(goodbye.get_by_role("status")).to_contain_text("正在录音 2 秒")
    goodbye.get_by_role("button", name="停止并保存").click()
    expect(page.get_by_text("goodbye 已更换")).to_be_visible()
    page.get_by_role("button", name="新的语音").click()
    page.get_by_role("dialog").get_by_label("编号").fill("storm")
    page.get_by_role("dialog").get_by_label("内容").fill("今日因台风，部分服务暂停。")
    page.get_by_role("button", name="生成").click()
    expect(page.get_by_text("storm 已更换")).to_be_visible()
    page.get_by_label("查找语音").fill("台风")
    expect(page.get_by_role("row", name=re.compile("^storm "))).to_be_visible()


def test_the_voice_actor_gets_a_script_to_print(site: Site, page_as: PageAs) -> None:
    given_flow(site, "acted")
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/prompts")
    expect(page.get_by_label("为哪个流程")).to_be_visible()
    for kind, begins in (("PDF", b"%PDF-"), ("Markdown", b"# ")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"下载 {kind}").click()
        assert download.value.path().read_bytes().startswith(begins)


@pytest.mark.parametrize("place", ["flows", "flows/day", "flow-routes", "prompts"])
def test_everything_has_a_name_enough_contrast_and_room(
    site: Site, page_as: PageAs, place: str
) -> None:
    """WCAG 2.2: 4.1.2 names, 1.4.3 contrast of text; nothing is wider than 1280 px."""
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto(f"/app/{place}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".ant-skeleton, .ant-spin-spinning")).to_have_count(0)
    if place == "flows/day":
        card(page, "greeting").click()
        expect(page.get_by_label("节点名称")).to_be_visible()
    assert page.evaluate(NAMELESS) == []
    with contextlib.suppress(PlaywrightTimeout):  # colours change over a third of a second
        page.wait_for_function(f"() => ({PALE})().length === 0", timeout=3000)
    assert page.evaluate(PALE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_flow_is_changed_without_a_mouse(site: Site, page_as: PageAs) -> None:
    """Tab comes to every node in the order of the drawing, and on to its form."""
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/day")
    page.get_by_label("查找节点").focus()
    expect(card(page, "greeting")).to_be_visible()
    met: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label')") or ""
        if page.evaluate("document.activeElement.classList.contains('react-flow__node')"):
            met.append(label.rsplit(" ", 1)[-1])
        if met[-1:] == ["greeting"]:
            break
    assert met == ["answer", "greeting"]
    page.keyboard.press("Enter")
    expect(page.get_by_label("节点名称")).to_have_value("greeting")
    page.get_by_label("备注").focus()
    page.keyboard.type("只用键盘")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    expect(card(page, "greeting")).to_contain_text("只用键盘")
