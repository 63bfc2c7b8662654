"""Whatever is edited behind the program's back, `hotline db verify` finds it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from domain.cities.load import cities
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Refused
from services.actor import SYSTEM
from services.case_proof import prove
from services.cases import Deed, NotPossible, act, pass_time
from storage.database import Database
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_event import TicketEventRow
from tests.db.services.lives import Lives, china

E, T, C = TicketEventRow, TicketRow, TicketCaseRow


@pytest.fixture
def lives(database: Database) -> Lives:
    return Lives(database)


async def a_life(lives: Lives) -> str:
    number = await lives.given("lishui", "2026-09-30 10")
    await lives.does(number, "sign", "2026-09-30 12", unit="住建局")
    await lives.time_passes(number, "2026-10-20 09")
    await lives.does(
        number,
        "request_close",
        "2026-10-20 10",
        unit="住建局",
        reply="已更换路灯",
        evidence=["录音"],
    )
    return number


async def test_untouched_histories_are_proved(lives: Lives) -> None:
    await a_life(lives)
    await lives.draft("lishui", "2026-09-30 10")
    proof = await prove(lives.database)
    assert (proof.tickets, proof.faults) == (2, [])
    assert proof.entries == 9
    assert proof.digest == (await prove(lives.database)).digest


def at_entry(number: int, **values: Any) -> Callable[[str], Any]:
    return lambda ticket: (
        update(E).where(E.ticket_id == ticket, E.number == number).values(**values)
    )


EDITS: dict[str, Callable[[str], Any]] = {
    "actor": at_entry(3, actor="account:other"),
    "moment": at_entry(4, at=china("2026-09-30 11")),
    "recorded": at_entry(4, recorded_at=china("2026-09-30 11")),
    "what": at_entry(5, what="contact"),
    "detail": at_entry(4, detail={"by": "", "article": "", "reason": ""}),
    "rules": at_entry(2, rules_version=None),
    "calendar": at_entry(2, calendar=9),
    "version": at_entry(2, version=9),
    "hash": at_entry(6, hash="0" * 64),
    "taken out": lambda ticket: delete(E).where(E.ticket_id == ticket, E.number == 4),
    "cut short": lambda ticket: delete(E).where(E.ticket_id == ticket, E.number > 6),
    "head": lambda ticket: update(T).where(T.id == ticket).values(head="0" * 64),
    "state": lambda ticket: update(C).where(C.ticket_id == ticket).values(state="withdrawn"),
    "unit": lambda ticket: update(C).where(C.ticket_id == ticket).values(unit="城管局"),
    "settings": lambda ticket: update(C).where(C.ticket_id == ticket).values(settings={"x": 1}),
    "no state": lambda ticket: delete(C).where(C.ticket_id == ticket),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
async def test_every_edit_is_found(lives: Lives, edit: Callable[[str], Any]) -> None:
    good, number = await a_life(lives), await a_life(lives)
    async with lives.database.transaction() as session:
        await session.execute(edit(number))
    faults = (await prove(lives.database)).faults
    assert {fault.ticket_id for fault in faults} == {number}
    assert good != number


async def test_an_edited_snapshot_is_found_and_named(lives: Lives) -> None:
    number = await a_life(lives)
    async with lives.database.transaction() as session:
        case = (await session.scalars(select(C))).one()
        case.snapshot = {**case.snapshot, "reworks": 3}
    (fault,) = (await prove(lives.database)).faults
    assert (fault.ticket_id, "reworks" in fault.what) == (number, True)


async def test_a_chain_forged_to_its_end_shows_in_the_digest(lives: Lives) -> None:
    number = await a_life(lives)
    kept = (await prove(lives.database)).digest
    await lives.does(number, "visit", "2026-10-21 10", solved=True)
    assert (await prove(lives.database)).digest != kept


UNITS = st.sampled_from(["住建局", "城管局"])
TEXT = st.sampled_from(["理由", ""])
FLAG = st.booleans()
FIELDS: dict[Verb, dict[str, st.SearchStrategy[Any]]] = {
    Verb.DISPATCH: {"unit": UNITS},
    Verb.SIGN: {"unit": UNITS, "handler_name": TEXT, "handler_contact": TEXT},
    Verb.REQUEST_RETURN: {"unit": UNITS, "reason": TEXT, "basis": TEXT, "suggested_unit": UNITS},
    Verb.DECIDE_RETURN: {"accept": FLAG, "reason": TEXT},
    Verb.DESIGNATE: {"unit": UNITS},
    Verb.SUPPLEMENT: {"refused": FLAG, "asked": FLAG},
    Verb.REQUEST_EXTENSION: {"reason": TEXT, "plan": TEXT, "days": st.integers(1, 5),
                             "documents": st.just(["sealed_statement"])},
    Verb.DECIDE_EXTENSION: {"accept": FLAG},
    Verb.REQUEST_CLOSE: {"reply": st.just("已经更换路灯并告知"), "evidence": st.just(["录音"])},
    Verb.DECIDE_CLOSE: {"accept": FLAG, "reason": TEXT},
    Verb.REPLY_REQUESTER: {"reply": TEXT, "evidence": st.just(["短信"])},
    Verb.REPORT_STAGE: {"reason": TEXT, "report": TEXT},
    Verb.VISIT: {"solved": FLAG, "satisfied": FLAG, "contested": FLAG},
    Verb.RATE: {"level": st.sampled_from(["satisfied", "dissatisfied", "unsolved"])},
    Verb.ORDER_REWORK: {"ground": TEXT},
    Verb.DUPLICATE: {"new_facts": FLAG},
    Verb.SUPERVISE: {"trigger": st.just("overdue")},
}  # fmt: skip


@st.composite
def deeds(draw: st.DrawFn) -> list[tuple[int, Verb | None, dict[str, Any]]]:
    """(hours since the one before, verb or None: only the timer comes, fields)."""
    found = []
    for _ in range(draw(st.integers(3, 14))):
        hours = draw(st.sampled_from([0, 1, 5, 30, 100, 400]))
        verb = draw(st.sampled_from([None, Verb.CONTACT, Verb.WITHDRAW, *FIELDS]))
        fields = {name: draw(value) for name, value in FIELDS.get(verb, {}).items()} if verb else {}
        found.append((hours, verb, fields))
    return found


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(city=st.sampled_from(cities()), story=deeds())
@example(  # sent back after the limit had ended: it runs again and is over at once
    city="shantou",
    story=[
        (100, Verb.REQUEST_CLOSE, {"reply": "已经更换路灯并告知", "evidence": ["录音"]}),
        (400, Verb.DECIDE_CLOSE, {"accept": False, "reason": "理由"}),
    ],
)
async def test_replaying_the_stored_history_gives_the_stored_state(
    lives: Lives, city: str, story: list[tuple[int, Verb | None, dict[str, Any]]]
) -> None:
    start = "2026-09-29 09" if city != "shantou" else "2021-09-29 09"
    number = await lives.given(city, start)
    now: datetime = china(start)
    for hours, verb, fields in story:
        now += timedelta(hours=hours, minutes=1)
        try:
            async with lives.database.transaction() as session:
                if verb is None:
                    await pass_time(session, [number], now=now)
                else:
                    await act(session, number, Deed(verb, None, fields), actor=SYSTEM, now=now)
        except (NotPossible, Refused):
            continue
    assert (await prove(lives.database)).faults == []
