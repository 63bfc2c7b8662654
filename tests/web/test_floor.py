"""The supervisor's pages: what goes on, orders to seats, queues, rosters, figures, suspensions."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from domain.accounts.permissions import Role
from storage.repositories.audit import AuditFilter, AuditTrail
from storage.repositories.calls import CallEvents, Calls
from storage.tables.call import CallRow
from tests.web.conftest import EverySize, PageAs, Shot
from tests.web.site import Site

NAMES = ("张敏", "李娜", "王芳", "刘洋", "陈静", "杨帆", "赵磊", "黄婷", "周杰", "吴倩")
STATES = ("talking", "talking", "talking", "wrap_up", "ready", "ready", "holding", "paused",
          "talking", "consulting")  # fmt: skip


async def a_day(site: Site) -> None:
    """Forty calls: thirty-six answered within 15 s, two later, two given up."""
    now = site.clock()
    async with site.backend.database.transaction() as session:
        for number in range(40):
            call_id, at = f"hl1-17638{number:05d}.1", now - timedelta(minutes=20 * number + 5)
            outcome = "abandoned" if number in (7, 23) else "agent"
            row = CallRow(
                id=call_id, caller=f"138000{number:05d}", dialled="12345", path=["people"],
                ticket_number=f"261122{number:06d}", started_at=at, ended_at=at, outcome=outcome,
            )  # fmt: skip
            Calls(session).add(row)
            await session.flush()
            events = CallEvents(session)
            await events.append(call_id, 1, at=at, kind="queued", body={"queue": "general"})
            if outcome == "agent":
                wait = timedelta(seconds=28 if number in (3, 11) else 4)
                body: dict[str, Any] = {"seat": "1001"}
                await events.append(call_id, 2, at=at + wait, kind="answered", body=body)


@pytest.fixture
def full(site: Site) -> Site:
    """Ten agents at work, somebody waiting, two alarms."""
    site.do(lambda: a_day(site))
    for place, (name, state) in enumerate(zip(NAMES, STATES, strict=True)):
        more: dict[str, Any] = {"reason": "meal"} if state == "paused" else {}
        site.floor.sit(f"10{place + 11}", name, state, **more)
    site.floor.seats["1015"] |= {"kind": "expert", "queues": ["general", "medical"]}
    site.floor.waiting["hl1-1763800099.1"] = (site.clock() - timedelta(seconds=9)).isoformat()
    site.floor.queue_of["hl1-1763800099.1"] = "general"
    site.floor.alarm("waiting", "排队 21 人，超过 20 人", over_at=site.floor.now.isoformat())
    site.floor.alarm("emergency", "来电人说：着火了，建议转 119", number="119", seat="1012")
    return site


@pytest.fixture
def chief(full: Site, page_as: PageAs) -> Page:
    assert full.floor.seats
    return page_as(Role.SUPERVISOR, name="chen")


def test_figures_stand_with_what_they_mean(chief: Page) -> None:
    chief.goto("/app/wallboard")
    expect(chief.locator("[data-figure='15 秒接通率']")).to_have_text("90.0%")
    expect(chief.locator("[data-figure='接通率']")).to_have_text("95.0%")
    expect(chief.locator("[data-figure='排队人数']")).to_have_text("1")
    expect(chief.get_by_text("15 秒接通率 = 15 秒内接听数 ÷ 人工排队数")).to_be_visible()


def test_what_happens_is_there_at_once(full: Site, chief: Page) -> None:
    chief.goto("/app/wallboard")
    expect(chief.locator("[data-of='1015']")).to_have_text("就绪")
    full.floor.seats["1015"]["state"] = "ringing"
    full.tell(type="seat", call_id="", at="", seat="1015", state="ringing")
    expect(chief.locator("[data-of='1015']")).to_have_text("振铃")
    raised = full.floor.alarm("help", "坐席 1013 求助")
    full.tell(**{**raised, "type": "alarm"})
    alarm = chief.locator("[data-alarm=help]")
    expect(alarm).to_contain_text("坐席 1013 求助")
    alarm.get_by_role("button", name="我来处理").click()
    expect(alarm).to_contain_text("处理人 chen")


def test_orders_to_a_seat_with_their_reason(full: Site, chief: Page) -> None:
    chief.goto("/app/wallboard")
    chief.get_by_role("button", name="密语 1011").click()
    chief.get_by_label("原因（记入审计）").fill("新话务员带教")
    chief.keyboard.press("Enter")
    expect(chief.get_by_text("已下达")).to_be_visible()
    assert [one["how"] for one in full.floor.given("listen_in")] == ["whisper"]
    chief.get_by_role("button", name="更多 1015").click()
    chief.get_by_role("menuitem", name="置为小休").click()
    chief.get_by_label("原因（记入审计）").last.fill("班前会")
    chief.keyboard.press("Enter")
    expect(chief.locator("[data-of='1015']")).to_have_text("小休 · 班前会")
    # A page that shows an old state is told so by the engine.
    assert full.floor.given("state")[-1]["expected"] == "ready"


def test_every_order_of_the_wallboard_reaches_the_engine(full: Site, chief: Page) -> None:
    chief.goto("/app/wallboard")
    for title in ("监听", "插话", "接管"):
        chief.get_by_role("button", name=f"{title} 1012").click()
        chief.get_by_label("原因（记入审计）").fill("质检抽查")
        chief.keyboard.press("Enter")
        expect(chief.get_by_role("dialog")).to_have_count(0)
    assert [one["how"] for one in full.floor.given("listen_in")][-2:] == ["listen", "barge"]
    assert [one["seat"] for one in full.floor.given("take_over")] == ["1012"]
    chief.get_by_role("button", name="更多 1018").click()
    chief.get_by_role("menuitem", name="置为就绪").click()
    chief.get_by_label("原因（记入审计）").fill("用餐超时")
    chief.keyboard.press("Enter")
    expect(chief.locator("[data-of='1018']")).to_have_text("就绪")
    chief.get_by_role("button", name="更多 1016").click()
    expect(chief.get_by_role("menuitem", name="强制签出")).to_have_count(1)  # the other is gone
    chief.get_by_role("menuitem", name="强制签出").click()
    chief.get_by_role("button", name="确定").click()
    expect(chief.locator("[data-of='1016']")).to_have_count(0)
    assert [one["seat"] for one in full.floor.given("log_out")] == ["1016"]


def test_a_seat_serves_another_queue(full: Site, chief: Page) -> None:
    me = chief.context.request.get("/auth/me").json()
    rule = chief.context.request.get("/queues").json()["queues"][0]["rule"]
    for name, title in (("medical", "医保专席"), ("enterprise", "企业专席")):
        answer = chief.context.request.put(
            f"/queues/{name}",
            data={**rule, "title": title},
            headers={"X-CSRF-Token": me["csrf_token"]},
        )
        assert answer.ok, answer.text()
    chief.goto("/app/wallboard")
    expect(chief.get_by_role("row", name="1015")).to_contain_text("综合坐席、医保专席")
    expect(chief.locator("[data-of='1018']")).to_have_text("小休 · 用餐")
    chief.get_by_role("button", name="更多 1016").click()
    chief.get_by_role("menuitem", name="调整队列").click()
    chief.get_by_role("combobox", name="服务的队列").click()
    chief.get_by_title("企业专席").click()
    chief.keyboard.press("Escape")
    chief.get_by_role("button", name="确定").click()
    expect(chief.get_by_role("row", name="1016")).to_contain_text("综合坐席、企业专席")
    assert full.floor.given("move")[-1]["queues"] == ["general", "enterprise"]


def test_a_message_to_the_desks(full: Site, chief: Page) -> None:
    chief.goto("/app/wallboard")
    chief.get_by_role("button", name="发通知").click()
    chief.get_by_label("通知内容").fill("暴雨红色预警，请安抚来电人")
    chief.get_by_role("button", name="确定").click()
    expect(chief.get_by_role("dialog")).to_have_count(0)
    assert full.floor.given("broadcast")[0]["text"] == "暴雨红色预警，请安抚来电人"


def test_a_queue_is_made_and_changed(chief: Page, shot: Shot, every_size: EverySize) -> None:
    chief.goto("/app/queues")
    chief.get_by_role("button", name="新建队列").click()
    form = chief.get_by_role("dialog")
    form.get_by_label("代码").fill("medical")
    form.get_by_label("名称").fill("医保专席")
    form.get_by_label("所需技能").fill("医保=3、english")
    form.get_by_label("等候满秒数后放宽技能").fill("30")
    form.get_by_label("放宽为").fill("医保=1")
    form.get_by_label("开放时间").click()
    for at in ("08:30", "18:00"):
        chief.keyboard.type(at)
        chief.keyboard.press("Enter")
    form.get_by_label("每个坐席排队超过人数时溢出").fill("2.5")
    form.get_by_role("button", name="保存").click()
    # Nobody is left in front of a closed door: each cause says where callers go.
    expect(form.get_by_text("请说明转到哪里")).to_have_count(2)
    shot(chief, "queue-form")
    for cause, below in (("关闭后转到 closed", 3), ("溢出到 crowded", 1)):
        form.get_by_role("combobox", name=cause).focus()
        for key in ("Enter", *["ArrowDown"] * below, "Enter"):
            chief.keyboard.press(key)
    form.get_by_role("button", name="保存").click()
    row = chief.get_by_role("row", name="medical")
    expect(row).to_contain_text("医保专席")
    expect(row).to_contain_text("医保=3，英语=1")
    expect(row).to_contain_text("08:30–18:00")
    made = ruled(chief, "medical")
    assert made["needs"] == {"medical": 3, "english": 1}
    assert made["relaxations"] == [{"after_s": 30.0, "needs": {"medical": 1}}]
    assert (made["hours"]["opens"], made["hours"]["closes"]) == ("08:30:00", "18:00:00")
    ways = [(one["to"], one["queue"], one["ratio"], one["closed"]) for one in made["overflows"]]
    assert ways == [("recording", "", None, True), ("queue", "general", 2.5, False)]
    every_size(chief, "queues")
    # Changing one thing leaves the others as they were.
    row.get_by_role("button", name="修改").click()
    form.get_by_label("名称").fill("医疗保障专席")
    form.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("医疗保障专席")
    assert ruled(chief, "medical") == made | {"title": "医疗保障专席"}


def ruled(page: Page, name: str) -> dict[str, Any]:
    queues = page.context.request.get("/queues").json()["queues"]
    return next(one["rule"] for one in queues if one["name"] == name)


def test_an_experts_duty(chief: Page, site: Site, every_size: EverySize) -> None:
    start = site.clock() + timedelta(hours=1)
    me = chief.context.request.get("/auth/me").json()
    duty = {
        "account": "chen", "kind": "expert", "queue": "general", "title": "医保局值班专家",
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=3)).isoformat(),
    }  # fmt: skip
    answer = chief.context.request.post(
        "/rosters", data=duty, headers={"X-CSRF-Token": me["csrf_token"]}
    )
    assert answer.ok, answer.text()
    chief.goto("/app/rosters")
    row = chief.get_by_role("row", name="医保局值班专家")
    expect(row).to_be_visible()
    row.get_by_role("button", name="取消").click()
    chief.get_by_label("取消原因").fill("临时会议")
    chief.get_by_role("button", name="确定").click()
    expect(row).to_contain_text("已取消 临时会议")
    every_size(chief, "rosters")


def test_statistics_and_their_files(chief: Page, every_size: EverySize) -> None:
    chief.goto("/app/statistics")
    chief.get_by_title("近 31 天").click()
    row = chief.get_by_role("row", name="综合")
    expect(row).to_contain_text("40")
    expect(row).to_contain_text("95.0%")
    with chief.expect_download() as started:
        chief.get_by_role("link", name="导出 CSV").click()
    text = started.value.path().read_text("utf-8-sig")
    assert "general" in text
    with chief.expect_download() as started:
        chief.get_by_role("link", name="导出 XLSX").click()
    sheet = load_workbook(BytesIO(started.value.path().read_bytes())).active
    assert sheet is not None
    lines = [[str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert any("general" in line and "40" in line for line in lines), lines
    every_size(chief, "statistics")


def test_somebody_else_decides_a_suspension(
    chief: Page, page_as: PageAs, site: Site, shot: Shot, every_size: EverySize
) -> None:
    agent = page_as(Role.AGENT, name="li")
    me = agent.context.request.get("/auth/me").json()
    headers = {"X-CSRF-Token": me["csrf_token"]}
    about = {"call_id": "hl1-1763800002.1", "conduct": "insult"}
    warned = about | {"measure": "warn", "note": "已提醒不得辱骂"}
    assert agent.context.request.post("/conduct/measures", data=warned, headers=headers).ok
    proposal = about | {"reason": "提醒后继续辱骂"}
    assert agent.context.request.post("/suspensions", data=proposal, headers=headers).ok
    agent.goto("/app/suspensions")
    # The agent sees it, and has no button to decide.
    expect(agent.get_by_role("row", name="待决定")).to_be_visible()
    expect(agent.get_by_role("button", name="决定")).to_have_count(0)
    chief.goto("/app/suspensions")
    chief.get_by_role("button", name="决定").click()
    chief.get_by_label("理由").fill("录音属实")
    chief.get_by_label("天数（自然日）").fill("7")
    every_size(chief, "suspension")
    chief.get_by_role("button", name="暂停", exact=True).click()
    expect(chief.get_by_role("row", name="暂停中")).to_be_visible()
    # The caller appeals; neither who proposed nor who decided may judge it.
    agent.reload()
    agent.get_by_role("button", name="更多").click()
    expect(agent.get_by_role("dialog")).to_contain_text("申诉")
    expect(agent.get_by_role("button", name="移送公安材料")).to_have_count(0)
    agent.get_by_label("来电人的申诉内容").fill("当时是孩子乱拨")
    agent.get_by_role("button", name="登记申诉").click()
    expect(agent.get_by_role("row", name="暂停中")).to_contain_text("待决定")
    chief.reload()
    chief.get_by_role("button", name="更多").click()
    expect(chief.get_by_role("dialog")).to_contain_text("当时是孩子乱拨")
    expect(chief.get_by_text("须由第三人决定")).to_be_visible()
    package_for_the_police(chief, site)
    third = page_as(Role.SUPERVISOR, name="wang")
    third.goto("/app/suspensions")
    third.get_by_role("button", name="更多").click()
    third.get_by_label("申诉决定的理由").fill("情况属实")
    shot(third, "suspension-appeal")
    third.get_by_role("button", name="申诉成立，解除暂停").click()
    row = third.get_by_role("row", name="已解除")
    expect(row).to_contain_text("申诉决定")


def package_for_the_police(chief: Page, site: Site) -> None:
    chief.get_by_role("button", name="移送公安材料").click()
    make = chief.get_by_role("button", name="生成并下载")
    expect(make).to_be_disabled()
    chief.get_by_label("移送理由").fill("涉嫌寻衅滋事")
    with chief.expect_download() as started:
        make.click()
    with zipfile.ZipFile(started.value.path()) as package:
        assert {"referral.pdf", "hashes.txt"} <= set(package.namelist())
        assert package.read("referral.pdf").startswith(b"%PDF")

    async def written() -> list[str]:
        async with site.backend.database.session() as session:
            wanted = AuditFilter(action="suspension.refer")
            page = await AuditTrail(session).page(wanted, after=None, limit=10)
        return [row.reason for row in page.rows]

    assert site.do(written) == ["涉嫌寻衅滋事"]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_wallboard_on_each_screen(
    chief: Page, shot: Shot, size: tuple[int, int], look: str
) -> None:
    chief.set_viewport_size({"width": size[0], "height": size[1]})
    chief.emulate_media(color_scheme=look)  # type: ignore[arg-type]
    chief.goto("/app/wallboard")
    expect(chief.locator("[data-figure='接通率']")).to_have_text("95.0%")
    expect(chief.locator("[data-of='1011']")).to_be_visible()
    shot(chief, f"wallboard-{size[0]}-{look}")
    assert not chief.evaluate("document.documentElement.scrollWidth > innerWidth")
