"""Transfers, three-way calls, consultations, supervisors: on a real switch, by who hears whom."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.phone import Phone
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.sipp import EmergencyCentre
from tests.asterisk.tones import hears, tone

# Far enough apart for a filter, and not keys (ITU-T Q.23).
CALLER_HZ, AGENT_HZ, OTHER_HZ = 500, 1100, 1800


class Scene:
    """A caller who talks with li at seat 1001; each party sounds a tone of its own."""

    def __init__(self, hotline: Hotline, stack: ExitStack, folder: Path, number: str) -> None:
        self.hotline, self.number = hotline, number
        self.tones = {hz: tone(folder / f"{hz}.wav", hz) for hz in (CALLER_HZ, AGENT_HZ, OTHER_HZ)}
        self.li = Person(hotline, f"li-{number}", "agent")
        self.seat = stack.enter_context(agent(hotline, "1001"))
        self.li.ask("POST", "/seats/1001/login", device="phone")
        stack.callback(self.li.ask, "POST", "/seats/1001/logout")
        self.becomes("1001", "ready")
        self.caller = stack.enter_context(citizen(hotline, number))
        self.caller.dial("12345")
        self.seat.wait("CALL_ESTABLISHED", within_s=20)
        self.becomes("1001", "talking")
        self.caller.speak(self.tones[CALLER_HZ])
        self.seat.speak(self.tones[AGENT_HZ])

    def becomes(self, seat: str, state: str) -> None:
        until(
            lambda: (self.li.seat(seat) or {}).get("state") == state or None,
            within_s=15,
            saying=lambda: f"{seat} did not become {state}: {self.li.seat(seat)}",
        )

    def hear_each_other(self, *phones: tuple[Phone, int]) -> None:
        """Each hears the tones of all others."""
        for phone, own in phones:
            for _, hz in phones:
                if hz != own:
                    until(
                        lambda phone=phone, hz=hz: hears(phone, hz) or None,
                        within_s=10,
                        saying=f"the one with {own} Hz does not hear {hz} Hz",
                    )

    def kinds(self) -> list[str]:
        return [line[3] for line in self.hotline.journal(self.number)]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_three_way_with_110_the_agent_may_leave(
    hotline: Hotline, emergency_centre: EmergencyCentre, stack: ExitStack, tmp_path: Path
) -> None:
    before = emergency_centre.answered()
    scene = Scene(hotline, stack, tmp_path, "13911200001")
    scene.li.ask("POST", "/seats/1001/three-way", number="110", briefing="文一路一号，有人受伤")
    until(lambda: emergency_centre.answered() > before, within_s=20, saying="110 was not reached")
    until(lambda: "guest_joined" in scene.kinds(), within_s=30, saying="110 did not join")
    scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ))
    scene.becomes("1001", "consulting")
    scene.li.ask("POST", "/seats/1001/leave")
    scene.becomes("1001", "wrap_up")
    assert hotline.bridge_of("PJSIP/citizen")
    assert hotline.bridge_of("PJSIP/1004")  # 110 stands in for that seat's line
    hangs_up(hotline, "PJSIP/1004")
    hotline.at_node(scene.number, "survey")  # the caller is not dropped in silence
    scene.caller.hang_up()
    until(
        lambda: hotline.bridge_of("PJSIP/1004") is None,
        within_s=10,
        saying="the line to 110 was left open",
    )
    call = hotline.call_of(scene.number)
    assert (call["outcome"], call["seat"]) == ("agent", "1001")


def hangs_up(hotline: Hotline, telephone: str) -> None:
    """Whoever is at this telephone, as the switch sees it."""
    lines = hotline.asterisk("core show channels concise").splitlines()
    leg = next(line.partition("!")[0] for line in lines if line.startswith(f"{telephone}-"))
    hotline.asterisk(f"channel request hangup {leg}")


def test_the_agent_gets_the_caller_back_from_an_emergency_service(
    hotline: Hotline, emergency_centre: EmergencyCentre, stack: ExitStack, tmp_path: Path
) -> None:
    """110 hangs up first: in a three-way call, after the agent left, and after the caller's key."""
    scene = Scene(hotline, stack, tmp_path, "13911200007")
    for leaves in (False, True):
        before = emergency_centre.answered()
        scene.li.ask("POST", "/seats/1001/three-way", number="110")
        until(
            lambda before=before: emergency_centre.answered() > before,
            within_s=20,
            saying="110 was not reached",
        )
        joined = 1 + leaves
        until(
            lambda joined=joined: scene.kinds().count("guest_joined") == joined,
            within_s=20,
            saying="110 did not join",
        )
        if leaves:
            scene.li.ask("POST", "/seats/1001/leave?back=true")
            scene.becomes("1001", "wrap_up")
        hangs_up(hotline, "PJSIP/1004")
        scene.becomes("1001", "talking")
        scene.seat.speak(scene.tones[AGENT_HZ])
        scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ))
    # No real line to 120 is set: an announcement answers, and hangs up when it has been said.
    scene.caller.press("120")
    until(
        lambda: "back_from_emergency" in scene.kinds(),
        within_s=30,
        saying="the caller did not come back",
    )
    scene.becomes("1001", "talking")
    scene.caller.speak(scene.tones[CALLER_HZ])
    scene.seat.speak(scene.tones[AGENT_HZ])
    scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ))
    scene.seat.hang_up()
    hotline.at_node(scene.number, "survey")
    scene.caller.hang_up()
    call = hotline.call_of(scene.number)
    assert (call["outcome"], call["seat"]) == ("emergency", "1001")
    assert scene.kinds().count("emergency") == 1  # the keys ring the alarm, too


