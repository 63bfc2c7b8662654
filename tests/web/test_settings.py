"""What supervisors set while the hotline runs, and the administrators' working-day table."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.accounts.permissions import Role
from storage.repositories.audit import AuditFilter, AuditTrail
from tests.web.conftest import EverySize, PageAs
from tests.web.site import Site


def sure(page: Page) -> None:
    expect(page.get_by_role("dialog").get_by_role("button", name="确定")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def deeds(site: Site, action: str) -> int:
    async def written() -> int:
        async with site.backend.database.session() as session:
            wanted = AuditFilter(action=action)
            page = await AuditTrail(session).page(wanted, after=None, limit=50)
        return len(page.rows)

    return site.do(written)


@pytest.fixture
def chief(page_as: PageAs) -> Page:
    page = page_as(Role.SUPERVISOR, name="chen")
    page.goto("/app/settings")
    expect(page.get_by_text("还没有本市另加的用语")).to_be_visible()
    expect(page.get_by_text("还没有登记")).to_be_visible()
    return page


def test_thresholds_words_and_drills_reach_the_engine(
    site: Site, chief: Page, every_size: EverySize
) -> None:
    chief.get_by_label("排队人数达到").fill("8")
    chief.get_by_label("最长等待达到（秒）").fill("")
    chief.get_by_role("button", name="保存 告警阈值").click()
    sure(chief)
    expect(chief.get_by_text("已生效")).to_be_visible()
    word = chief.get_by_label("用语（2 至 20 字）")
    word.fill("井")
    expect(chief.get_by_role("button", name="添加用语")).to_be_disabled()
    word.fill("井盖塌了")
    chief.get_by_role("button", name="添加用语").click()
    sure(chief)
    expect(chief.locator("[data-word='井盖塌了']")).to_contain_text("119 消防")
    numbers = chief.get_by_label("演练号码")
    chief.get_by_role("button", name="开始演练").click()
    expect(chief.get_by_text("请填 1 至 20 个号码")).to_be_visible()
    numbers.fill("13800000000 ")
    until = chief.get_by_label("截止")
    until.fill("2050-01-01 10:00")
    until.press("Enter")  # takes the time, and sends the form
    sure(chief)
    expect(chief.locator("[data-drill=true]")).to_contain_text("演练中，至 2050-01-01 10:00")
    policy = chief.context.request.get("/floor/policy").json()
    assert (policy["alarms"]["waiting"], policy["alarms"]["longest_wait_s"]) == (8, None)
    # The later cards have not undone the earlier ones.
    assert policy["words"] == {"井盖塌了": "119"}
    assert policy["drill"]["numbers"] == ["13800000000"]
    assert len(site.floor.given("settings_changed")) == deeds(site, "floor.policy") == 3
    every_size(chief, "settings")
    chief.get_by_role("button", name="结束演练").click()
    sure(chief)
    expect(chief.locator("[data-drill=false]")).to_be_visible()
    chief.get_by_role("button", name="移除 井盖塌了").click()
    sure(chief)
    expect(chief.get_by_text("还没有本市另加的用语")).to_be_visible()


def test_the_elderly_who_registered_go_first(site: Site, chief: Page) -> None:
    number = chief.get_by_label("号码", exact=True)
    number.fill("1380x")
    expect(chief.get_by_text("号码须为 5 至 20 位数字")).to_be_visible()
    number.fill("13812345678")
    chief.get_by_role("button", name="登记", exact=True).click()
    row = chief.get_by_role("row", name="高龄老人登记")
    expect(row).to_contain_text("138****5678")
    number.fill("13812345678")
    chief.get_by_role("button", name="取消登记").click()
    sure(chief)
    expect(row).to_have_count(0)
    chief.get_by_role("button", name="English").click()
    expect(chief.get_by_role("heading", name="Settings")).to_be_visible()
    expect(chief.get_by_text("Callers who go first")).to_be_visible()


def test_a_make_up_day_becomes_a_working_day(
    site: Site, page_as: PageAs, every_size: EverySize
) -> None:
    page = page_as(Role.ADMINISTRATOR, name="zhao")
    page.clock.set_fixed_time(site.clock() + timedelta(hours=1))
    page.goto("/app/working-days")
    holiday = page.get_by_label("2026-10-01 放假")
    expect(holiday).to_have_attribute("aria-pressed", "true")
    page.get_by_title("2027").click()
    expect(page.get_by_text("国务院尚未公布")).to_be_visible()
    page.get_by_label("2027-01-01", exact=True).click()
    page.get_by_label("2027-01-02", exact=True).click()
    save = page.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    page.get_by_label("依据（通知名称）").fill("关于2027年部分节假日安排的通知")
    save.click()
    sure(page)
    expect(page.get_by_text("国务院尚未公布")).to_have_count(0)
    stored = page.context.request.get("/rules/calendar/2027").json()
    assert (stored["days_off"], stored["days_worked"]) == (["2027-01-01"], ["2027-01-02"])
    assert deeds(site, "calendar.replace") == 1
    page.get_by_title("2026").click()
    expect(holiday).to_be_visible()
    every_size(page, "working-days")


def test_only_those_who_may_find_the_settings(page_as: PageAs) -> None:
    agent = page_as(Role.AGENT, name="li")
    for path in ("settings", "working-days"):
        agent.goto(f"/app/{path}")
        expect(agent.get_by_text("您没有查看此页面的权限")).to_be_visible()
        expect(agent.get_by_role("link", name="运行设置")).to_have_count(0)
