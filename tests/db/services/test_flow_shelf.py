"""The engine's flows: the next call follows a publication, calls in progress keep their version."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from callflow.check import parts_of
from callflow.duration import Prompts
from callflow.flow import from_library
from services.actor import Actor
from services.flow_answers import FlowAnswers, HostNotAllowed
from services.flow_publishing import Publication, publish, rollback
from services.flow_routing import Route, set_route, turn_switch
from services.flow_shelf import DRAFT, FlowShelf, Ringing, Shelf
from services.flows import DraftEdit, create_flow, drawing_of, ensure_library, save_draft
from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.flows import Flows
from storage.repositories.suspensions import Suspensions
from storage.tables.call import CallRow
from storage.tables.suspension import SuspensionRow

T0 = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
EDITOR, PUBLISHER = Actor("account:editor"), Actor("account:publisher")
DEFAULT = from_library("default")
DRAWING = drawing_of(DEFAULT)
SOUNDS = Prompts(
    {"zh-CN": {str(part): 3.0 for node in DEFAULT.nodes.values() for part in parts_of(node)}}
)
CALL = Ringing("12345", "13800000000")


class Office:
    """A database with the product's flows, an engine's shelf, and a clock."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.now = T0
        self.file = folder / "published.json"
        self.shelf = self.another()

    def another(self) -> FlowShelf:
        return FlowShelf(self.database, self.file, default="default", now=lambda: self.now)

    async def save(self, title: str) -> int:
        async with self.database.transaction() as session:
            seen = (await Flows(session).get("default")).draft_version
            edit = DraftEdit({**DRAWING, "title": title}, seen)
            row = await save_draft(session, "default", edit, actor=EDITOR, now=self.now)
            return row.draft_version

    async def published(self, title: str, *, after: timedelta = timedelta()) -> int:
        seen = await self.save(title)
        publication = Publication(seen, "试验", self.now + after)
        async with self.database.transaction() as session:
            row = await publish(
                session, "default", publication, prompts=SOUNDS, actor=PUBLISHER, now=self.now
            )
            return row.number

    async def route(self, route: Route) -> None:
        async with self.database.transaction() as session:
            await set_route(session, route, actor=PUBLISHER, now=self.now)


@pytest_asyncio.fixture
async def office(database: Database, tmp_path: Path) -> Office:
    await ensure_library(database, now=T0)
    office = Office(database, tmp_path)
    await office.shelf.refresh()
    return office


async def test_the_next_call_gets_what_was_published_and_rolled_back(office: Office) -> None:
    assert office.shelf.for_call(CALL).version == 1
    assert await office.published("新") == 2
    await office.shelf.refresh()
    assert (office.shelf.for_call(CALL).version, office.shelf.for_call(CALL).title) == (2, "新")
    running = office.shelf.of("default", 1)
    assert running is not None
    assert running.version == 1
    async with office.database.transaction() as session:
        await rollback(session, "default", 1, "有误", actor=PUBLISHER, now=office.now)
    await office.shelf.refresh()
    assert office.shelf.for_call(CALL).version == 1
    assert office.shelf.of("default", 2) is not None


async def test_a_planned_release_counts_from_its_time_without_the_database(office: Office) -> None:
    await office.published("明天", after=timedelta(hours=9))
    await office.shelf.refresh()
    assert office.shelf.for_call(CALL).version == 1
    office.now += timedelta(hours=10)
    assert office.shelf.for_call(CALL).version == 2


async def test_test_telephones_reach_the_draft(office: Office) -> None:
    await office.route(Route("default", caller="13911112222"))
    await office.save("草稿")
    await office.shelf.refresh()
    tester = Ringing("12345", "13911112222")
    assert office.shelf.for_call(tester).title == "草稿"
    assert office.shelf.for_call(tester).version == DRAFT
    assert office.shelf.for_call(CALL).title != "草稿"
    async with office.database.transaction() as session:
        row = await Flows(session).get("default")
        edit = DraftEdit({"nodes": {}}, row.draft_version)
        await save_draft(session, "default", edit, actor=EDITOR, now=office.now)
    await office.shelf.refresh()
    assert office.shelf.for_call(tester).version == 1, "half drawn: what is published answers"


