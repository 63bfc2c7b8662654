"""Shantou's second level over HTTP: a district's office signs, hands on and takes back."""

import pytest_asyncio
from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import Clock, SignIn
from tests.db.api.test_cases import Line, clock_of

OFFICE, UNIT = "金平区热线管理责任单位", "金平区城管局"
RETURNED = {"reason": "非职责", "basis": "三定方案", "suggested_unit": "金平区环保局"}
SIGNER = {"handler_name": "林某", "handler_contact": "0754-1"}


@pytest_asyncio.fixture
async def line(machine: AsyncClient, sign_in: SignIn, clock: Clock) -> Line:
    """Registered and given to the district's office."""
    people = {
        "agent": await sign_in(Role.AGENT),
        "dispatcher": await sign_in(Role.DISPATCHER),
        "office": await sign_in(Role.UNIT_HANDLER, Role.DISPATCHER, unit=OFFICE),
        "unit": await sign_in(Role.UNIT_HANDLER, Role.DISPATCHER, unit=UNIT),
    }
    line = await Line(machine, people, clock).draft("2021-03-01T09:59:00", city="shantou")
    await line.done("agent", "register", "2021-03-01T10:00:00")
    await line.done("dispatcher", "dispatch", "2021-03-01T11:00:00", unit=OFFICE)
    return line


async def test_the_office_signs_and_hands_on_to_a_unit_of_its_own(line: Line) -> None:
    await line.done("office", "sign", "2021-03-01T15:00:00", **SIGNER)
    case = await line.done("office", "dispatch", "2021-03-02T09:00:00", unit=UNIT)
    assert (case["unit"], case["state"]) == (UNIT, "dispatched")
    assert clock_of(case, "sign")["due"] == "2021-03-04T23:59:59+08:00"
    signed = await line.done("unit", "sign", "2021-03-02T10:00:00", **SIGNER)
    assert signed["state"] == "accepted"


async def test_what_its_unit_returns_the_office_decides(line: Line) -> None:
    await line.done("office", "dispatch", "2021-03-02T09:00:00", unit=UNIT)
    await line.done("unit", "request_return", "2021-03-03T10:00:00", **RETURNED)
    own = await line.does("unit", "decide_return", accept=True)
    assert (own.status_code, own.json()["article"]) == (409, "第九条"), own.text
    back = await line.done("office", "decide_return", "2021-03-03T15:00:00", accept=True)
    assert (back["unit"], back["state"]) == (OFFICE, "accepted")


async def test_the_office_returns_to_the_city_which_alone_decides(line: Line) -> None:
    await line.done("office", "request_return", "2021-03-02T09:00:00", **RETURNED)
    refused = await line.does("office", "decide_return", accept=True)
    assert (refused.status_code, refused.json()["article"]) == (409, "第九条"), refused.text
    back = await line.done("dispatcher", "decide_return", "2021-03-02T10:00:00", accept=True)
    assert back["state"] == "registered"


async def test_nobody_else_hands_on(line: Line) -> None:
    unseen = await line.does("unit", "dispatch", "2021-03-02T09:00:00", unit=UNIT)
    assert unseen.status_code == 404
    for verb, fields in (("designate", {"unit": UNIT}), ("decide_close", {"accept": True})):
        refused = await line.does("office", verb, **fields)
        assert refused.status_code == 409, refused.text
        assert refused.json()["article"] == "第九条"
        assert refused.json()["allowed"] == ["dispatch"]
    await line.done("office", "dispatch", "2021-03-02T09:30:00", unit=UNIT)
    for who in ("unit", "office"):
        again = await line.does(who, "dispatch", "2021-03-02T10:00:00", unit="金平区环保局")
        assert (again.status_code, again.json()["article"]) == (409, "第九条"), again.text
