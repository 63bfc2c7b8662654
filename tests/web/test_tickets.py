"""Lists and single tickets and calls, as an agent sees them."""

import re

from playwright.sync_api import expect

from domain.accounts.permissions import Role
from tests.web.city import CALL, TICKET, given_drafted_call
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site

# The request of the list, not the page of the same name below /app.
ASKED = re.compile(r"//[^/]+/tickets\b")
PLAYED = "() => document.querySelector('audio').currentTime"


def test_a_new_draft_appears_by_itself_and_its_evidence_can_be_heard(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    page = page_as(Role.AGENT)
    page.goto("/app/tickets")
    expect(page.locator(".ant-empty-description")).to_be_visible()
    expect(page.locator("[data-live=open]")).to_be_visible()
    site.do(lambda: given_drafted_call(site.backend))
    site.tell(type="ticket_drafted", call_id=CALL, ticket_id=TICKET)
    page.get_by_role("link", name=TICKET).click()
    expect(page.get_by_text("我要投诉西湖区").first).to_be_visible()
    address = page.get_by_role("row", name="事发地点")
    expect(address).to_contain_text("文三路186号")
    shot(page, "ticket")
    address.get_by_role("button", name="听这一段").first.click()
    page.wait_for_function(f"() => ({PLAYED})() > 4")  # the address is said after four seconds


def test_a_call_shows_both_sides_and_leads_to_its_ticket(
    site: Site, page_as: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_drafted_call(site.backend))
    page = page_as(Role.AGENT)
    page.goto("/app/calls")
    page.get_by_role("link", name="138****1234").click()
    expect(page.get_by_text("您好杭州12345请讲")).to_be_visible()
    shot(page, "call")
    page.get_by_role("button", name="从这里播放 0:14").click()
    page.wait_for_function(f"() => ({PLAYED})() >= 14")
    page.get_by_role("link", name=TICKET).click()
    expect(page.get_by_role("heading", name=f"工单 {TICKET}")).to_be_visible()


def test_a_failing_service_is_told_and_can_be_asked_again(page_as: PageAs) -> None:
    page = page_as(Role.AGENT)
    # A page that gets a connection reads again by itself: here only the button may.
    page.add_init_script("window.WebSocket = class { close() {} send() {} }")
    page.route(ASKED, lambda route: route.abort())
    page.goto("/app/tickets")
    expect(page.get_by_role("alert")).to_contain_text("无法连接到服务", timeout=15_000)
    page.unroute(ASKED)
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_ticket_that_is_not_there(page_as: PageAs) -> None:
    page = page_as(Role.AGENT)
    page.goto("/app/tickets/261122000000")
    expect(page.get_by_role("alert")).to_contain_text("没有这张工单")
