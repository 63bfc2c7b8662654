"""Time does to a ticket what the text says, once, whoever looks and however often."""

import asyncio
from datetime import date

import pytest

from domain.calendar.limit import CHINA
from services.actor import SYSTEM
from services.calendars import Year, replace_year
from services.case_proof import prove
from services.city_settings import CitySetting, change_setting
from services.supervision import do_what_shall_be_done
from services.timers import let_pass, reached
from storage.database import Database
from storage.repositories.cases import Cases
from tests.db.services.lives import Lives, china


@pytest.fixture
def lives(database: Database) -> Lives:
    return Lives(database)


async def next_at(lives: Lives, ticket_id: str) -> str:
    async with lives.database.session() as session:
        moment = (await Cases(session).get(ticket_id)).next_at
    return moment.astimezone(CHINA).strftime("%m-%d %H:%M:%S") if moment else ""


async def in_turn(lives: Lives, at: str) -> list[str]:
    async with lives.database.session() as session:
        return [due.ticket_id for due in await reached(session, now=china(at), limit=10)]


async def test_silence_is_written_once_however_often_the_timer_comes(lives: Lives) -> None:
    number = await lives.given("lishui", "2026-09-30 10")
    assert await next_at(lives, number) == "10-09 00:00:00"
    assert await in_turn(lives, "2026-10-08 23") == []
    assert await in_turn(lives, "2026-10-09 00") == [number]
    await asyncio.gather(
        *(let_pass(lives.database, [number], now=china("2026-10-09 01")) for _ in range(5))
    )
    assert await in_turn(lives, "2026-10-09 02") == []
    told = [row.what for row in await lives.history(number)]
    assert told.count("deemed_accepted") == 1
    assert (await prove(lives.database)).faults == []


async def test_a_clock_that_moves_takes_its_timer_along(lives: Lives) -> None:
    number = await lives.given("huizhou", "2026-09-07 10")
    await lives.does(number, "sign", "2026-09-07 11", unit="住建局")
    await lives.time_passes(number, "2026-09-10 09")
    yellow = await next_at(lives, number)
    await lives.does(
        number,
        "request_extension",
        "2026-09-10 10",
        unit="住建局",
        reason="需论证",
        plan="下周",
        days=5,
        documents=["sealed_statement"],
    )
    assert await next_at(lives, number) == yellow
    await lives.does(number, "decide_extension", "2026-09-10 11", accept=True)
    assert await next_at(lives, number) > yellow
    assert await in_turn(lives, f"2026-{yellow[:5]} 23") == []
    told = [row.detail["reason"] for row in await lives.history(number) if row.calendar]
    assert any("延期 5 个工作日" in reason for reason in told)


async def test_cards_are_written_when_they_come(lives: Lives) -> None:
    number = await lives.given("huizhou", "2026-09-07 10")
    await lives.does(number, "sign", "2026-09-07 11", unit="住建局")
    due = (await lives.seen(number, "2026-09-08 10")).ticket.clocks["handle"].due
    for day in ("2026-09-20 09", "2026-09-29 09", "2026-10-09 09", "2026-10-12 09"):
        await lives.time_passes(number, day)
    cards = {
        row.what: row.at for row in await lives.history(number) if row.what.startswith("card:")
    }
    assert cards["card:yellow"] < due < cards["card:red"]
    assert (await prove(lives.database)).faults == []


async def test_shall_is_done_and_may_is_proposed(lives: Lives) -> None:
    async with lives.database.transaction() as session:
        wanted = CitySetting(handle_limit="3wd")
        await change_setting(session, "heze", wanted, actor=SYSTEM, now=china("2026-09-01 08"))
    shall = await lives.given("heze", "2026-09-07 10")
    may = await lives.given("lishui", "2026-09-07 10", unit="城管局")
    await lives.time_passes(shall, "2026-09-11 08")
    await lives.time_passes(may, "2026-09-30 08")
    told = [(row.what, row.actor) for row in await lives.history(shall)]
    assert ("overdue", "system") in told
    assert ("supervise", "system") in told
    assert "supervise" not in [row.what for row in await lives.history(may)]
    proposed = (await lives.seen(may, "2026-09-30 09")).ticket.obligations["supervise"]
    assert not proposed.must
    await lives.time_passes(shall, "2026-09-12 08")
    assert [row.what for row in await lives.history(shall)].count("supervise") == 1
    assert (await prove(lives.database)).faults == []


async def test_heze_has_a_limit_only_when_the_city_sets_one(lives: Lives) -> None:
    without = await lives.given("heze", "2026-09-07 10")
    assert "handle" not in (await lives.seen(without, "2026-09-07 11")).ticket.clocks
    async with lives.database.transaction() as session:
        wanted = CitySetting(provincial_default=True)
        await change_setting(session, "heze", wanted, actor=SYSTEM, now=china("2026-09-07 12"))
    with_it = await lives.given("heze", "2026-09-07 13")
    clock = (await lives.seen(with_it, "2026-09-07 14")).ticket.clocks["handle"]
    assert clock.limit == "5wd"
    # The earlier one keeps what it was registered with.
    assert "handle" not in (await lives.seen(without, "2026-09-07 14")).ticket.clocks
    assert (await prove(lives.database)).faults == []


async def announce(lives: Lives, at: str, off: list[str], worked: list[str], edition: int) -> None:
    days = Year(
        2027, [date.fromisoformat(d) for d in off], [date.fromisoformat(d) for d in worked], "通知"
    )
    async with lives.database.transaction() as session:
        await replace_year(session, days, edition=edition, actor=SYSTEM, now=china(at))