def test_an_expert_is_asked_while_the_caller_hears_music_and_then_takes_over(
    hotline: Hotline, stack: ExitStack, tmp_path: Path
) -> None:
    scene = Scene(hotline, stack, tmp_path, "13911200002")
    scene.li.ask("PUT", "/seats/1001/mute", on=True)
    scene.li.ask("PUT", "/seats/1001/mute", on=False)
    expert = stack.enter_context(agent(hotline, "1003"))
    scene.li.ask("POST", "/seats/1001/consult", number="1003")
    expert.wait("CALL_ESTABLISHED", within_s=20)
    expert.speak(scene.tones[OTHER_HZ])
    scene.hear_each_other((scene.seat, AGENT_HZ), (expert, OTHER_HZ))
    until(
        lambda: not hears(scene.caller, AGENT_HZ) and not hears(scene.caller, OTHER_HZ),
        within_s=5,
        saying="the caller hears what is not for him",
    )
    scene.li.ask("POST", "/seats/1001/bring-in")
    scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ), (expert, OTHER_HZ))
    scene.li.ask("POST", "/seats/1001/leave")
    scene.becomes("1001", "wrap_up")
    scene.hear_each_other((scene.caller, CALLER_HZ), (expert, OTHER_HZ))
    expert.hang_up()
    hotline.at_node(scene.number, "survey")
    scene.caller.hang_up()


def test_a_caller_is_handed_over_to_another_seat(
    hotline: Hotline, stack: ExitStack, tmp_path: Path
) -> None:
    scene = Scene(hotline, stack, tmp_path, "13911200003")
    refused = scene.li.ask("POST", "/seats/1001/transfer", status=404, to_seat="9999")
    assert refused["error"] == "SeatUnknown"
    assert scene.li.ask("POST", "/seats/1001/transfer", status=422)["error"] == "BadOrder"
    other = stack.enter_context(agent(hotline, "1003"))
    scene.li.ask("POST", "/seats/1001/transfer", to_seat="1003")
    other.wait("CALL_ESTABLISHED", within_s=20)
    other.speak(scene.tones[OTHER_HZ])
    scene.becomes("1001", "wrap_up")
    scene.hear_each_other((scene.caller, CALLER_HZ), (other, OTHER_HZ))
    other.hang_up()
    hotline.at_node(scene.number, "survey")
    scene.caller.hang_up()
    call = hotline.call_of(scene.number)
    assert (call["outcome"], call["seat"]) == ("agent", "1003")
    assert scene.kinds().count("talked") == 2


