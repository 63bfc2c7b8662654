"""Citizens are rung back: once, by the offer, after a lost call, by an agent; and nobody else."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from telephony.ami.client import AmiAccess, AmiClient
from telephony.ami.message import AmiMessage
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.sipp import RungCitizen

RINGS_S = 8.0  # long enough for an engine to die and come back meanwhile
ALL_DAY = {"opens": "00:00", "closes": "23:59:59", "retry_after_s": 600, "lost_after_s": 1}
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def telephone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RungCitizen]:
    with RungCitizen(tmp_path_factory.mktemp("citizen"), RINGS_S) as one:
        yield one


@pytest.fixture(scope="module")
def system(telephone: RungCitizen) -> Iterator[Hotline]:
    dial = f"PJSIP/1004/sip:{{number}}@127.0.0.1:{telephone.port}"
    hotline = Hotline(HOTLINE_CALL_BACK_DIAL=dial)
    try:
        yield hotline.start()
    finally:
        hotline.remove()


@pytest.fixture(scope="module")
def chen(system: Hotline) -> Person:
    person = Person(system, "chen", "supervisor")
    person.ask("PUT", "/floor/policy", call_backs={**ALL_DAY, "lost": False})
    person.ask("PUT", "/queues/general", call_back={"after_s": 1})
    return person


@pytest.fixture
def li(system: Hotline, chen: Person) -> Iterator[Person]:
    """At seat 1001, paused: whoever calls waits."""
    person = Person(system, "li", "agent")
    with agent(system, "1001"):
        person.ask("POST", "/seats/1001/login", device="phone")
        person.ask("PUT", "/seats/1001/state", state="paused", reason="meal")
        yield person
        person.ask("POST", "/seats/1001/logout")


def one_of(person: Person, **wanted: Any) -> dict[str, Any] | None:
    path = "/call-backs?state=waiting&state=dialling&state=reached&state=failed&state=cancelled"
    found = person.ask("GET", path)["call_backs"]
    fits = [one for one in found if all(one[name] == value for name, value in wanted.items())]
    return fits[0] if fits else None


def becomes(person: Person, within_s: float = 30, **wanted: Any) -> dict[str, Any]:
    return until(
        lambda: one_of(person, **wanted),
        within_s=within_s,
        saying=lambda: f"no call-back {wanted}: {person.ask('GET', '/call-backs')}",
    )


def accepts(system: Hotline, number: str) -> str:
    """Calls, waits, presses the key of the offer; the call's id."""
    with citizen(system, number) as caller:
        caller.dial("12345")
        system.at_node(number, "people")
        until(
            lambda: "queued" in [line[3] for line in system.journal(number)],
            within_s=20,
            saying="the caller does not wait",
        )
        caller.pause(2.5)
        caller.press("1")
        caller.wait("CALL_CLOSED", within_s=40)
    call = system.call_of(number)
    assert call["outcome"] == "call_back"
    return str(call["call_id"])


def test_one_accepted_offer_is_one_ringing_also_when_the_engine_dies(
    system: Hotline, telephone: RungCitizen, chen: Person, li: Person
) -> None:
    """kill -9 between dial and answer: the citizen is rung once and speaks with the seat."""
    before = telephone.rung()
    call_id = accepts(system, "13911140001")
    waiting = becomes(chen, call_id=call_id, state="waiting", cause="offered")
    assert waiting["until"] > waiting["since"]
    assert telephone.rung() == before
    li.ask("PUT", "/seats/1001/state", state="ready")
    until(lambda: telephone.rung() != before, within_s=20, saying="the citizen was not rung")
    assert becomes(chen, call_id=call_id, state="dialling")["attempts"] == 1
    system.signal("engine", signal.SIGKILL)
    settled = becomes(chen, within_s=60, call_id=call_id, state="reached")
    assert settled["attempts"] == 1
    until(
        lambda: (li.seat("1001") or {}).get("state") == "talking",
        within_s=60,
        saying=lambda: f"nobody talks: {li.seat('1001')}" + system.logs(),
    )
    assert len(telephone.rung() - before) == 1
    new = system.get(f"/calls/{settled['leg']}")
    assert new["caller"].endswith("0001")
    system.asterisk("channel request hangup all")
    until(
        lambda: (li.seat("1001") or {}).get("state") == "wrap_up" or None,
        within_s=20,
        saying="the conversation does not end",
    )


