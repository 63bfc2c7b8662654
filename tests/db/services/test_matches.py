"""A fresh draft beside what is in the database: open tickets, knowledge entries."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from cli.knowledge import SAMPLES, read_entries
from services.actor import SYSTEM
from services.drafts import Place, draft_ticket
from services.knowledge import Entry, KnowledgeSearch, import_entries
from services.tickets import NewTicket, register_ticket
from storage.database import Database
from storage.repositories.tickets import Tickets
from tests.db.services.given import CALL_ID, NOW, NUMBER, Facts

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAID = "西湖区文三路一百二十号门口的路灯坏了好几天"


async def fields_after(database: Database) -> dict:
    await Facts().heard(SAID).ended().into(database)
    await draft_ticket(
        database,
        CALL_ID,
        knowledge=KnowledgeSearch(),
        place=Place("hangzhou", SHANGHAI),
        now=NOW,
    )
    async with database.session() as session:
        return (await Tickets(session).get(NUMBER)).fields


LAMPS = "城乡建设/市政设施"


async def given_open(database: Database, city: str, *, days_ago: int = 1) -> str:
    address = {"value": "文三路120号", "parts": {"road": "文三路", "number": "120号"}}
    new = NewTicket(city=city, caller_text="文三路一百二十号路灯不亮", fields={"address": address})
    async with database.transaction() as session:
        now = NOW - timedelta(days=days_ago)
        row, _ = await register_ticket(session, new, actor=SYSTEM, now=now, zone=SHANGHAI)
        return row.id


async def test_an_open_ticket_of_the_same_spot_is_a_likely_duplicate(database: Database) -> None:
    other = await given_open(database, "hangzhou")
    await given_open(database, "heze")
    await given_open(database, "hangzhou", days_ago=60)
    duplicates = (await fields_after(database))["duplicates"]
    assert duplicates["value"] == [other]
    assert duplicates["confidence"] == duplicates["scores"][0] >= 0.5
    assert duplicates["why"][0][0] == "place:文三路"


async def test_entries_that_may_answer_stand_in_the_draft(database: Database) -> None:
    entries = list(read_entries(SAMPLES.read_text("utf-8").splitlines()))
    async with database.transaction() as session:
        counts = await import_entries(session, entries, "hangzhou", actor=SYSTEM, now=NOW)
        again = await import_entries(session, entries, "hangzhou", actor=SYSTEM, now=NOW)
    assert (counts["new"], again["same"]) == (len(entries), len(entries))
    knowledge = (await fields_after(database))["knowledge"]
    assert knowledge["value"][0]["title"] == "路灯不亮报修"
    assert "路灯" in knowledge["why"][0]
    assert set(knowledge) >= {"value", "confidence", "spans", "rule"}


async def test_entries_of_other_cities_and_out_of_force_are_not_found(database: Database) -> None:
    known = KnowledgeSearch()
    today = NOW.date()
    old = Entry(
        "old", "路灯报修旧办法", "打旧电话", topic=LAMPS, valid_until=today - timedelta(days=1)
    )
    async with database.transaction() as session:
        elsewhere = Entry("a", "路灯报修", "打电话", city="heze", topic=LAMPS)
        await import_entries(session, [old, elsewhere], "hangzhou", actor=SYSTEM, now=NOW)
        assert await known.search(session, "路灯报修", city="hangzhou", today=today) == []
        here = Entry("a", "路灯报修", "扫码", city="hangzhou", topic=LAMPS)
        later = NOW + timedelta(seconds=1)
        await import_entries(session, [here], "hangzhou", actor=SYSTEM, now=later)
        (found,) = await known.search(session, "路灯报修", city="hangzhou", today=today)
    assert found.row.answer == "扫码"
