"""Figures over many tickets, and what they propose."""

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.tables.call import CallRow
from tests.db.api.people import Clock
from tests.db.api.test_cases import Line, given_dispatched, line

__all__ = ["line"]


def figure(body: list[dict[str, object]], name: str) -> dict[str, object]:
    return next(each for each in body if each["name"] == name)


async def test_figures_of_a_month(line: Line) -> None:
    closing = {"unit": "住建局", "reply": "路灯已更换", "evidence": ["录音"]}
    await given_dispatched(line)
    await line.done("unit", "sign", "2026-09-30T15:00:00", unit="住建局")
    await line.done("unit", "request_close", "2026-10-12T10:00:00", **closing)
    await given_dispatched(line)
    await line.done("unit", "request_close", "2026-10-20T10:00:00", **closing)
    where = "/assessments?city=lishui&from=2026-10-01&to=2026-10-31"
    answer = await line.people["supervisor"].get(where)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    on_time = figure(body["units"]["住建局"], "close_on_time_rate")
    assert (on_time["part"], on_time["whole"], on_time["share"]) == (1, 2, 0.5)
    assert on_time["definition"]
    assert figure(body["all_units"], "overdue_rate")["part"] == 1
    # Signed for in September before the limit of 8 October; the other by silence.
    signed = figure(body["all_units"], "sign_on_time_rate")
    assert (signed["part"], signed["whole"]) == (1, 2)
    assert (await line.people["supervisor"].get(f"{where}&unit=x")).json()["units"] == {}
    september = "/assessments?city=lishui&from=2026-09-01&to=2026-09-30"
    before = (await line.people["supervisor"].get(september)).json()
    assert figure(before["all_units"], "intake")["part"] == 2
    assert figure(before["all_units"], "close_on_time_rate")["share"] is None
    assert (await line.people["agent"].get(where)).status_code == 403


async def test_an_exempted_ticket_s_dissatisfaction_is_left_out(line: Line) -> None:
    closing = {"unit": "住建局", "reply": "依法不予支持", "evidence": ["录音"]}
    for exempted in (False, True):
        await given_dispatched(line)
        await line.done("unit", "request_close", "2026-10-12T10:00:00", **closing)
        await line.done("visitor", "visit", "2026-10-12T11:00:00", solved=True, satisfied=False)
        if exempted:
            await line.done(
                "dispatcher", "exempt", ground="unlawful_request", proof=["意见"], reviewer="赵"
            )
    where = "/assessments?city=lishui&from=2026-10-01&to=2026-10-31"
    body = (await line.people["supervisor"].get(where)).json()
    satisfied = figure(body["all_units"], "satisfaction_rate")
    assert (satisfied["part"], satisfied["whole"], satisfied["left_out"]) == (0, 1, 1)


async def test_connection_counts_those_who_asked_for_a_person(
    line: Line, database: Database, clock: Clock
) -> None:
    clock.now = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
    calls = [("a", ["greet", "people"], 12.0), ("b", ["greet", "people"], 40.0),
             ("c", ["greet", "people", "ask"], None), ("d", ["greet"], None)]  # fmt: skip
    async with database.transaction() as session:
        for name, path, talked in calls:
            row = CallRow(id=name, caller="1", dialled="12345", ticket_number=name, path=path,
                          started_at=clock.now, answered_at=clock.now, talked_from_s=talked,
                          ended_at=clock.now + timedelta(minutes=2))  # fmt: skip
            session.add(row)
    where = "/assessments?city=huizhou&from=2026-10-01&to=2026-10-31"
    body = (await line.people["supervisor"].get(where)).json()
    rate = figure(body["all_units"], "connection_rate")
    assert (rate["part"], rate["whole"], rate["goal"], rate["met"]) == (2, 3, 0.9, False)
    assert rate["article"] == "第二十六条"
    soon = figure(body["all_units"], "connection_within_15_s_rate")
    assert (soon["part"], soon["whole"]) == (1, 3)


async def test_proposals_are_made_and_end_when_somebody_acts(line: Line) -> None:
    await given_dispatched(line)
    await line.done("unit", "contact", "2026-10-20T10:00:00", unit="住建局")
    where = "/supervision/proposals?city=lishui"
    (proposal,) = (await line.people["supervisor"].get(where)).json()["proposals"]
    assert (proposal["ticket_id"], proposal["trigger"], proposal["must"]) == (
        line.id,
        "overdue",
        False,
    )
    await line.done("supervisor", "supervise", trigger="overdue", measure="电话督办")
    assert (await line.people["supervisor"].get(where)).json()["proposals"] == []
    assert (await line.people["agent"].get(where)).status_code == 403
