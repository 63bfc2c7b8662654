"""A citizen speaks to the machine: the draft holds what was said."""

from pathlib import Path

import pytest

from asr.cer import character_errors, total
from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline
from tests.asterisk.sipp import call_all
from tests.asterisk.speech import SHARED, alaw, say, speakable

# From the speech model's blind test set: none of it is in the text its language model saw.
SENTENCES = SHARED / "asr-lab" / "testsets" / "final_hotline.txt"


def test_what_citizens_say_stands_in_their_drafts(hotline: Hotline, tmp_path: Path) -> None:
    if not SENTENCES.exists():
        pytest.skip("the speech lab's test sets are not beside this checkout")
    spoken = SENTENCES.read_text("utf-8").split()[::12]
    callers = []
    for place, text in enumerate(spoken):
        sound, length_s = alaw(say(text, tmp_path / f"{place}.wav"))
        callers.append((f"1390000{place:04d}", sound, length_s))
    call_all(
        tmp_path,
        hotline.server,
        hotline.secrets["citizen_phone"],
        callers,
        per_second=2,
        listens_after_s=2.5,
    )
    drafts = [hotline.draft_of(number) for number, _, _ in callers]
    pairs = zip(spoken, drafts, strict=True)
    found = total([character_errors(text, draft["caller_text"]) for text, draft in pairs])
    assert found.rate <= 0.15, [draft["caller_text"] for draft in drafts]
    assert {draft["status"] for draft in drafts} == {"draft"}


def test_a_field_points_at_the_seconds_in_which_it_was_said(
    hotline: Hotline, tmp_path: Path
) -> None:
    wav = say("我要投诉小区噪音扰民", tmp_path / "noise.wav")
    sound, length_s = speakable(wav, tmp_path)
    with citizen(hotline, "13911110001") as phone:
        phone.dial("12345")
        hotline.at_node("13911110001", "message")
        phone.pause(1.0)
        phone.speak(sound)
        phone.pause(length_s + 1)
        phone.press("#")
        hotline.at_node("13911110001", "thanks")
        phone.hang_up()
    draft = hotline.draft_of("13911110001")
    call = hotline.call_of("13911110001")
    said = [one for one in call["transcript"] if one["side"] == "caller"]
    span = next(span for span in draft["fields"]["category"]["spans"] if span["words"] == "投诉")
    assert draft["category"] == "投诉"
    assert call["outcome"] == "message"
    assert said[0]["start_s"] - 0.05 <= span["start_s"] < span["end_s"] <= said[-1]["end_s"] + 0.05
    assert call["recording"]["length_s"] > said[-1]["end_s"]
