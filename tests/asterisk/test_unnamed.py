"""Withheld and impossible numbers: one trunk's worth of them leaves room for all others."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from cli.phone import Phone
from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline, until

KEY_S = 0.35


@pytest.fixture
def narrow() -> Iterator[Hotline]:
    """A hotline that serves one caller without a number of his own at once."""
    hotline = Hotline(HOTLINE_UNNAMED_LINES="1")
    try:
        yield hotline.start()
    finally:
        hotline.remove()


def contexts(hotline: Hotline) -> list[str]:
    """Where callers are in the dialplan."""
    lines = hotline.asterisk("core show channels concise").splitlines()
    return sorted(line.split("!")[1] for line in lines if line.startswith("PJSIP/citizen"))


def are(hotline: Hotline, *wanted: str) -> None:
    until(
        lambda: contexts(hotline) == sorted(wanted),
        within_s=40,  # whoever is being told that he waits hears it to the end
        saying=lambda: f"callers are in {contexts(hotline)}, not in {sorted(wanted)}",
    )


def test_nobody_is_turned_away_and_who_shows_a_number_does_not_wait(narrow: Hotline) -> None:
    with ExitStack() as stack:

        def calls(number: str) -> Phone:
            phone = stack.enter_context(citizen(narrow, number))
            phone.dial("12345")
            return phone

        first = calls("anonymous")
        are(narrow, "hotline")
        second = calls("12345")  # forged: nobody calls from our own number
        are(narrow, "hotline", "crowded")
        calls("13900017777")
        narrow.at_node("13900017777", "message")
        third = calls("110")
        are(narrow, "hotline", "hotline", "crowded", "crowded")
        for key in "110":
            third.press(key)
            third.pause(KEY_S)
        are(narrow, "hotline", "hotline", "crowded", "emergency")
        first.hang_up()
        are(narrow, "hotline", "hotline", "emergency")
        second.hang_up()