def test_an_agent_rings_the_caller_of_an_earlier_call_back(
    system: Hotline, telephone: RungCitizen, chen: Person, li: Person
) -> None:
    with citizen(system, "13911140002") as caller:
        caller.dial("12345")
        system.at_node("13911140002", "people")
        caller.hang_up()
    call_id = system.call_of("13911140002")["call_id"]
    before = telephone.rung()
    made = li.ask("POST", "/seats/1001/call-back", status=202, call_id=call_id)
    assert made["leg"].startswith(call_id)
    reached = becomes(chen, within_s=40, id=made["id"], state="reached", cause="agent")
    assert (reached["seat"], reached["attempts"]) == ("1001", 1)
    assert len(telephone.rung() - before) == 1
    until(
        lambda: (li.seat("1001") or {}).get("call_id") == made["leg"] or None,
        within_s=30,
        saying=lambda: f"the seat does not speak: {li.seat('1001')}" + system.logs(),
    )
    system.asterisk("channel request hangup all")
    refused = li.ask("POST", f"/call-backs/{made['id']}/cancel", status=403, reason="太晚了")
    assert refused["error"] == "NotAllowed"
    late = chen.ask("POST", f"/call-backs/{made['id']}/cancel", status=409, reason="太晚了")
    assert late["error"] == "CallBackSettled"


def test_who_gave_up_waiting_is_owed_a_call(
    system: Hotline, telephone: RungCitizen, chen: Person, li: Person
) -> None:
    """漏接回拨, unless somebody speaks with the caller before."""
    chen.ask("PUT", "/floor/policy", call_backs={**ALL_DAY, "lost": True})
    before = telephone.rung()
    with citizen(system, "13911140003") as caller:
        caller.dial("12345")
        system.at_node("13911140003", "people")
        caller.pause(2.5)
        caller.hang_up()
    lost = becomes(chen, cause="lost", state="waiting")
    assert lost["caller"] == "139****0003"
    cancelled = chen.ask("POST", f"/call-backs/{lost['id']}/cancel", reason="已另行联系")
    assert (cancelled["state"], telephone.rung()) == ("cancelled", before)
    chen.ask("PUT", "/floor/policy", call_backs={**ALL_DAY, "lost": False})


def test_the_dialplan_rings_nobody_else(system: Hotline, telephone: RungCitizen) -> None:
    """Neither without an earlier call, nor for one that never came, nor from any telephone."""
    before = telephone.rung()
    wanted = ("", "callers-17638/never-came", "other/family", "13911140001")
    answers = asyncio.run(_rings_back(system, wanted))
    assert [answers[f"forged-{place}"] for place in range(len(wanted))] == ["Failure"] * 4
    with citizen(system, "13911140004") as phone, pytest.raises(Exception, match="did not take"):
        phone.dial("s")
    assert telephone.rung() == before


async def _rings_back(system: Hotline, wanted: tuple[str, ...]) -> dict[str, str]:
    """What the switch says when it is asked to ring back by these names."""
    secret = system.secrets["ami"]
    answers: dict[str, str] = {}
    ami = AmiClient(AmiAccess("127.0.0.1", system.port["ami"], "hotline", secret))

    async def answered(event: AmiMessage) -> None:
        answers[event.get("Uniqueid", "")] = event.get("Response", "")

    ami.on("OriginateResponse", answered)
    await ami.start()
    try:
        while not ami.connected:
            await asyncio.sleep(0.05)
        for place, name in enumerate(wanted):
            order = {
                "Action": "Originate",
                "Channel": "Local/s@call-back-out/n",
                "ChannelId": f"forged-{place}",
                "Application": "Wait",
                "Data": "1",
                "Async": "true",
                "Variable": [f"CALLED_BEFORE={name}", "NUMBER=13911140001", "RING_S=5"],
            }
            await ami.send(order)
        async with asyncio.timeout(20):
            while len(answers) < len(wanted):
                await asyncio.sleep(0.05)
    finally:
        await ami.close()
    return answers


def test_the_trunk_is_where_numbers_come_from(system: Hotline) -> None:
    """What may be rung is written down by the switch when a call comes in."""
    with citizen(system, "13911140005") as caller:
        caller.dial("12345")
        caller.pause(0.5)
        caller.hang_up()
    call_id = system.call_of("13911140005")["call_id"]
    assert "13911140005" in system.asterisk("database showkey " + call_id)
