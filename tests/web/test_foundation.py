"""Signing in, finding one's way, and being told what is wrong."""

import re

import pyotp
from playwright.sync_api import Page, expect

from domain.accounts.permissions import Role
from tests.db.api.people import PASSWORD, given_account
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name=re.compile("登.*录")).click()


def test_password_then_the_page_that_was_asked_for(
    site: Site, new_page: PageAs, shot: Shot
) -> None:
    site.do(lambda: given_account(site.backend, "li.hong", Role.AGENT))
    page = new_page()
    page.goto("/app/calls")
    sign_in(page, "li.hong", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码错误")
    shot(page, "sign-in")
    sign_in(page, "li.hong")
    expect(page.get_by_role("heading", name="通话")).to_be_visible()
    expect(page.locator("[data-live=open]")).to_be_visible()
    shot(page, "calls-empty")


def test_one_time_code_is_set_up_and_then_asked_for(
    site: Site, page_as: PageAs, new_page: PageAs
) -> None:
    page = page_as(Role.AGENT, name="wang")
    page.goto("/app/account")
    page.get_by_role("button", name="启用动态验证码").click()
    secret = page.locator("code").inner_text()
    code = pyotp.TOTP(secret).at(site.clock())
    page.get_by_label("验证器中的 6 位数字").fill(code)
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_text("动态验证码已启用")).to_be_visible()
    site.clock.advance(minutes=2)
    other = new_page()
    other.goto("/app/")
    sign_in(other, "wang")
    other.get_by_label("动态验证码").fill(pyotp.TOTP(secret).at(site.clock()))
    other.get_by_role("button", name=re.compile("登.*录")).click()
    expect(other.get_by_role("navigation", name="主导航")).to_be_visible()


def test_a_password_of_somebody_else_must_be_changed_first(site: Site, new_page: PageAs) -> None:
    site.do(lambda: given_account(site.backend, "new", Role.AGENT, must_change_password=True))
    page = new_page()
    page.goto("/app/")
    sign_in(page, "new")
    expect(page.get_by_text("请先设置您自己的密码")).to_be_visible()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("four other random words")
    page.get_by_label("再次输入新密码").fill("four other random words")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def test_navigation_shows_what_one_may_do(page_as: PageAs) -> None:
    page = page_as(Role.UNIT_HANDLER)
    page.goto("/app/")
    navigation = page.get_by_role("navigation", name="主导航")
    expect(navigation.get_by_role("link", name="工单")).to_be_visible()
    expect(navigation.get_by_role("link", name="通话")).to_have_count(0)
    page.goto("/app/calls")
    expect(page.get_by_text("您没有查看此页面的权限")).to_be_visible()
    page.goto("/app/nowhere")
    expect(page.get_by_text("没有这个页面")).to_be_visible()


def test_language_and_appearance_are_kept(page_as: PageAs, shot: Shot) -> None:
    page = page_as(Role.AGENT)
    page.goto("/app/tickets")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    page.get_by_role("button", name="agent-1").click()
    page.get_by_text("Dark").click()
    page.reload()
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    assert page.evaluate("document.documentElement.style.colorScheme") == "dark"
    shot(page, "tickets-dark-english")


def test_signing_out_ends_the_session(page_as: PageAs) -> None:
    page = page_as(Role.AGENT)
    page.goto("/app/")
    page.get_by_role("button", name="agent-1").click()
    page.get_by_text("退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()
    assert page.context.request.get("/auth/me").status == 401


def test_pages_bring_their_policy_and_files_may_be_kept(new_page: PageAs) -> None:
    request = new_page().context.request
    page = request.get("/app/any/depth")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-cache"
    script = re.search(r'src="(/app/assets/[^"]+\.js)"', page.text())
    assert script
    asset = request.get(script[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-encoding"] == "gzip"
    assert request.get("/app/assets/none.js").status == 404
    assert request.get("/").url.endswith("/app/")
