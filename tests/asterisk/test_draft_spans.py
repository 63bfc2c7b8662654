"""A conversation of two: fields of its draft point at the seconds in which they were said."""

import base64
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.asterisk.conversation import AGENT, CALLER, RATE, Said, hold, onset, samples, sentences
from tests.asterisk.hotline import Hotline

# How far a span may be from where the sound is (the issue of this test: a click must hit).
NEAR_S = 0.3
CITIZEN = "13911110077"
NUMBER = "幺三八零零幺幺二二三三"
FIRST = ["我要投诉小区噪音扰民"]
ASKED = "请问发生在什么地方"
SECOND = ["人民路一百八十六号", "昨天下午三点", f"我的电话是{NUMBER}", "请尽快派人来处理"]


@pytest.fixture(scope="module")
def conversation(hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """Caller, agent, caller again."""
    folder = tmp_path_factory.mktemp("spoken")
    told = {
        "first": sentences(FIRST, folder, "first"),
        "asked": sentences([ASKED], folder, "asked"),
        "second": sentences(SECOND, folder, "second"),
    }
    turns = [(CALLER, told["first"]), (AGENT, told["asked"]), (CALLER, told["second"])]
    hold(hotline, CITIZEN, turns, folder)
    hotline.draft_of(CITIZEN)
    return told


def page_of(hotline: Hotline, call_id: str, folder: Path, *more: str) -> str:
    path = folder / "call.html"
    done = hotline.run("draft", "--call", call_id, "--html", str(path), *more)
    assert done.returncode == 0, done.stderr
    return path.read_text("utf-8")


def recording(page: str, folder: Path) -> Path:
    """The sound inside the page of a call."""
    found = re.search('src="data:audio/wav;base64,([^"]+)"', page)
    assert found
    path = folder / "call.wav"
    path.write_bytes(base64.b64decode(found[1]))
    return path


def test_spans_hit_the_sound(
    hotline: Hotline, conversation: dict[str, Said], tmp_path: Path
) -> None:
    """The truth is the loudness of the recording, in which no recogniser had a say."""
    call = hotline.call_of(CITIZEN)
    fields = hotline.draft_of(CITIZEN)["fields"]
    page = page_of(hotline, call["call_id"], tmp_path, "--unmask", "核对时间")
    caller = samples(recording(page, tmp_path), 0)
    begins = onset(caller, call["talked_from_s"])
    first_end = begins + conversation["first"].places[FIRST[0]][1]
    again = onset(caller, first_end + 0.5)
    for name, text in (("address", SECOND[0]), ("event_time", SECOND[1])):
        from_s, to_s = conversation["second"].places[text]
        spans = fields[name]["spans"]
        assert spans, (name, [one["text"] for one in call["transcript"]])
        assert {span["side"] for span in spans} == {"caller"}
        assert abs(spans[0]["start_s"] - (again + from_s)) <= NEAR_S, name
        assert abs(spans[-1]["end_s"] - (again + to_s)) <= NEAR_S, name
    from_s, to_s = conversation["second"].places[SECOND[2]]
    (number,) = fields["contact_number"]["spans"]
    assert abs(number["end_s"] - (again + to_s)) <= NEAR_S
    assert again + from_s <= number["start_s"] <= again + to_s


def test_the_draft_holds_what_both_said(hotline: Hotline, conversation: dict[str, Said]) -> None:
    draft = hotline.draft_of(CITIZEN)
    fields = draft["fields"]
    assert draft["category"] == "投诉"
    assert fields["address"]["value"] == "人民路186号"
    assert fields["address"]["parts"]["number"] == "186号"
    assert fields["event_time"]["value"] == "昨天下午3点", draft["caller_text"]
    assert fields["contact_number"]["value"] == "13800112233"
    assert "地方" in draft["agent_text"]
    assert all({"value", "confidence", "spans", "rule"} <= set(one) for one in fields.values())


def test_the_command_line_shows_the_same_draft(
    hotline: Hotline, conversation: dict[str, Said]
) -> None:
    call_id = hotline.call_of(CITIZEN)["call_id"]
    done = hotline.run("draft", "--call", call_id)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["fields"] == hotline.draft_of(CITIZEN)["fields"]
    missing = hotline.run("draft", "--call", "hl1-1.1")
    assert missing.returncode == 1
    assert "no such call" in missing.stderr


def test_the_page_of_the_call_hides_the_number(
    hotline: Hotline, conversation: dict[str, Said], tmp_path: Path
) -> None:
    call_id = hotline.call_of(CITIZEN)["call_id"]
    masked = page_of(hotline, call_id, tmp_path)
    assert "13800112233" not in masked
    assert "138****2233" in masked
    hidden = samples(recording(masked, tmp_path), 0)
    clear = page_of(hotline, call_id, tmp_path, "--unmask", "核对号码")
    assert "13800112233" in clear
    told = samples(recording(clear, tmp_path), 0)
    changed = [place / RATE for place, value in enumerate(told) if value != hidden[place]]
    (number,) = hotline.draft_of(CITIZEN)["fields"]["contact_number"]["spans"]
    assert abs(changed[0] - number["start_s"]) <= 0.1
    assert abs(changed[-1] - number["end_s"]) <= 0.1
    with closing(sqlite3.connect(hotline.home / "hotline.db")) as database:
        asked = "SELECT reason FROM audit WHERE action = 'recording.unmask' AND object_id = ?"
        reasons = [reason for (reason,) in database.execute(asked, (call_id,))]
    assert "核对号码" in reasons
