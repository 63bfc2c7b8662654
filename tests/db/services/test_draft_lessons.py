"""Corrections in the database: learnt, shown in figures, used by the next draft, undone."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.learning.lessons import Lessons
from domain.tickets.status import TicketStatus
from services.actor import Actor
from services.draft_lessons import (
    NothingToForget,
    NothingToLearn,
    example_of,
    forget,
    learn,
    lessons_in_force,
)
from services.tickets import TicketEdit, edit_ticket
from storage.database import Database
from storage.repositories.audit import AuditFilter, AuditTrail
from storage.repositories.tickets import Tickets
from storage.tables.ticket import TicketRow
from tests.db.services.given import NOW

AGENT = Actor("account:li")
KILN = "村口那个砖窑夜里烧得人喘不上气"
PATH = "环境保护/环境污染/大气与油烟"


async def given_ticket(session: AsyncSession, number: int, text: str = KILN) -> str:
    ticket_id = f"261122{number:06d}"
    drafted = {"value": "农村农业", "confidence": 0.4, "spans": [], "rule": "words_of_the_topic"}
    address = {"value": "曹县", "parts": {"district": "曹县"}, "spans": [], "rule": "district"}
    Tickets(session).add(
        TicketRow(
            id=ticket_id,
            status=TicketStatus.DRAFT,
            city="heze",
            category="咨询",
            fields={"topic": drafted, "address": address},
            caller_text=f"{text}{number}",
            origin="api",
            created_at=NOW,
            updated_at=NOW,
            version=1,
        )
    )
    await session.flush()
    return ticket_id


async def given_corrected(session: AsyncSession, number: int) -> None:
    ticket_id = await given_ticket(session, number)
    edit = TicketEdit(
        version=1,
        category="建议",
        fields={"topic": PATH, "units": ["曹县砖窑整治办"]},
        status=TicketStatus.SUBMITTED,
    )
    await edit_ticket(session, ticket_id, edit, actor=AGENT, now=NOW)


async def test_corrections_become_lessons_with_figures(database: Database) -> None:
    async with database.transaction() as session:
        for number in range(12):
            await given_corrected(session, number)
        row = await learn(session, actor=AGENT, now=NOW)
    assert row.examples == 12
    for field in ("category", "topic", "units"):
        figures = row.figures[field]
        assert (figures["requests"], figures["adopted"]) == (12, True), field
        assert figures["after"] > figures["before"], field
    async with database.session() as session:
        lessons = await lessons_in_force(session)
        trail = await AuditTrail(session).page(
            AuditFilter(action="draft.learn"), limit=10, after=None
        )
    assert lessons.category["建议"]
    assert lessons.units[f"{PATH}|曹县"] == {"曹县砖窑整治办": 12}
    assert [entry.actor for entry in trail.rows] == [AGENT.name]


async def test_undo_brings_back_what_was_before(database: Database) -> None:
    async with database.transaction() as session:
        for number in range(6):
            await given_corrected(session, number)
        first = await learn(session, actor=AGENT, now=NOW)
        await given_corrected(session, 7)
        await learn(session, actor=AGENT, now=NOW)
        await forget(session, actor=AGENT, now=NOW)
        assert await lessons_in_force(session) == Lessons.of_json(first.lessons)
        await forget(session, actor=AGENT, now=NOW)
        assert await lessons_in_force(session) == Lessons()
        with pytest.raises(NothingToForget):
            await forget(session, actor=AGENT, now=NOW)


async def test_drafts_nobody_signed_teach_nothing(database: Database) -> None:
    async with database.transaction() as session:
        await given_ticket(session, 1)
        with pytest.raises(NothingToLearn):
            await learn(session, actor=AGENT, now=NOW)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("供电所", ("供电所",)),
        (["a", "b"], ("a", "b")),
        ({"value": ["a"]}, ("a",)),
        (7, ()),
        (None, ()),
    ],
)
def test_units_as_a_person_may_write_them(given: object, names: tuple[str, ...]) -> None:
    ticket = TicketRow(
        id="1",
        city="heze",
        category="投诉",
        caller_text="路灯",
        fields={"units": given, "topic": 3},
    )
    example = example_of(ticket)
    assert example.units == names
    assert (example.path, example.city, example.district) == ("", "菏泽", "")


async def test_a_name_that_agents_write_enters_the_city_s_places(database: Database) -> None:
    firm = "鼎盛汇"
    async with database.transaction() as session:
        for number in range(6):
            ticket_id = await given_ticket(session, number, f"曹县{firm}又停水了")
            edit = TicketEdit(
                version=1, fields={"address": f"曹县{firm}"}, status=TicketStatus.SUBMITTED
            )
            await edit_ticket(session, ticket_id, edit, actor=AGENT, now=NOW)
        row = await learn(session, actor=AGENT, now=NOW)
    places = row.figures["places"]
    assert (places["requests"], places["before"], places["after"]) == (6, 0.0, 1.0)
    async with database.session() as session:
        assert (await lessons_in_force(session)).places == {"菏泽": {firm: "poi"}}
    async with database.transaction() as session:
        await forget(session, actor=AGENT, now=NOW)
        assert not (await lessons_in_force(session)).places
