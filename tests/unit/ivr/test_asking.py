"""What callers key in and say in answer to a flow, other lines, and questions to the world."""

import asyncio
from collections.abc import Mapping

import pytest

from callflow.commands import Ask, AskDigits, AskKey, Transfer
from callflow.events import DigitsTaken, Event, Failed, Heard, KeysPressed, Known, NoKey, Talked
from ivr.perform import perform
from telephony.line import Ringing, RingOutcome
from tests.unit.ivr.fakes import FakeLine
from tests.unit.ivr.test_perform import FakeHandover, FakeParty, means

DIGITS = AskDigits(("ask",), most=4, end_key="#", first_s=8, between_s=3)
WORDS = AskKey(("ask",), timeout_s=1, phrases=("停水", "人工"))


@pytest.mark.parametrize(
    ("keys", "event"),
    [
        ([], NoKey()),
        (["1", "2", "3", "4"], DigitsTaken("1234")),  # enough of them
        (["1", "2", "3", "4", "#"], DigitsTaken("1234")),
        (["1", "2", "3", "4", "1", "2", "0"], KeysPressed("120")),
        (["1", "2", "3", "4", "7"], DigitsTaken("1234")),
        (["1", "2", "#"], DigitsTaken("12")),
        (["", "1", "2", ""], DigitsTaken("12")),  # a pause
        (["1", "1", "0", ""], KeysPressed("110")),
        (["1", "1", "0", "#"], KeysPressed("110")),
        (["1", "1", "0", "5"], DigitsTaken("1105")),  # goes on: no emergency
    ],
)
async def test_figures_end_by_key_pause_or_number(keys: list[str], event: Event) -> None:
    assert await perform(DIGITS, FakeLine(*keys), means(FakeHandover())) == event


async def test_the_end_key_of_the_number_before_asks_the_question_again() -> None:
    """Twelve figures are complete without #; pressed late, it is no answer to what follows."""
    line = FakeLine("#", "", "7", "8", "9", "0")
    assert await perform(DIGITS, line, means(FakeHandover())) == DigitsTaken("7890")
    assert line.verbs()[:2] == ["play", "play"]
    assert await perform(DIGITS, FakeLine("#", "#"), means(FakeHandover())) == NoKey()


async def test_a_word_is_enough_before_the_caller_has_finished() -> None:
    line, with_words = FakeLine(), means(FakeHandover())
    party = with_words.party
    line.meanwhile["wait_key"] = lambda: setattr(party, "said", "我家停水了还有")
    assert await perform(WORDS, line, with_words) == Heard("我家停水了还有")
    assert line.verbs() == ["play", "wait_key"]


@pytest.mark.parametrize(
    ("live", "said", "event"),
    [
        (True, "", NoKey()),
        (True, "别的事", Heard("别的事")),
        (False, "", Failed("the caller is not heard live")),
    ],
)
async def test_silence_and_a_deaf_recognizer_are_told_apart(
    live: bool, said: str, event: Event
) -> None:
    asked = means(FakeHandover())
    assert isinstance(asked.party, FakeParty)
    asked.party.heard_live = live
    line = FakeLine()
    line.meanwhile["wait_key"] = lambda: setattr(asked.party, "said", said)
    assert await perform(WORDS, line, asked) == event


@pytest.mark.parametrize(
    ("ringing", "event"),
    [
        (Ringing(RingOutcome.ANSWERED, 12.0), Talked("", 12.0)),
        (Ringing(RingOutcome.BUSY), Failed("busy")),
        (Ringing(RingOutcome.KEY, key="5"), KeysPressed("5")),
    ],
)
async def test_another_line_is_rung_under_a_name_of_its_own(ringing: Ringing, event: Event) -> None:
    line = FakeLine(rings=[ringing])
    assert await perform(Transfer("water", 20), line, means(FakeHandover())) == event
    assert line.arguments("ring")[0][0] == "line-water"


async def test_a_refused_line_is_the_error_edge() -> None:
    event = await perform(Transfer("water", 20), FakeLine(refuses="ring"), means(FakeHandover()))
    assert isinstance(event, Failed)


async def test_the_world_answers_fails_is_late_or_is_not_there() -> None:
    async def knows(given: Mapping[str, str]) -> Mapping[str, str | bool]:
        return {"http.asked": given["url"]}

    async def fails(_: Mapping[str, str]) -> Mapping[str, str]:
        raise OSError("no route")

    async def sleeps(_: Mapping[str, str]) -> Mapping[str, str]:
        await asyncio.Event().wait()
        return {}

    answered = {
        name: await perform(
            Ask("http", {"url": "u"}, within_s=0.01), FakeLine(), means(FakeHandover(), http=one)
        )
        for name, one in (("knows", knows), ("fails", fails), ("sleeps", sleeps))
    }
    assert answered["knows"] == Known({"http.asked": "u"})
    assert answered["fails"] == Failed("OSError: no route")
    assert answered["sleeps"] == Failed("TimeoutError: ")
    unknown = await perform(Ask("moon", {}), FakeLine(), means(FakeHandover()))
    assert unknown == Failed("nobody answers moon")
