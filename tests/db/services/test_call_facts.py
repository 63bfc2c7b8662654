"""What the facts of a call mean for the database; each counts once, however often it is read."""

from datetime import timedelta

from services import calls
from services.journal import Record
from storage.database import Database
from storage.repositories.calls import CallEvents, Calls, Utterances
from tests.db.services.given import CALL_ID, NOW, NUMBER, Facts


def a_whole_call() -> Facts:
    facts = Facts().add("stepped", state={"path": ["answer"]})
    facts.heard("路灯不亮").add("ringing", seat="1001").add("answered", seat="1001")
    facts.add("talked", seat="1001", from_s=4.0, to_s=9.5)
    facts.add("stepped", state={"path": ["answer", "people", "end"]})
    facts.add("listened", side="caller", from_s=0.2, to_s=10.0, complete=True)
    return facts.ended("agent")


async def test_a_whole_call(database: Database) -> None:
    facts = a_whole_call()
    assert all(await facts.into(database))
    async with database.session() as session:
        call = await Calls(session).get(CALL_ID)
        (said,) = await Utterances(session).of_call(CALL_ID)
        events = await CallEvents(session).of_call(CALL_ID)
    assert (call.caller, call.dialled, call.ticket_number) == ("13800000000", "12345", NUMBER)
    assert (call.started_at, call.ended_at) == (NOW, NOW + timedelta(seconds=8))
    assert (call.outcome, call.live_complete, call.recovered) == ("agent", True, False)
    assert (call.seat, call.talked_from_s, call.talked_to_s) == ("1001", 4.0, 9.5)
    assert call.path == ["answer", "people", "end"]
    assert (said.side, said.source, said.text) == ("caller", "live", "路灯不亮")
    assert [(event.seq, event.kind, event.body) for event in events] == [
        (record.seq, record.kind, record.body) for record in facts.records
    ]


async def test_applied_again_nothing_changes(database: Database) -> None:
    await a_whole_call().into(database)
    assert await a_whole_call().into(database) == [False] * 9
    async with database.session() as session:
        assert len(await Utterances(session).of_call(CALL_ID)) == 1
        assert len(await CallEvents(session).of_call(CALL_ID)) == 9


async def test_an_old_fact_read_again_does_not_undo_a_later_one(database: Database) -> None:
    facts = a_whole_call()
    await facts.into(database)
    async with database.transaction() as session:
        assert not await calls.apply(session, facts.records[1])
    async with database.session() as session:
        assert (await Calls(session).get(CALL_ID)).path == ["answer", "people", "end"]


async def test_a_call_of_which_only_the_fallback_knows(database: Database) -> None:
    """No flow led it."""
    record = Record(
        CALL_ID, 0, NOW, "started", {"caller": "", "dialled": "12345", "ticket_number": NUMBER}
    )
    async with database.transaction() as session:
        assert await calls.apply(session, record)
    async with database.session() as session:
        assert (await Calls(session).get(CALL_ID)).flow is None
