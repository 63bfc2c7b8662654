"""More callers than may be heard live: the newest waits, and is caught up with after hanging up."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cli.phone import Phone
from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import heard_right, say, speakable

SAID = "我家停水两天了"
FIRST, SECOND, NEWEST = "13955550001", "13955550002", "13955550003"


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


def hang_up_after_speaking(system: Hotline, phone: Phone, number: str) -> None:
    phone.press("#")
    system.at_node(number, "thanks")
    phone.hang_up()


@pytest.mark.timeout(240)
def test_the_newest_waits_and_loses_nothing(small: Hotline, tmp_path: Path) -> None:
    sound, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
    with ExitStack() as lines:
        phones = {}
        for number in (FIRST, SECOND, NEWEST):
            phones[number] = lines.enter_context(citizen(small, number))
            phones[number].dial("12345")
            small.at_node(number, "message")
        for phone in phones.values():
            phone.pause(1.0)
            phone.speak(sound)
        phones[NEWEST].pause(length_s + 1)
        for number in (FIRST, SECOND):
            until(
                lambda number=number: bodies(small, number, "heard"),
                within_s=20,
                saying=f"{number} was not heard live",
            )
        # All three have spoken the same; the newest was not heard while it did.
        assert not bodies(small, NEWEST, "heard")
        hang_up_after_speaking(small, phones[NEWEST], NEWEST)
        draft = small.draft_of(NEWEST)
        assert heard_right(SAID, draft["caller_text"]), draft["caller_text"]
        marked = bodies(small, NEWEST, "listened")
        assert [leg["complete"] for leg in marked] == [False]
        assert not bodies(small, NEWEST, "heard")
        for number in (FIRST, SECOND):
            hang_up_after_speaking(small, phones[number], number)
    for number in (FIRST, SECOND):
        assert heard_right(SAID, small.draft_of(number)["caller_text"])
        assert all(leg["complete"] for leg in bodies(small, number, "listened"))
