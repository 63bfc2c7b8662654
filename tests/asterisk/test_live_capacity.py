"""More callers than may be heard live: the newest waits, and is caught up with after hanging up."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import heard_right, say, speakable

SAID = "我家停水两天了"
# Long enough to be told still when the newest has come, spoken and gone.
STORY = (
    SAID,
    "已经打过三次电话了",
    "没有人来处理",
    "家里有老人和孩子",
    "希望你们尽快派人来看看",
) * 10
EARLIER, NEWEST = ("13955550001", "13955550002"), "13955550003"


@pytest.fixture(scope="module")
def small() -> Iterator[Hotline]:
    """Room for two live legs."""
    system = Hotline(HOTLINE_LIVE_LEGS="2")
    try:
        yield system.start()
    finally:
        system.remove()


def bodies(system: Hotline, caller: str, kind: str) -> list[dict[str, Any]]:
    return [line[4] for line in system.journal(caller) if line[3] == kind]


def wait_until_heard(system: Hotline, caller: str) -> None:
    until(
        lambda: bodies(system, caller, "heard") or None,
        within_s=30,
        saying=f"{caller} was not heard live",
    )


@pytest.mark.timeout(240)
def test_the_newest_waits_and_loses_nothing(small: Hotline, tmp_path: Path) -> None:
    sound, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
    story, _ = speakable(say("，".join(STORY), tmp_path / "story.wav"), tmp_path)
    with ExitStack() as lines:
        for number in EARLIER:
            phone = lines.enter_context(citizen(small, number))
            phone.dial("12345")
            small.at_node(number, "message")
            phone.speak(story)
            wait_until_heard(small, number)
        newest = lines.enter_context(citizen(small, NEWEST))
        newest.dial("12345")
        small.at_node(NEWEST, "message")
        newest.pause(1.0)
        newest.speak(sound)
        newest.pause(length_s + 1)
        newest.press("#")
        small.at_node(NEWEST, "thanks")
        newest.hang_up()
        draft = small.draft_of(NEWEST)
        assert heard_right(SAID, draft["caller_text"]), draft["caller_text"]
        assert [leg["complete"] for leg in bodies(small, NEWEST, "listened")] == [False]
        assert not bodies(small, NEWEST, "heard")
        # The others still had the two seats: nobody loses one to a newcomer.
        assert not [number for number in EARLIER if bodies(small, number, "listened")]
    for number in EARLIER:
        assert small.draft_of(number)["caller_text"]
        # Heard to the end; a busy machine may have lost sound in between.
        (leg,) = bodies(small, number, "listened")
        assert bodies(small, number, "heard")[-1]["end_s"] >= leg["to_s"] - 3
