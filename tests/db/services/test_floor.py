"""What supervisors set: stored, audited, taken over by the engine, kept for a start without it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.callers.emergency import Service
from domain.queueing.call_backs import CallBack, Cause, State, begun
from domain.queueing.policy import Drill, Policy
from domain.queueing.roster import Duty
from domain.queueing.rules import CallBackOffer, Overflow, OverflowTo, QueueRule, Relaxation
from domain.queueing.seats import SeatKind
from services import calls
from services.actor import Actor
from services.floor import (
    QueueStays,
    QueueUnknown,
    add_duty,
    call_off_duty,
    delete_queue,
    queue_rules,
    register_priority,
    set_policy,
    set_queue,
)
from services.floor_records import FloorRecords
from services.floor_shelf import FloorSettings, FloorShelf
from services.statistics import (
    Span,
    TimeRefused,
    agent_sheet,
    as_csv,
    as_xlsx,
    of_agents,
    of_queues,
)
from storage.database import Database
from storage.repositories.floor import CallBacks, DutyNotFound, FloorEvents
from storage.repositories.seats import SeatEvents
from storage.tables.audit import AuditRow
from storage.tables.priority_caller import PriorityCallerRow
from tests.db.services.given import NOW, Facts

CHEN = Actor("account:chen", "10.0.0.1")
MEDICAL = QueueRule(
    "medical",
    "医保专席",
    needs={"medical": 3},
    relaxations=(Relaxation(timedelta(seconds=30), {"medical": 1}),),
    overflows=(Overflow(OverflowTo.QUEUE, "general", timedelta(seconds=90)),),
    announce_every=timedelta(seconds=45),
    call_back=CallBackOffer(timedelta(seconds=60)),
)
DUTY = Duty("zhao", SeatKind.EXPERT, "medical", "市医保局", NOW, NOW + timedelta(hours=2))


async def set_everything(database: Database) -> Policy:
    policy = Policy(
        words={"井盖塌了": Service.FIRE}, drill=Drill(("13800000000",), NOW + timedelta(hours=1))
    )
    async with database.transaction() as session:
        await set_queue(session, MEDICAL, actor=CHEN, now=NOW)
        await set_policy(session, policy, actor=CHEN, now=NOW)
        await add_duty(session, DUTY, actor=CHEN, now=NOW)
        row = PriorityCallerRow(caller="13911112222", note="高龄", set_at=NOW, set_by=CHEN.name)
        await register_priority(session, row, actor=CHEN, now=NOW)
    return policy


async def test_the_engine_works_by_what_was_set_also_without_the_database(
    database: Database, tmp_path: Path
) -> None:
    policy = await set_everything(database)
    told: list[FloorSettings] = []
    file = tmp_path / "flows" / "floor.json"
    shelf = FloorShelf(database, file, lambda: NOW)
    shelf.on_changed = told.append
    await shelf.refresh()
    await shelf.refresh()  # nothing new
    assert len(told) == 1
    later = FloorShelf(Database("sqlite+aiosqlite:////nowhere/at/all.db"), file, lambda: NOW)
    later.load()
    for settings in (shelf.settings, later.settings):
        assert {rule.name for rule in settings.queues} == {"general", "medical"}
        assert MEDICAL in settings.queues
        assert settings.policy == policy
        assert settings.duties == (DUTY,)
        assert settings.goes_first("13911112222", NOW)
        assert not settings.goes_first("13900000000", NOW)
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{")
    later.load()  # unreadable: what is in force stays
    assert later.settings.policy == policy


async def test_every_change_is_in_the_trail_without_the_number(database: Database) -> None:
    await set_everything(database)
    async with database.session() as session:
        rows = (await session.scalars(select(AuditRow).order_by(AuditRow.id))).all()
    assert [row.action for row in rows] == [
        "queue.set",
        "floor.policy",
        "roster.set",
        "priority_caller.set",
    ]
    assert "13911112222" not in str([vars(row) for row in rows])


async def test_queues_that_others_need_stay(database: Database) -> None:
    async with database.transaction() as session:
        nowhere = Overflow(OverflowTo.QUEUE, "nowhere", timedelta(seconds=1))
        wrong = QueueRule("a", overflows=(nowhere,))
        with pytest.raises(QueueUnknown, match="there are general"):
            await set_queue(session, wrong, actor=CHEN, now=NOW)
        await set_queue(session, QueueRule("general", "综合"), actor=CHEN, now=NOW)
        await set_queue(session, QueueRule("night"), actor=CHEN, now=NOW)
        to_night = QueueRule("day", overflows=(Overflow(OverflowTo.QUEUE, "night", closed=True),))
        await set_queue(session, to_night, actor=CHEN, now=NOW)
        for name in ("general", "night"):
            with pytest.raises(QueueStays):
                await delete_queue(session, name, actor=CHEN, now=NOW)
        await delete_queue(session, "day", actor=CHEN, now=NOW)
        assert [rule.name for rule, _ in await queue_rules(session)] == ["general", "night"]


async def test_a_duty_is_called_off_once(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        await set_queue(session, MEDICAL, actor=CHEN, now=NOW)
        row = await add_duty(session, DUTY, actor=CHEN, now=NOW)
        await call_off_duty(session, row.id, "病假", actor=CHEN, now=NOW)
        with pytest.raises(DutyNotFound):
            await call_off_duty(session, row.id, "病假", actor=CHEN, now=NOW)
        with pytest.raises(QueueUnknown):
            await add_duty(session, Duty(**{**vars(DUTY), "queue": "x"}), actor=CHEN, now=NOW)
    shelf = FloorShelf(database, tmp_path / "floor.json", lambda: NOW)
    await shelf.refresh()
    assert shelf.settings.duties == ()


async def test_call_backs_follow_the_journal_in_any_order(database: Database) -> None:
    records = FloorRecords()
    first = CallBack(
        "c1", "c1", "13800000000", "general", Cause.OFFERED, NOW, NOW, NOW + timedelta(hours=2)
    )
    second = begun(first, "1001")
    lines = [
        records.call_back(first, NOW),
        records.call_back(second, NOW),
        records.event("broadcast", NOW, text="请注意", queues=[], by="chen"),
    ]
    async with database.transaction() as session:
        assert [await calls.apply(session, line) for line in lines] == [True, True, True]
        assert [await calls.apply(session, line) for line in lines] == [False, False, False]
        row = await CallBacks(session).get("c1")
        assert (row.state, row.attempts, row.leg) == (State.DIALLING, 1, "c1-b1")
        assert [one.id for one in await CallBacks(session).listed(["dialling"])] == ["c1"]
        assert await CallBacks(session).listed(["waiting"]) == []
        (event,) = await FloorEvents(session).latest("broadcast")
        assert event.body["text"] == "请注意"


async def test_statistics_are_counted_from_facts_and_leave_as_files(database: Database) -> None:
    for place, answered in enumerate((True, True, False)):
        facts = Facts(f"hl1-1.{place}", f"26112255800{place}").add("queued", queue="general")
        if answered:
            facts.add("answered", seat="1001").add("talked", seat="1001", from_s=2.0, to_s=12.0)
        facts.ended("agent" if answered else "abandoned")
        await facts.into(database)
    seat = {"seat": "1001", "reason": "", "call_id": "", "login": None, "lasted_s": 0.0}
    changes = [(0, "logged_in", "logged_out", "ready"), (60, "paused", "ready", "paused")]
    async with database.transaction() as session:
        for seq, (at_s, event, before, after) in enumerate(changes):
            at = NOW + timedelta(seconds=at_s)
            values = {**seat, "agent": "=li", "event": event, "before": before, "after": after}
            await SeatEvents(session).append({**values, "seq": seq, "at": at})
        owed = CallBack(
            "c1", "c1", "138", "general", Cause.LOST, NOW, NOW, NOW, state=State.REACHED
        )
        await calls.apply(session, FloorRecords().call_back(owed, NOW))
    span = Span(NOW, NOW + timedelta(minutes=2))
    async with database.session() as session:
        (queue,) = await of_queues(session, span, "total", NOW.tzinfo or NOW.astimezone().tzinfo)
        agents = await of_agents(session, span)
        hours = await of_queues(session, span, "hour", NOW.tzinfo or NOW.astimezone().tzinfo)
    assert (queue.asked, queue.answered, queue.within_goal, queue.abandoned) == (3, 2, 2, 1)
    assert (queue.mean_wait_s, queue.mean_talk_s) == (1.0, 10.0)
    assert (queue.call_backs, queue.call_backs_reached) == (1, 1)
    assert [one.asked for one in hours] == [3]
    assert [(one.agent, one.ready_s, one.paused_s) for one in agents] == [("=li", 60.0, 60.0)]
    text = as_csv(agent_sheet(agents)).decode("utf-8-sig").splitlines()
    assert text[0].startswith("agent,logged_in_s")
    assert "签入总秒数" in text[1]
    assert text[2].startswith("'=li,120")  # no formula in anybody's spreadsheet
    assert as_xlsx(agent_sheet(agents)).startswith(b"PK")


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=32)])
def test_a_time_that_cannot_be_counted_is_refused(length: timedelta) -> None:
    with pytest.raises(TimeRefused):
        Span(NOW, NOW + length)