async def test_a_year_that_is_announced_moves_the_limits_that_reach_it(lives: Lives) -> None:
    number = await lives.given("lishui", "2026-12-28 10")
    closed = await lives.given("lishui", "2026-12-28 10")
    await lives.does(
        closed,
        "request_close",
        "2026-12-28 15",
        unit="住建局",
        reply="已办理并告知",
        evidence=["录音"],
    )
    before = (await lives.seen(number, "2026-12-28 11")).ticket.clocks["handle"]
    assert before.provisional
    assert before.due.date() == date(2027, 1, 6)
    await announce(lives, "2026-12-29 09", ["2027-01-01"], ["2027-01-02"], edition=1)
    # Whoever looks sees it at once; the timer writes it down.
    seen = (await lives.seen(number, "2026-12-29 10")).ticket.clocks["handle"]
    assert (seen.due.date(), seen.provisional) == (date(2027, 1, 6), False)
    assert number in await in_turn(lives, "2026-12-29 10")
    await lives.time_passes(number, "2026-12-29 10")
    await announce(lives, "2026-12-29 12", ["2027-01-01", "2027-01-04"], [], edition=2)
    await lives.time_passes(number, "2026-12-29 13")
    after = (await lives.seen(number, "2026-12-29 14")).ticket.clocks["handle"]
    assert after.due.date() == date(2027, 1, 8)
    moves = [row for row in await lives.history(number) if row.what == "clock:handle"]
    assert [(row.calendar, row.detail["by"]) for row in moves] == [(2, "calendar"), (3, "calendar")]
    assert number not in await in_turn(lives, "2026-12-29 14")
    assert "clock:handle" not in [row.what for row in await lives.history(closed)]
    assert (await prove(lives.database)).faults == []


async def test_a_ticket_whose_rules_are_gone_holds_up_nobody(lives: Lives) -> None:
    lost = await lives.given("lishui", "2026-09-30 10")
    fine = await lives.given("lishui", "2026-09-30 11")
    async with lives.database.transaction() as session:
        (await Cases(session).get(lost)).rules_version = "lishui-1999-01-01"
    for number in await in_turn(lives, "2026-10-10 00"):
        await let_pass(lives.database, [number], now=china("2026-10-10 00"))
    assert await in_turn(lives, "2026-10-10 01") == []
    assert "deemed_accepted" in [row.what for row in await lives.history(fine)]
    assert [fault.ticket_id for fault in (await prove(lives.database)).faults] == [lost]


async def test_an_emergency_s_hours_are_told_when_they_end(lives: Lives) -> None:
    number = await lives.draft("huizhou", "2026-09-07 10")
    await lives.does(number, "register", "2026-09-07 10", urgency="emergency_major")
    await lives.does(number, "dispatch", "2026-09-07 10", unit="应急管理局")
    clocks = (await lives.seen(number, "2026-09-07 10")).ticket.clocks
    on_site = clocks["on_site"]
    assert on_site.due < clocks["reply"].due
    timers = [await next_at(lives, number)]
    # Hour by hour the timer comes when something is due, and only then.
    for hour in range(11, 20):
        if number in await in_turn(lives, f"2026-09-07 {hour}"):
            await lives.time_passes(number, f"2026-09-07 {hour}")
            timers.append(await next_at(lives, number))
    assert len(timers) == len(set(timers)) > 2
    told = {row.what: row for row in await lives.history(number)}
    assert told["due:on_site"].at == on_site.due
    assert told["due:on_site"].detail["article"] == on_site.article
    assert {"card:yellow", "card:red"} < set(told)
    assert (await prove(lives.database)).faults == []


async def test_what_shall_be_done_over_many_tickets_is_done_once(lives: Lives) -> None:
    lamp = {"fields": {"topic": {"value": "城乡建设/路灯"}}}
    numbers = [await lives.given("heze", "2026-09-07 10", **lamp) for _ in range(3)]
    now = china("2026-09-08 10")
    done = await do_what_shall_be_done(lives.database, "heze", now=now)
    assert {each.ticket_id for each in done} == set(numbers)
    assert {each.trigger for each in done} == {"same_requester_repeat"}
    assert await do_what_shall_be_done(lives.database, "heze", now=now) == []
    last = (await lives.history(numbers[0]))[-1]
    assert (last.what, last.actor) == ("supervise", "system")
    assert last.detail["fields"]["trigger"] == "same_requester_repeat"
    assert (await prove(lives.database)).faults == []


async def test_one_that_cannot_go_on_does_not_hold_up_the_others(lives: Lives) -> None:
    well = await lives.given("lishui", "2026-09-30 10")
    broken = await lives.given("lishui", "2026-09-30 10", unit="城管局")
    async with lives.database.transaction() as session:
        (await Cases(session).get(broken)).rules_version = "lishui-1900-01-01"
    both = sorted([well, broken])
    done = await let_pass(lives.database, both, now=china("2026-10-09 01"))
    assert (done[well], done[broken]) == (["deemed_accepted"], [])
    assert await in_turn(lives, "2026-10-09 02") == []
    assert await next_at(lives, broken) == ""


async def test_a_new_table_is_counted_for_many_at_once(lives: Lives) -> None:
    numbers = [await lives.given("lishui", "2026-12-28 10", unit=f"{n}局") for n in range(3)]
    await announce(lives, "2026-12-28 12", ["2027-01-01"], [], 1)
    assert sorted(await in_turn(lives, "2026-12-28 13")) == sorted(numbers)
    done = await let_pass(lives.database, numbers, now=china("2026-12-28 13"))
    assert all("clock:handle" in told for told in done.values())
    assert await in_turn(lives, "2026-12-28 14") == []
    assert (await prove(lives.database)).faults == []
