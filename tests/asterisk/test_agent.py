"""A citizen is put through to a person: both voices, in order, and a rating afterwards."""

from pathlib import Path

from asr.cer import character_errors
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import heard_right, say, speakable

QUESTION = "我想咨询社保卡怎么办理"
ANSWER = "小区里的路灯坏了半个月了"


def test_both_voices_are_written_down_in_order(hotline: Hotline, tmp_path: Path) -> None:
    question, question_s = speakable(say(QUESTION, tmp_path / "question.wav"), tmp_path)
    answer, answer_s = speakable(say(ANSWER, tmp_path / "answer.wav"), tmp_path)
    with agent(hotline, "1001") as seat, citizen(hotline, "13911110002") as caller:
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        caller.pause(0.5)
        caller.speak(question)
        caller.pause(question_s + 1)
        seat.speak(answer)
        seat.pause(answer_s + 1)
        seat.hang_up()
        hotline.at_node("13911110002", "survey")
        caller.pause(0.6)
        caller.press("1")
        caller.wait("CALL_CLOSED", within_s=20)
    draft = hotline.draft_of("13911110002")  # before it, what was not heard live is written down
    call = hotline.call_of("13911110002")
    assert (call["outcome"], call["seat"]) == ("agent", "1001")
    assert [one["side"] for one in call["transcript"]] == ["caller", "agent"]
    assert character_errors(QUESTION, draft["caller_text"]).rate <= 0.15
    assert character_errors(ANSWER, draft["agent_text"]).rate <= 0.15
    # Heard while it was spoken; a busy machine may have left the rest to the recordings.
    heard = [one[4] for one in hotline.journal("13911110002") if one[3] == "heard"]
    assert "live" in {one["source"] for one in heard}
    first, second = call["transcript"]
    assert call["talked_from_s"] <= first["start_s"] < first["end_s"] <= second["start_s"]
    assert second["end_s"] <= call["talked_to_s"] + 0.3
    notes = [
        one[4]["state"]["notes"] for one in hotline.journal("13911110002") if "state" in one[4]
    ]
    assert notes[-1]["satisfaction"] == "1"


def test_nobody_answers_then_the_machine_takes_it_down(hotline: Hotline, tmp_path: Path) -> None:
    """The seat rings for the waiting time of the flow; then the caller is not left waiting."""
    wav, length_s = speakable(say("路灯坏了", tmp_path / "lamp.wav"), tmp_path)
    with agent(hotline, "1002", answers=False) as seat, citizen(hotline, "13911110003") as caller:
        caller.dial("12345")
        seat.wait("CALL_INCOMING", within_s=15)
        hotline.at_node("13911110003", "message", within_s=40)
        caller.pause(1.0)
        caller.speak(wav)
        caller.pause(length_s + 1)
        caller.hang_up()
    assert hotline.call_of("13911110003")["outcome"] == "message"
    assert heard_right("路灯坏了", hotline.draft_of("13911110003")["caller_text"])


def test_the_seat_idle_longest_is_rung(hotline: Hotline) -> None:
    with agent(hotline, "1001"), agent(hotline, "1003"):
        rung = []
        for place in range(2):
            caller = f"1391111010{place}"
            with citizen(hotline, caller) as phone:
                phone.dial("12345")
                until(
                    lambda caller=caller: (
                        [line for line in hotline.journal(caller) if line[3] == "ringing"] or None
                    ),
                    within_s=15,
                    saying="no seat rang",
                )
                phone.pause(1)
                phone.hang_up()
            rung.append(hotline.call_of(caller)["seat"])
    assert sorted(rung) == ["1001", "1003"]


def test_key_zero_leads_to_a_person_from_the_message(hotline: Hotline) -> None:
    with citizen(hotline, "13911110004") as caller:
        caller.dial("12345")
        hotline.at_node("13911110004", "message")
        with agent(hotline, "1001") as seat:
            caller.pause(0.8)
            caller.press("0")
            seat.wait("CALL_ESTABLISHED", within_s=20)
            caller.pause(1)
            caller.hang_up()
    assert hotline.call_of("13911110004")["seat"] == "1001"
