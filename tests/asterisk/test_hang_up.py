"""The caller hangs up in every state of the default flow: each leaves one call and one draft."""

from contextlib import ExitStack

import pytest

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline

STATES = [
    ("greeting", "abandoned"),
    ("people", "abandoned"),
    ("talking", "agent"),
    ("survey", "agent"),
    ("ask", "abandoned"),
    ("message", "message"),
]


@pytest.mark.parametrize(("state", "outcome"), STATES)
def test_hang_up(hotline: Hotline, state: str, outcome: str) -> None:
    number = f"1391115{STATES.index((state, outcome)):04d}"
    with ExitStack() as telephones:
        phone = telephones.enter_context(citizen(hotline, number))
        if state in ("people", "talking", "survey"):
            answers = state != "people"
            seat = telephones.enter_context(agent(hotline, "1001", answers=answers))
        phone.dial("12345")
        if state in ("talking", "survey"):
            seat.wait("CALL_ESTABLISHED", within_s=20)
        if state == "survey":
            phone.pause(1)
            seat.hang_up()
        if state != "talking":
            hotline.at_node(number, state)
        phone.pause(0.2)
        phone.hang_up()
        call = hotline.call_of(number)
    assert call["outcome"] == outcome
    assert hotline.draft_of(number)["call_id"] == call["call_id"]
    assert call["path"][0] == "answer"