def test_a_parked_caller_is_fetched(hotline: Hotline, stack: ExitStack, tmp_path: Path) -> None:
    scene = Scene(hotline, stack, tmp_path, "13911200004")
    call_id = scene.li.ask("POST", "/seats/1001/park")["leg"]
    assert scene.li.ask("GET", "/seats/conversations/parked")["parked"] == {call_id: "1001"}
    scene.becomes("1001", "wrap_up")
    scene.li.ask("PUT", "/seats/1001/state", state="ready")
    scene.li.ask("POST", "/seats/1001/fetch", call_id=call_id)
    scene.seat.wait("CALL_ESTABLISHED", within_s=20)
    scene.seat.speak(scene.tones[AGENT_HZ])
    scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ))
    scene.caller.hang_up()
    assert hotline.call_of(scene.number)["outcome"] == "agent"


def test_a_supervisor_listens_whispers_speaks_and_takes_over(
    hotline: Hotline, stack: ExitStack, tmp_path: Path
) -> None:
    scene = Scene(hotline, stack, tmp_path, "13911200005")
    chief = Person(hotline, "chief", "supervisor")
    phone = stack.enter_context(agent(hotline, "1003"))
    reason = "新话务员带教"
    refused = scene.li.ask("POST", "/seats/1001/listen", status=403, how="listen", reason=reason)
    assert refused["error"] == "NotAllowed"
    chief.ask("POST", "/seats/1003/login", device="phone")
    stack.callback(chief.ask, "POST", "/seats/1003/logout")
    chief.ask("PUT", "/seats/1003/state", state="paused", reason="training")
    heard_by = {"listen": (False, False), "whisper": (True, False), "barge": (True, True)}
    for how, (agent_hears, caller_hears) in heard_by.items():
        chief.ask("POST", "/seats/1001/listen", how=how, reason=reason)
        phone.wait("CALL_ESTABLISHED", within_s=20)
        phone.speak(scene.tones[OTHER_HZ])
        for hz in (CALLER_HZ, AGENT_HZ):
            until(lambda hz=hz: hears(phone, hz), within_s=10, saying=f"{how}: no {hz} Hz")
        for party, wanted in ((scene.seat, agent_hears), (scene.caller, caller_hears)):
            until(
                lambda party=party, wanted=wanted: hears(party, OTHER_HZ) is wanted,
                within_s=10,
                saying=f"{how}: the supervisor is heard by whom it should not, or not at all",
            )
        phone.hang_up()
    chief.ask("PUT", "/seats/1003/state", state="ready")
    chief.ask("POST", "/seats/1001/take-over", reason="来电人要求")
    phone.wait("CALL_ESTABLISHED", within_s=20)
    phone.speak(scene.tones[OTHER_HZ])
    scene.hear_each_other((scene.caller, CALLER_HZ), (phone, OTHER_HZ))
    scene.becomes("1001", "wrap_up")
    scene.caller.hang_up()
    auditor = Person(hotline, "auditor", "auditor")
    deeds = [one["action"] for one in auditor.ask("GET", "/audit")["entries"]]
    assert {"seat.listen", "seat.whisper", "seat.barge", "seat.take_over"} <= set(deeds)


def test_nobody_dials_what_is_not_allowed(
    hotline: Hotline, stack: ExitStack, tmp_path: Path
) -> None:
    scene = Scene(hotline, stack, tmp_path, "13911200006")
    for number in ("00862085551234", "95588"):
        refused = scene.li.ask("POST", "/seats/1001/three-way", status=422, number=number)
        assert refused["error"] == "NoTarget"
    assert scene.li.ask("POST", "/seats/1001/bring-in", status=409)["error"] == "NotInConversation"
    scene.hear_each_other((scene.caller, CALLER_HZ), (scene.seat, AGENT_HZ))
    scene.caller.hang_up()
