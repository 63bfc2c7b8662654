"""While numbers are said nothing is kept: neither sound nor words, and all around them is."""

import json
import wave
from array import array
from pathlib import Path

import pytest

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.speech import say, speakable

CITIZEN = "13911290001"
BEFORE, BETWEEN, AFTER = "我要反映人民路的路灯坏了", "另外小区里噪音扰民", "请尽快派人来处理"
IDENTITY, CARD = "三三零一零二一九九零零三零七七七一八", "六二二二零二幺二零八零零八八八九"
FIGURES = frozenset("零〇一二三四五六七八九幺")
# What was on its way when the switch was told: the sound card's and Asterisk's buffers.
EDGE_S = 0.25


def sides(path: Path) -> tuple["array[int]", "array[int]"]:
    with wave.open(str(path)) as sound:
        both = array("h", sound.readframes(sound.getnframes()))
    return both[0::2], both[1::2]


def loudest(side: "array[int]", from_s: float, to_s: float) -> int:
    return max(map(abs, side[round(from_s * 8000) : round(to_s * 8000)]), default=0)


@pytest.fixture(scope="module")
def recorded(hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call with two pauses, one by the page's order, one by the telephone's *7; its recording."""
    folder = tmp_path_factory.mktemp("privacy")
    texts = (BEFORE, IDENTITY, BETWEEN, CARD, AFTER)
    spoken = [speakable(say(text, folder / f"{n}.wav"), folder) for n, text in enumerate(texts)]
    li = Person(hotline, "li-privacy", "agent")
    with agent(hotline, "1001") as seat, citizen(hotline, CITIZEN) as caller:
        li.ask("POST", "/seats/1001/login", device="phone")
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)

        def kinds() -> list[str]:
            return [line[3] for line in hotline.journal(CITIZEN)]

        def tell(place: int) -> None:
            wav, length_s = spoken[place]
            caller.speak(wav)
            caller.pause(length_s + 0.8)

        until(lambda: "answered" in kinds() or None, within_s=10, saying="nobody answered")
        caller.pause(1)
        tell(0)
        li.ask("PUT", "/seats/1001/privacy", on=True)
        li.ask("PUT", "/seats/1001/privacy", on=True)  # a second click changes nothing
        seat.speak(spoken[1][0])  # the agent repeats the number
        tell(1)
        li.ask("PUT", "/seats/1001/privacy", on=False)
        tell(2)
        seat.press("*7")
        until(
            lambda: kinds().count("privacy_began") == 2 or None,
            within_s=10,
            saying=lambda: f"*7 does not pause: {kinds()}" + hotline.logs(),
        )
        tell(3)
        seat.press("*7")
        until(lambda: kinds().count("privacy_pause") == 2 or None, within_s=10, saying="no end")
        tell(4)
        caller.hang_up()
        li.ask("POST", "/seats/1001/logout")
    call = hotline.call_of(CITIZEN)
    hotline.draft_of(CITIZEN)  # the recording is kept before the draft is made
    supervisor = Person(hotline, "lead-privacy", "supervisor")
    target = folder / "call.wav"
    target.write_bytes(supervisor.sound(call["call_id"]))
    return target


def test_the_stored_sound_is_silent_on_both_sides_and_whole_around(
    hotline: Hotline, recorded: Path
) -> None:
    pauses = [one[4] for one in hotline.journal(CITIZEN) if one[3] == "privacy_pause"]
    assert [one["by"] for one in pauses] == ["1001", "1001"]
    caller, heard = sides(recorded)
    for pause in pauses:
        assert pause["to_s"] - pause["from_s"] > 3
        inside = (pause["from_s"] + EDGE_S, pause["to_s"] - EDGE_S)
        assert (loudest(caller, *inside), loudest(heard, *inside)) == (0, 0), pause
    first, second = pauses
    for from_s, to_s in (
        (first["from_s"] - 3, first["from_s"] - 1),
        (first["to_s"] + 0.5, second["from_s"] - 1),
        (second["to_s"] + 0.5, second["to_s"] + 2.5),
    ):
        assert loudest(caller, from_s, to_s) > 1000


def test_no_recogniser_finds_a_figure_and_the_words_around_are_there(
    hotline: Hotline, recorded: Path
) -> None:
    """Neither live nor from the file that is kept."""
    transcript = hotline.call_of(CITIZEN)["transcript"]
    live = "".join(one["text"] for one in transcript if one["side"] == "caller")
    done = hotline.run("asr", "transcribe", "--jsonl", str(recorded))
    assert done.returncode == 0, done.stderr
    anew = json.loads(done.stdout.splitlines()[0])["text"]
    for said in (live, anew):
        assert "路灯" in said, said
        assert "扰民" in said, said
        assert "处理" in said, said
        assert not FIGURES & set(said), said


def test_the_pauses_are_marks_of_the_call(hotline: Hotline, recorded: Path) -> None:
    reviewer = Person(hotline, "mark-privacy", "supervisor")
    call_id = hotline.call_of(CITIZEN)["call_id"]

    def marked() -> list[float] | None:
        answer = reviewer.ask("GET", f"/review/calls/{call_id}")
        found = [one for one in answer["marks"] if one["kind"] == "privacy_pause"]
        return [one["to_s"] - one["from_s"] for one in found] or None

    lengths = until(marked, within_s=20, saying="no marks")
    assert len(lengths) == 2
    assert min(lengths) > 3
