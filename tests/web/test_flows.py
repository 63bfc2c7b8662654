"""The flow editor, as people use it who are not programmers."""

import re

from playwright.sync_api import Page, expect

from callflow.flow import from_library
from domain.accounts.permissions import Role
from services.actor import SYSTEM
from services.flows import create_flow, drawing_of
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site


def given_flow(site: Site, name: str = "day") -> None:
    async def create() -> None:
        graph = drawing_of(from_library("default"))
        async with site.backend.database.transaction() as session:
            await create_flow(session, name, graph, actor=SYSTEM, now=site.clock())

    site.do(create)


def card(page: Page, node: str):
    return page.locator(f"[data-node='{node}']")


def publish(page: Page, reason: str) -> int:
    """Clicks it took."""
    page.get_by_role("button", name="发布…").click()
    page.get_by_label("说明").first.fill(reason)
    page.get_by_role("button", name="发布流程").click()
    return 2


def changed_and_tried(editor: Page, shot: Shot) -> int:
    """A shorter greeting, proved and heard; the clicks it took."""
    editor.goto("/app/")
    editor.get_by_role("link", name="day").click()
    card(editor, "greeting").click()
    shot(editor, "flow-1-greeting")
    editor.get_by_label("语音 1").click()
    editor.get_by_title("（please-hold）").click()
    expect(card(editor, "greeting")).to_contain_text("请稍等。")
    editor.get_by_role("button", name="检查", exact=True).click()
    expect(editor.get_by_text("检查通过，可以发布")).to_be_visible()
    shot(editor, "flow-2-checked")
    editor.get_by_role("button", name="试听试打").click()
    editor.get_by_role("button", name="不按键，等待").click()
    expect(editor.get_by_role("log", name="试打")).to_contain_text("请稍等。")
    expect(card(editor, "greeting")).to_have_class(re.compile(r"\blit\b"))
    shot(editor, "flow-3-rehearsal")
    editor.get_by_role("button", name="保存").click()
    expect(editor.get_by_text("已保存")).to_be_visible()
    return 8


def test_change_check_try_publish_and_roll_back(site: Site, page_as: PageAs, shot: Shot) -> None:
    given_flow(site)
    first = page_as(Role.FLOW_PUBLISHER, name="zhang")
    first.goto("/app/flows/day")
    publish(first, "首次发布")
    expect(first.get_by_text("第 1 版已发布")).to_be_visible()
    clicks = changed_and_tried(page_as(Role.FLOW_EDITOR, name="chen"), shot)
    second = page_as(Role.FLOW_PUBLISHER, name="wang")
    second.goto("/app/flows/day")
    clicks += publish(second, "问候语更短")
    expect(second.get_by_text("第 2 版已发布")).to_be_visible()
    shot(second, "flow-4-published")
    second.get_by_role("button", name="回滚到此版").click()
    expect(second.get_by_text("已回滚到第 1 版")).to_be_visible()
    shot(second, "flow-5-rolled-back")
    assert clicks + 1 <= 12
    assert second.context.request.get("/flows/day").json()["in_force"] == 1


def test_two_editors_at_once_lose_nothing(site: Site, page_as: PageAs) -> None:
    given_flow(site)
    one, other = page_as(Role.FLOW_EDITOR), page_as(Role.FLOW_EDITOR)
    for page, title in ((one, "甲的标题"), (other, "乙的标题")):
        page.goto("/app/flows/day")
        page.get_by_label("呼叫流程").last.fill(title)
        page.get_by_label("呼叫流程").last.blur()
    one.get_by_role("button", name="保存").click()
    expect(one.get_by_text("已保存")).to_be_visible()
    other.get_by_role("button", name="保存").click()
    expect(other.get_by_role("alert")).to_contain_text("他人已保存新的修改")
    expect(other.get_by_role("heading", name="乙的标题")).to_be_visible()
    other.get_by_role("button", name="载入最新内容").click()
    expect(other.get_by_role("heading", name="甲的标题")).to_be_visible()


def test_a_lost_network_while_saving_loses_nothing(site: Site, page_as: PageAs) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/day")
    page.get_by_label("呼叫流程").last.fill("断网时的标题")
    page.route("**/draft", lambda route: route.abort())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("无法连接到服务")
    page.unroute("**/draft")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="断网时的标题")).to_be_visible()


def test_drawing_with_mouse_and_keys_and_taking_it_back(site: Site, page_as: PageAs) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/day")
    page.get_by_role("button", name="＋ 播报", exact=True).click()
    expect(card(page, "say")).to_have_class(re.compile("selected"))
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(card(page, "say-2")).to_have_class(re.compile("selected"))
    page.keyboard.press("Delete")
    expect(card(page, "say-2")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(card(page, "say-2")).to_be_visible()
    page.get_by_role("button", name="自动排列").click()
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.get_by_text(re.compile("发现 .* 个问题"))).to_be_visible()
    page.get_by_label("查找节点").fill("goodbye")
    expect(card(page, "farewell")).to_have_class(re.compile("found"))


def test_a_way_is_drawn_from_node_to_node(site: Site, page_as: PageAs) -> None:
    given_flow(site)
    page = page_as(Role.FLOW_EDITOR)
    page.goto("/app/flows/day")
    source = card(page, "people").locator(".react-flow__handle.source").first
    source.drag_to(card(page, "greeting").locator(".react-flow__handle.target"))
    expect(page.get_by_label("Edge from people to greeting")).to_have_count(1)
    card(page, "people").click()
    expect(page.get_by_label("通话结束后")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_label("Edge from people to greeting")).to_have_count(0)
