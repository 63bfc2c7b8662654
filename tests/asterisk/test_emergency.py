"""110, 119, 120 and 122: by keys at any time, by words, and with everything of ours down."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.phone import PhoneFailed
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.sipp import EmergencyCentre
from tests.asterisk.speech import say, speakable


def reached(centre: EmergencyCentre, before: int) -> None:
    until(lambda: centre.answered() > before or None, within_s=25, saying="110 was not reached")


def asked_about(hotline: Hotline, number: str) -> str:
    """The emergency number of the question that the caller is asked now."""
    states = [line[4]["state"] for line in hotline.journal(number) if line[3] == "stepped"]
    return str(states[-1].get("asking", ""))


@pytest.mark.parametrize("node", ["people", "message"])
def test_keys_reach_the_police(
    hotline: Hotline, emergency_centre: EmergencyCentre, node: str
) -> None:
    """While waiting for a person, and instead of speaking after the tone."""
    number = {"people": "13911120001", "message": "13911120002"}[node]
    before = emergency_centre.answered()
    with ExitStack() as telephones:
        phone = telephones.enter_context(citizen(hotline, number))
        if node == "people":
            telephones.enter_context(agent(hotline, "1001", answers=False))
        phone.dial("12345")
        hotline.at_node(number, node)
        phone.pause(1.5)
        phone.press("110")
        reached(emergency_centre, before)
        phone.hang_up()
    assert hotline.call_of(number)["outcome"] == "emergency"
    assert hotline.draft_of(number)["caller"] == number


def test_words_reach_the_fire_brigade_drill_once_confirmed(
    hotline: Hotline, tmp_path: Path
) -> None:
    """The flow asks; 119 has no real line here: the caller hears that it is a drill."""
    wav, _ = speakable(say("快来人啊我家着火了", tmp_path / "fire.wav"), tmp_path)
    with citizen(hotline, "13911120003") as phone:
        phone.dial("12345")
        hotline.at_node("13911120003", "message")
        phone.pause(1.0)
        phone.speak(wav)
        until(
            lambda: asked_about(hotline, "13911120003") == "119",
            within_s=20,
            saying="the caller was not asked",
        )
        assert "emergency" in [line[3] for line in hotline.journal("13911120003")]
        phone.press("1")
        hotline.at_node("13911120003", "emergency-119", within_s=20)
        phone.pause(2)
        phone.hang_up()
    call = hotline.call_of("13911120003")
    assert call["outcome"] == "emergency"
    assert call["path"][-1] == "emergency-119"


def test_keys_reach_the_police_from_a_conversation(
    hotline: Hotline, emergency_centre: EmergencyCentre
) -> None:
    """The static dialplan does this, with the engine up or down."""
    before = emergency_centre.answered()
    with agent(hotline, "1001") as seat, citizen(hotline, "13911120004") as phone:
        phone.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        phone.pause(1)
        phone.press("110")
        reached(emergency_centre, before)
        until(
            lambda: hotline.bridge_of("PJSIP/citizen") == hotline.bridge_of("PJSIP/1004"),
            within_s=10,
            saying="the caller was not connected with 110",
        )
        phone.pause(1)
        phone.hang_up()
    until(
        lambda: hotline.bridge_of("PJSIP/1004") is None or None,
        within_s=10,
        saying="the line to 110 was left open",
    )
    assert hotline.call_of("13911120004")["outcome"] == "emergency"


@pytest.mark.timeout(240)  # with the start of the whole system, on a busy machine
def test_with_the_engine_down_the_fallback_reaches_110_and_an_agent(
    hotline: Hotline, emergency_centre: EmergencyCentre
) -> None:
    before = emergency_centre.answered()
    with agent(hotline, "1001") as seat, hotline.hold_down("engine"):
        with (
            citizen(hotline, "13911120005") as phone,
            citizen(hotline, "13911120008") as other,
        ):
            phone.dial("12345")
            other.dial("12345")
            phone.pause(13)  # the dialplan asks the engine for ten seconds
            phone.press("110")
            other.press("122")
            reached(emergency_centre, before)
            until(
                lambda: (hotline.home / "spool" / "slips" / "trunk-down.marks").exists(),
                within_s=20,
                saying="no mark of the line that is down",
            )
            phone.hang_up()
            other.hang_up()
        with citizen(hotline, "13911120006") as phone:
            phone.dial("12345")
            seat.wait("CALL_ESTABLISHED", within_s=45)
            phone.pause(1)
            phone.hang_up()
    # Back again, it finds the calls that it never saw.
    for number in ("13911120005", "13911120006"):
        call = hotline.call_of(number, within_s=40)
        assert call["recovered"] is True
        assert hotline.draft_of(number)["call_id"] == call["call_id"]
    supervisor = Person(hotline, "zheng", "supervisor")
    alarm = until(
        lambda: next(
            (one for one in supervisor.ask("GET", "/floor/alarms")["alarms"]
             if one["kind"] == "trunk_down"), None),
        within_s=40,
        saying="no alarm of the line that was down while the engine was away",
    )  # fmt: skip
    assert alarm["number"] == "122"


@pytest.mark.parametrize("number", ["00862085551234", "1001", "110", "95588", "12345678"])
def test_a_citizen_can_dial_nothing_but_the_hotline(hotline: Hotline, number: str) -> None:
    with (
        citizen(hotline, "13911120007") as phone,
        pytest.raises(PhoneFailed, match="did not take the call: 404"),
    ):
        phone.dial(number)


def suspend(hotline: Hotline, number: str, call_id: str) -> None:
    """As people do: reminded and proposed by an agent, decided by a supervisor."""
    agent = Person(hotline, "li", "agent")
    supervisor = Person(hotline, "wang", "supervisor")
    conduct = {"call_id": call_id, "conduct": "insult"}
    agent.ask("POST", "/conduct/measures", status=201, measure="warn", note="已提醒", **conduct)
    proposed = agent.ask("POST", "/suspensions", status=201, reason="继续辱骂", **conduct)
    path = f"/suspensions/{proposed['id']}/decision"
    supervisor.ask("POST", path, suspend=True, days=7, reason="录音属实")
    until(
        lambda: number in (hotline.home / "flows" / "published.json").read_text() or None,
        within_s=20,
        saying="the engine did not hear of the suspension",
    )


def test_a_suspended_caller_hears_why_and_reaches_the_police(
    hotline: Hotline, emergency_centre: EmergencyCentre
) -> None:
    """Suspended while the engine runs; the next call is told so, the keys work all the same."""
    number = "13911120009"
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "greeting")
        phone.hang_up()
    suspend(hotline, number, hotline.call_of(number)["call_id"])
    before = emergency_centre.answered()
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "notice")
        phone.pause(1.0)
        phone.press("110")
        reached(emergency_centre, before)
        phone.hang_up()