async def test_the_most_exact_route_counts(office: Office) -> None:
    async with office.database.transaction() as session:
        for name in ("english", "web"):
            flows = Flows(session)
            row = await flows.get("default")
            await create_flow(session, name, row.draft, actor=EDITOR, now=office.now)
            await publish(
                session, name, Publication(1, "试验"), prompts=SOUNDS, actor=PUBLISHER,
                now=office.now,
            )  # fmt: skip
    await office.route(Route("english", dialled="96001"))
    await office.route(Route("web", channel="browser"))
    await office.shelf.refresh()
    assert office.shelf.for_call(CALL).name == "default"
    assert office.shelf.for_call(Ringing("96001", "1")).name == "english"
    assert office.shelf.for_call(Ringing("1", "1", "browser")).name == "web"
    assert office.shelf.for_call(Ringing("96001", "1", "browser")).name == "english"


async def test_without_the_database_the_last_published_flow_answers(office: Office) -> None:
    await office.published("最后")
    await office.shelf.refresh()
    restarted = office.another()
    restarted.load()
    assert restarted.for_call(CALL).title == "最后"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"routes": 1}', "{}"])
async def test_a_broken_file_is_no_reason_not_to_answer(office: Office, text: str) -> None:
    office.file.write_text(text)
    restarted = office.another()
    restarted.load()
    assert restarted.shelf == Shelf()
    assert restarted.for_call(CALL).name == "default"


async def test_switches_are_told_and_turned(office: Office, tmp_path: Path) -> None:
    answers = FlowAnswers(
        office.database,
        tmp_path / "sms.jsonl",
        frozenset(),
        lambda: office.shelf.shelf.switches,
        lambda: office.now,
    )
    await answers.set_switch({"name": "bad-weather", "on": "yes", "caller": "1"})
    await office.shelf.refresh()
    assert await answers.told_switches({}) == {"switch.bad-weather": True}
    async with office.database.transaction() as session:
        await turn_switch(session, "bad-weather", on=False, actor=PUBLISHER, now=office.now)
    await office.shelf.refresh()
    assert await answers.told_switches({}) == {}
    await answers.sms({"to": "138", "text": "单号"})
    assert '"text": "单号"' in (tmp_path / "sms.jsonl").read_text()
    with pytest.raises(HostNotAllowed, match="evil"):
        await answers.http({"url": "http://evil.example/x"})
    assert await answers.caller({"caller": "13800000000"}) == {"caller.suspended": False}
    assert await answers.ticket({"number": "000000000000"}) == {"ticket.found": False}


async def suspended(office: Office, caller: str) -> None:
    async with office.database.transaction() as session:
        call = CallRow(
            id="c.1", caller=caller, dialled="12345", ticket_number="261122557010", started_at=T0
        )
        Calls(session).add(call)
        await session.flush()
        row = SuspensionRow(
            caller=caller,
            city="hangzhou",
            rules_version="hangzhou-2023",
            article="第二十九条",
            conduct="insult",
            call_id="c.1",
            evidence=["c.1"],
            reason="提醒后继续辱骂",
            proposed_by="account:li",
            proposed_at=T0,
            decided_by="account:wang",
            decided_at=T0,
            ends_at=T0 + timedelta(days=7),
        )
        Suspensions(session).add(row)
    await office.shelf.refresh()


async def test_a_suspended_caller_is_told_so_until_it_ends_also_without_a_database(
    office: Office,
) -> None:
    await suspended(office, CALL.caller)
    told = office.shelf.for_call(CALL)
    assert told.name == "suspended"
    assert office.shelf.of(told.name, told.version) is told  # an engine that starts again goes on
    assert office.shelf.for_call(Ringing("12345", "13800000001")).name == "default"
    without_database = office.another()
    without_database.load()
    assert without_database.for_call(CALL).name == "suspended"
    office.now += timedelta(days=7, seconds=1)
    assert office.shelf.for_call(CALL).name == "default"


async def test_a_flow_with_a_block_check_of_its_own_decides_itself(office: Office) -> None:
    await suspended(office, CALL.caller)
    checking = {
        **DRAWING["nodes"],
        "greeting": {**DRAWING["nodes"]["greeting"], "then": "standing"},
        "standing": {
            "type": "block_check",
            "then": "people",
            "refused": "farewell",
            "failed": "people",
        },
    }
    async with office.database.transaction() as session:
        seen = (await Flows(session).get("default")).draft_version
        edit = DraftEdit({**DRAWING, "nodes": checking}, seen)
        row = await save_draft(session, "default", edit, actor=EDITOR, now=office.now)
        publication = Publication(row.draft_version, "试验", office.now)
        await publish(
            session, "default", publication, prompts=SOUNDS, actor=PUBLISHER, now=office.now
        )
    await office.shelf.refresh()
    assert (office.shelf.for_call(CALL).name, office.shelf.for_call(CALL).version) == ("default", 2)
