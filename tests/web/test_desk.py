"""The agent's desk on one screen, with the engine's side kept in memory; sound is in asterisk/."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from domain.accounts.permissions import Role
from domain.knowledge.entry import Stage
from domain.tickets.status import TicketStatus
from services.actor import SYSTEM
from services.drafts import Place, draft_ticket
from services.knowledge import Entry, KnowledgeSearch, import_entries
from storage.repositories.calls import Calls, Utterances
from storage.repositories.knowledge import KnowledgeEntries
from storage.repositories.tickets import Tickets
from storage.tables.call import CallRow
from storage.tables.call_back import CallBackRow
from storage.tables.ticket import TicketRow
from tests.web.city import spoken
from tests.web.conftest import PageAs, Shot
from tests.web.site import Site

CALL, EARLIER, NUMBER = "hl1-1763843556.31", "hl1-1763743556.7", "13800001234"
ANSWER = "一般故障二十四小时内修复，电缆故障三天内。"
TICKET, PLACE = "261122557031", "西湖区文三路186号门口"
SAID = (
    ("agent", 1.0, "您好杭州12345请讲"),
    ("caller", 4.0, "你好我要投诉西湖区文三路186号门口的路灯不亮了"),
    ("caller", 10.0, "已经坏了三天了晚上走路很危险希望尽快修好"),
    ("agent", 16.0, "请问路灯杆上有没有编号"),
    ("caller", 20.0, "没有看到编号就在公交站旁边"),
)


async def begun(site: Site) -> None:
    """A call that rings now; the number called before and has an open ticket."""
    now = site.clock()
    async with site.backend.database.transaction() as session:
        for call_id, number, at, outcome in (
            (EARLIER, "261121557007", now - timedelta(days=1), "abandoned"),
            (CALL, TICKET, now, None),
        ):
            row = CallRow(
                id=call_id, caller=NUMBER, dialled="12345", ticket_number=number, started_at=at,
                outcome=outcome, path=["greeting", "people"],
            )  # fmt: skip
            Calls(session).add(row)
        for number, title, secret in (
            ("261121557007", "文三路路灯昏暗", ""), ("261120557003", "举报邻居违建", "yes"),
        ):  # fmt: skip
            row = TicketRow(
                id=number, status=TicketStatus.DRAFT, city="hangzhou", category="投诉",
                title=title, summary="", caller=NUMBER, caller_text="", agent_text="",
                fields={"wants_secrecy": {"value": secret}}, origin="phone", version=1,
                created_at=now - timedelta(days=1), updated_at=now,
            )  # fmt: skip
            Tickets(session).add(row)


async def ended(site: Site) -> None:
    async with site.backend.database.transaction() as session:
        row = await Calls(session).get(CALL)
        row.ended_at, row.outcome, row.seat = site.clock(), "agent", "1001"
    place = Place(site.backend.city, site.backend.zone)
    knowledge = KnowledgeSearch()
    await draft_ticket(
        site.backend.database, CALL, knowledge=knowledge, place=place, now=site.clock()
    )


async def known(site: Site) -> None:
    entry = Entry("lamps", "路灯多久能修好", ANSWER, keywords="路灯")
    async with site.backend.database.transaction() as session:
        await import_entries(session, [entry], site.backend.city, actor=SYSTEM, now=site.clock())
        row = await KnowledgeEntries(session).of_key("", "lamps")
        assert row is not None
        row.stage = Stage.PUBLISHED.value


async def lost(site: Site) -> None:
    await begun(site)
    now = site.clock()
    async with site.backend.database.transaction() as session:
        row = CallBackRow(
            id=f"{EARLIER}:lost", seq=1, changed_at=now, call_id=EARLIER, caller=NUMBER,
            queue="general", cause="lost", since=now, due_at=now, until=now + timedelta(hours=1),
            state="waiting",
        )  # fmt: skip
        session.add(row)


def say(site: Site, *said: tuple[str, float, str]) -> None:
    """Written down by the journal and told to the desks, as in a call."""
    for seq, (side, start_s, text) in enumerate(said, 1):
        utterance = spoken(seq, side, start_s, text)

        async def put(utterance: Any = utterance) -> None:
            async with site.backend.database.transaction() as session:
                await Utterances(session).put(CALL, utterance)

        site.do(put)
        told = {"start_s": start_s, "end_s": utterance.end_s, "text": text, "side": side}
        site.tell(type="final", call_id=CALL, at="", seq=seq, words=[], **told)


def moved(site: Site, state: str, **more: Any) -> None:
    site.floor.seats["1001"] |= {"state": state, **more}
    site.tell(type="seat", call_id="", at="", seat="1001", state=state)


@pytest.fixture
def desk(site: Site, page_as: PageAs) -> Page:
    """Li at seat 1001, ready; Chen, an expert, at 1003."""
    site.floor.sit("1003", "chen", kind="expert")
    page = page_as(Role.AGENT, name="li")
    page.goto("/app/desk")
    page.get_by_label("坐席").fill("1001")
    page.keyboard.press("Enter")
    expect(page.locator("[data-seat=ready]")).to_be_visible()
    return page


def rings(site: Site, desk: Page) -> None:
    site.do(lambda: begun(site))
    moved(site, "ringing", call_id=CALL)
    site.tell(type="ringing", call_id=CALL, at="", seat="1001")
    expect(desk.locator(f"[data-pop='{CALL}']")).to_be_visible()


def talks(site: Site, desk: Page) -> None:
    rings(site, desk)
    moved(site, "talking")
    expect(desk.locator("[data-seat=talking]")).to_be_visible()


def test_the_number_is_known_before_the_call_is_answered(site: Site, desk: Page) -> None:
    rings(site, desk)
    expect(desk.locator("[data-seat=ringing]")).to_be_visible()
    past = desk.locator("[data-pop]")
    expect(past).to_contain_text("文三路路灯昏暗")
    # Its requester asked for secrecy: that there is a ticket is told, not what it says.
    expect(past).to_contain_text("诉求人要求保密")
    expect(past).not_to_contain_text("违建")
    expect(past).to_contain_text("未接通")
    expect(desk.get_by_text("138****1234")).to_be_visible()


def test_the_form_fills_itself_while_they_talk(site: Site, desk: Page, shot: Shot) -> None:
    talks(site, desk)
    site.tell(type="partial", call_id=CALL, at="", side="caller", text="你好我要投")
    expect(desk.locator("[data-final=false]")).to_contain_text("你好我要投")
    say(site, *SAID)
    expect(desk.locator("[data-final=false]")).to_have_count(0)
    address = desk.locator("[data-field=address]")
    expect(address.locator("input")).to_have_value(PLACE)
    expect(desk.locator("[data-field=category]")).to_contain_text("投诉")
    # A click on a field shows where it was said.
    address.get_by_role("button", name="听原话 事发地点").click()
    expect(desk.locator("[data-marked=true]")).to_contain_text("文三路186号")
    expect(desk.locator("[data-missing] li").first).to_contain_text("请问")
    shot(desk, "desk")


def test_what_was_typed_outlives_a_reload(site: Site, desk: Page) -> None:
    talks(site, desk)
    say(site, *SAID)
    subject = desk.locator("#desk-subject")
    subject.fill("西湖区城管局")
    desk.reload()
    expect(subject).to_have_value("西湖区城管局")
    expect(desk.locator("li[data-side=caller]").first).to_contain_text("路灯不亮")


def goes_to(desk: Page, field: str) -> None:
    """By the key that leads through the fields, as somebody without a mouse."""
    for _ in range(20):
        desk.keyboard.press("Alt+ArrowDown")
        if desk.evaluate("document.activeElement.id") == field:
            return
    raise AssertionError(f"twenty steps did not lead to {field}")


def test_a_ticket_by_the_keyboard_alone(site: Site, desk: Page, shot: Shot) -> None:
    talks(site, desk)
    say(site, *SAID)
    expect(desk.locator("#desk-address")).to_have_value(PLACE)
    goes_to(desk, "desk-address")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-field=address]")).to_have_attribute("data-accepted", "true")
    moved(site, "wrap_up", call_id=None, until=(site.clock() + timedelta(days=9000)).isoformat())
    site.do(lambda: ended(site))
    site.tell(type="ticket_drafted", call_id=CALL, at="", ticket_id=TICKET)
    expect(desk.locator(f"[data-ticket='{TICKET}']")).to_be_visible()
    shot(desk, "desk-wrap-up")
    # What is missing is said once; then it is the agent's decision.
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("还缺：")).to_be_visible()
    goes_to(desk, "desk-subject")
    desk.keyboard.type("路灯管理所")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text(f"工单 {TICKET} 已提交")).to_be_visible()
    answer = desk.context.request.get(f"/tickets/{TICKET}").json()
    assert answer["status"] == "submitted"
    assert answer["fields"]["subject"]["value"] == "路灯管理所"
    case = desk.context.request.get(f"/tickets/{TICKET}/case").json()
    assert (case["state"], case["category"]) == ("registered", "complaint")


def test_refused_with_the_words_of_the_citys_text(site: Site, desk: Page) -> None:
    talks(site, desk)
    say(site, *SAID)
    desk.keyboard.press("Alt+j")
    desk.locator("#desk-ground").click()
    desk.get_by_title("信访", exact=False).first.click()
    expect(desk.locator("[data-script]")).to_contain_text("信访程序")
    moved(site, "wrap_up", call_id=None, until=(site.clock() + timedelta(days=9000)).isoformat())
    site.do(lambda: ended(site))
    expect(desk.locator(f"[data-ticket='{TICKET}']")).to_be_visible()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text(f"工单 {TICKET} 已提交")).to_be_visible()
    case = desk.context.request.get(f"/tickets/{TICKET}/case").json()
    assert case["state"] in ("refused", "told_channel")


def test_a_second_matter_is_a_ticket_of_its_own(site: Site, desk: Page) -> None:
    talks(site, desk)
    say(site, *SAID)
    moved(site, "wrap_up", call_id=None, until=(site.clock() + timedelta(days=9000)).isoformat())
    site.do(lambda: ended(site))
    expect(desk.locator(f"[data-ticket='{TICKET}']")).to_be_visible()
    desk.keyboard.press("Alt+s")
    desk.get_by_label("另一件事的标题").fill("申请在公交站加装路灯")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("已建工单")).to_be_visible()
    listed = desk.context.request.get("/tickets", params={"call_id": CALL}).json()["tickets"]
    assert {one["title"] for one in listed} >= {"申请在公交站加装路灯"}


def test_words_of_danger_colour_the_desk(site: Site, desk: Page, shot: Shot) -> None:
    talks(site, desk)
    say(site, ("caller", 2.0, "文三路186号着火了快来人"))
    danger = {"number": "119", "text": "着火了", "level": "clear", "side": "caller"}
    site.tell(type="emergency", call_id=CALL, at="", drill=False, **danger)
    expect(desk.locator("[data-danger=true]")).to_be_visible()
    expect(desk.locator("[data-emergency='119']")).to_contain_text("着火了")
    expect(desk.locator("#desk-address")).to_have_value("文三路186号")
    shot(desk, "desk-emergency")
    with desk.expect_response("**/three-way"):
        desk.keyboard.press("Alt+2")
    expect(desk.get_by_role("button", name="119", exact=True)).to_be_enabled()
    (order,) = site.floor.given("three_way")
    assert order["number"] == "119"
    assert "文三路186号" in order["briefing"]


def test_a_warning_and_a_call_for_help_are_one_key_each(site: Site, desk: Page) -> None:
    talks(site, desk)
    expect(desk.get_by_role("button", name="提醒")).to_be_enabled()
    desk.keyboard.press("Alt+w")
    expect(desk.get_by_text("已记录：提醒（第二十九条）")).to_be_visible()
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_text("已通知所有班长")).to_be_visible()
    assert [one["seat"] for one in site.floor.given("help")] == ["1001"]


def test_handing_over_goes_to_experts_first(site: Site, desk: Page) -> None:
    talks(site, desk)
    desk.keyboard.press("Alt+t")
    desk.get_by_label("对象", exact=True).press("ArrowDown")
    desk.get_by_label("对象", exact=True).press("Enter")
    expect(desk.get_by_label("对象", exact=True)).to_have_value("1003")
    desk.get_by_label("对象", exact=True).press("Control+Enter")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    assert [one["to_seat"] for one in site.floor.given("transfer")] == ["1003"]


def test_a_colleague_is_asked_while_the_caller_hears_music(site: Site, desk: Page) -> None:
    talks(site, desk)
    desk.keyboard.press("Alt+c")
    desk.get_by_label("对象", exact=True).fill("1003")
    desk.get_by_label("对象", exact=True).press("Control+Enter")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    assert [one["number"] for one in site.floor.given("consult")] == ["1003"]
    site.tell(type="guest_joined", call_id=CALL, at="", leg="l1", who="1003")
    expect(desk.get_by_role("button", name="转给对方")).to_be_enabled()
    desk.keyboard.press("Alt+u")
    expect(desk.get_by_role("button", name="转给对方")).to_have_count(0)
    assert len(site.floor.given("bring_in")) == 1
    with desk.expect_response("**/leave?back=true"):
        desk.keyboard.press("Alt+v")
    assert [one["back"] for one in site.floor.given("leave")] == [True]


def test_a_caller_put_aside_is_taken_back(site: Site, desk: Page) -> None:
    talks(site, desk)
    desk.keyboard.press("Alt+z")
    aside = desk.locator(f"[data-parked='{CALL}']")
    expect(aside).to_contain_text("本席驻留的来电")
    site.tell(type="seat", call_id="", at="", seat="1001", state="ready")
    expect(desk.locator("[data-seat=ready]")).to_be_visible()
    desk.keyboard.press("Alt+y")
    expect(aside).to_have_count(0)
    assert [one["call_id"] for one in site.floor.given("fetch")] == [CALL]


def test_the_devices_are_tried_before_the_first_call(desk: Page) -> None:
    desk.get_by_role("button", name="设备检查").click()
    expect(desk.locator("[data-heard=true]")).to_be_visible()
    desk.get_by_role("button", name="完成").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_knowledge_becomes_the_answer(site: Site, desk: Page) -> None:
    site.do(lambda: known(site))
    talks(site, desk)
    desk.keyboard.press("Alt+k")
    desk.locator("#desk-knowledge").fill("路灯")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="路灯多久能修好").click()
    desk.get_by_role("button", name="用于直接答复").click()
    expect(desk.locator("#desk-reply")).to_have_value(ANSWER)


def test_a_lost_call_is_rung_back_from_the_list(site: Site, desk: Page) -> None:
    site.do(lambda: lost(site))
    site.tell(type="call_back", call_id=EARLIER, at="")
    desk.keyboard.press("Alt+8")
    row = desk.get_by_role("listitem").filter(has_text="漏接")
    with desk.expect_response("**/call-back") as answered:
        row.get_by_role("button", name="回拨").click()
    assert answered.value.ok
    expect(desk.get_by_role("alert")).to_have_count(0)
    assert [one["call_id"] for one in site.floor.given("call_back")] == [EARLIER]


def test_what_was_told_while_nobody_listened_is_read_again(site: Site, page_as: PageAs) -> None:
    site.floor.sit("1003", "chen", kind="expert")
    page = page_as(Role.AGENT, name="li")
    lines: list[WebSocketRoute] = []

    def listened(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/live", listened)
    page.goto("/app/desk")
    page.get_by_label("坐席").fill("1001")
    with page.expect_response("**/call-backs"):
        page.keyboard.press("Enter")
    expect(page.locator("[data-seat=ready]")).to_be_visible()
    page.keyboard.press("Alt+8")
    page.wait_for_load_state("networkidle")
    site.do(lambda: lost(site))  # and no event tells of it
    lines[-1].close(code=4008, reason="too slow")
    expect(page.get_by_role("listitem").filter(has_text="漏接")).to_be_visible()
    assert len(lines) > 1


def test_what_is_half_done_is_kept_as_a_draft(site: Site, desk: Page) -> None:
    talks(site, desk)
    say(site, *SAID)
    moved(site, "wrap_up", call_id=None, until=(site.clock() + timedelta(days=9000)).isoformat())
    site.do(lambda: ended(site))
    expect(desk.locator(f"[data-ticket='{TICKET}']")).to_be_visible()
    desk.locator("#desk-subject").fill("路灯管理所")
    desk.keyboard.press("Control+s")
    expect(desk.get_by_text("草稿已保存")).to_be_visible()
    answer = desk.context.request.get(f"/tickets/{TICKET}").json()
    assert (answer["status"], answer["fields"]["subject"]["value"]) == ("draft", "路灯管理所")


def test_the_desk_in_english(site: Site, desk: Page) -> None:
    talks(site, desk)
    desk.get_by_role("button", name="English").click()
    expect(desk.get_by_role("button", name="Transfer")).to_be_visible()
    expect(desk.get_by_role("button", name="Hang up")).to_be_visible()
    expect(desk.get_by_text("Talking")).to_be_visible()


def test_more_time_and_the_map_of_keys(site: Site, desk: Page, shot: Shot) -> None:
    moved(site, "wrap_up", until=(site.clock() + timedelta(days=9000)).isoformat())
    expect(desk.locator("[data-seat=wrap_up]")).to_be_visible()
    with desk.expect_response("**/wrap-up"):
        desk.keyboard.press("Alt+x")
    expect(desk.get_by_role("button", name="就绪")).to_be_enabled()
    assert [one["extend_s"] for one in site.floor.given("wrap_up")] == [60]
    desk.locator("body").press("?")
    expect(desk.get_by_role("dialog")).to_contain_text("下一个未核对的字段")
    shot(desk, "desk-keys")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_desk_fits_one_screen(
    site: Site, desk: Page, shot: Shot, size: tuple[int, int], look: str
) -> None:
    desk.set_viewport_size({"width": size[0], "height": size[1]})
    desk.emulate_media(color_scheme=look)  # type: ignore[arg-type]
    talks(site, desk)
    say(site, *SAID)
    expect(desk.locator("#desk-address")).to_have_value(PLACE)
    expect(desk.locator("[data-missing] li").first).to_be_visible()
    shot(desk, f"desk-{size[0]}-{look}")
    overflow = "document.documentElement.scrollWidth > innerWidth"
    assert not desk.evaluate(overflow)
    content = "(e => e.scrollHeight - e.clientHeight)(document.getElementById('content'))"
    assert desk.evaluate(content) <= 0
