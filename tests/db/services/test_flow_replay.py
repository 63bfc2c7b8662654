"""Past calls through a draft: the same flow changes nothing, another one shows where they part."""

from datetime import UTC, datetime, timedelta

from callflow import step as interpreter
from callflow.events import (
    Done,
    Event,
    HungUp,
    KeysPressed,
    MessageTaken,
    NobodyAnswered,
    Talked,
    dumped,
)
from callflow.flow import Flow, from_library
from callflow.nodes.base import Facts
from ivr.session import STATE
from services import calls
from services.flow_replay import recorded_calls, replayed
from services.journal import Record
from storage.database import Database

T0 = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
FACTS = Facts("13800000000", "12345", "261122557010")
FLOW = from_library("default")
TALKED: list[Event] = [Done(), Done(), Talked("1001", 20.0), KeysPressed("1"), Done()]
NIGHT: list[Event] = [
    Done(), Done(), NobodyAnswered(logged_in=False), Done(), MessageTaken(9.0, ""), Done(), Done(),
]  # fmt: skip
GONE: list[Event] = [Done(), Done(), HungUp()]


async def given_call(database: Database, number: int, events: list[Event]) -> None:
    """A call of the default flow, as its session journals it."""
    call_id, seq, at = f"hl1-{number}.1", 0, T0 + timedelta(hours=number)

    async def fact(kind: str, **body: object) -> None:
        nonlocal seq
        async with database.transaction() as session:
            await calls.apply(session, Record(call_id, seq, at, kind, dict(body)))
        seq += 1

    await fact(
        "started", caller=FACTS.caller, dialled="12345", ticket_number=f"2611225570{number:02d}",
        flow="default", flow_version=1,
    )  # fmt: skip
    step = interpreter.begin(FLOW, FACTS, at)
    await fact("stepped", state=STATE.dump_python(step.state, mode="json"))
    for event in events:
        at += timedelta(seconds=5)
        step = interpreter.step(FLOW, step.state, event, at)
        state = STATE.dump_python(step.state, mode="json")
        await fact("stepped", state=state, event=dumped(event))
    await fact("ended", outcome="agent", live_complete=True, recovered=False, length_s=60.0)


async def test_the_same_flow_changes_nothing(database: Database) -> None:
    for number, events in enumerate((TALKED, NIGHT, GONE)):
        await given_call(database, number, events)
    async with database.session() as session:
        known = await recorded_calls(session, "default")
    assert len(known) == 3
    for call in known:
        found = replayed(FLOW, call)
        assert (found.path_now, found.parted_at) == (found.path, "")
        assert not found.ends_differently


def changed(**nodes: object) -> Flow:
    raw = FLOW.model_dump(mode="json", by_alias=True)
    return Flow.model_validate({**raw, "nodes": {**raw["nodes"], **nodes}})


async def test_a_call_that_would_end_differently_is_told_with_both_ways(
    database: Database,
) -> None:
    for number, events in enumerate((TALKED, NIGHT)):
        await given_call(database, number, events)
    without_survey = changed(
        people={"type": "queue", "answered": "farewell", "otherwise": "ask"},
        survey={"type": "survey", "say": ["x"], "rated": "rated", "otherwise": "farewell"},
    )
    async with database.session() as session:
        known = {call.call_id: call for call in await recorded_calls(session, "default")}
    talked = replayed(without_survey, known["hl1-0.1"])
    assert talked.ends_differently
    assert talked.parted_at == "farewell"
    assert talked.notes_now == {"seat": "1001"}
    assert not replayed(without_survey, known["hl1-1.1"]).ends_differently


async def test_a_prompt_more_is_no_other_end_but_a_question_is(database: Database) -> None:
    await given_call(database, 0, TALKED)
    async with database.session() as session:
        (call,) = await recorded_calls(session, "default")
    longer = changed(
        greeting={"type": "say", "say": ["greeting"], "then": "more"},
        more={"type": "say", "say": ["key-hint"], "then": "people"},
    )
    more = replayed(longer, call)
    assert more.parted_at == "more"
    assert not more.ends_differently
    asks = changed(
        greeting={"type": "message", "taken": "people", "empty": "people"},
    )
    found = replayed(asks, call)
    assert (found.unanswered, found.ends_differently) == ("TakeMessage", True)
