"""Each command of a flow on a line, and what the line's answer means."""

from dataclasses import dataclass, field

import pytest

from callflow.commands import (
    Answer,
    AskKey,
    Command,
    EmergencyTransfer,
    EnterQueue,
    HangUp,
    Say,
    TakeMessage,
)
from callflow.events import Done, Event, HungUp, KeysPressed, MessageTaken, NobodyAnswered, NoKey
from ivr.perform import BETWEEN_KEYS_S, NEXT, Answerer, Means, perform, whole_keys
from ivr.wish import Wish
from telephony.line import Line, Message, RecordingEnd
from tests.unit.ivr.fakes import CALL_ID, PROMPTS, FakeLine

TAKE = TakeMessage(max_s=60, silence_s=4, end_keys="#")


@dataclass
class FakeHandover:
    asked: list[tuple[float, float]] = field(default_factory=list)
    wishes: list[Wish | None] = field(default_factory=list)

    async def put_through(
        self, line: Line, *, wait_s: float, ring_s: float, wish: Wish | None = None
    ) -> Event:
        self.asked.append((wait_s, ring_s))
        self.wishes.append(wish)
        return NobodyAnswered(logged_in=True)


@dataclass
class FakeParty:
    call_id: str = CALL_ID
    said: str = ""
    heard_live: bool = True


def means(handover: FakeHandover, **outside: Answerer) -> Means:
    return Means(PROMPTS, handover, FakeParty(), outside)


async def done(command: Command, line: FakeLine) -> Event:
    return await perform(command, line, means(FakeHandover()))


@pytest.mark.parametrize(
    ("command", "event", "did"),
    [
        (Answer(), Done(), ("answer",)),
        (Say(("a", "b")), Done(), ("play", "/prompts/a", "/prompts/b")),
        (EmergencyTransfer("120"), HungUp(), ("set_variable", NEXT, "120")),
        (HangUp(), HungUp(), ("set_variable", NEXT, "hangup")),
    ],
)
async def test_one_command_is_one_verb(command: Command, event: Event, did: object) -> None:
    line = FakeLine()
    assert await done(command, line) == event
    assert line.did == [did]


async def test_the_queue_is_somebody_elses_work() -> None:
    handover = FakeHandover()
    event = await perform(EnterQueue(20, 15), FakeLine(), means(handover))
    assert (event, handover.asked) == (NobodyAnswered(logged_in=True), [(20, 15)])


@pytest.mark.parametrize(
    ("keys", "event", "verbs"),
    [
        ([], NoKey(), ["play", "wait_key"]),
        (["", "5"], KeysPressed("5"), ["play", "wait_key"]),
        (["5"], KeysPressed("5"), ["play"]),
        (["1", "1", "9"], KeysPressed("119"), ["play", "wait_key", "wait_key"]),
    ],
)
async def test_asking_for_a_key(keys: list[str], event: Event, verbs: list[str]) -> None:
    line = FakeLine(*keys)
    assert await done(AskKey(("a",), 6), line) == event
    assert line.verbs() == verbs


@pytest.mark.parametrize(
    ("pressed", "whole"),
    [
        ("0", "0"),
        ("5", "5"),
        ("110", "110"),
        ("119", "119"),
        ("120", "120"),
        ("122", "122"),
        ("1", "1"),
        ("12", "12"),
        ("11", "11"),
        ("121", "121"),
        ("13", "13"),
        ("1#", "1#"),
    ],
)
async def test_only_the_beginning_of_an_emergency_number_is_waited_out(
    pressed: str, whole: str
) -> None:
    line = FakeLine(*pressed[1:])
    assert await whole_keys(line, pressed[0]) == KeysPressed(whole)
    assert all(wait == (BETWEEN_KEYS_S,) for wait in line.arguments("wait_key"))
    begun = whole in ("1", "11", "12")
    assert len(line.arguments("wait_key")) == len(pressed) - (0 if begun else 1)


def key(pressed: str, length_s: float) -> Message:
    return Message(RecordingEnd.KEY, length_s, pressed)


SILENCE = Message(RecordingEnd.SILENCE, 5.0)


@pytest.mark.parametrize(
    ("messages", "keys", "event", "verbs"),
    [
        ([SILENCE], "", MessageTaken(5.0), ["take_message"]),
        ([Message(RecordingEnd.LENGTH, 60.0)], "", MessageTaken(60.0), ["take_message"]),
        ([key("#", 7.0)], "", MessageTaken(7.0), ["take_message"]),
        ([key("0", 7.0)], "", KeysPressed("0"), ["take_message"]),
        ([key("1", 7.0)], "10", KeysPressed("110"), ["take_message", "wait_key", "wait_key"]),
        # A 1 that leads to nothing: the caller goes on speaking.
        ([key("1", 7.0), SILENCE], "", MessageTaken(12.0), ["take_message", "wait_key"]),
        ([key("1", 7.0), SILENCE], "5", MessageTaken(12.0), ["take_message", "wait_key"]),
        ([key("1", 7.0), SILENCE], "2", MessageTaken(12.0), ["take_message", "wait_key"]),
        ([key("1", 7.0)], "#", MessageTaken(7.0), ["take_message", "wait_key"]),
        ([key("1", 60.0)], "", MessageTaken(60.0), ["take_message", "wait_key"]),
    ],
)
async def test_taking_a_message(
    messages: list[Message], keys: str, event: Event, verbs: list[str]
) -> None:
    line = FakeLine(*keys, messages=messages)
    assert await done(TAKE, line) == event
    assert line.verbs()[: len(verbs)] == verbs
    assert len(line.arguments("take_message")) == len(messages)


async def test_what_is_left_of_the_time_is_counted_over_all_parts() -> None:
    line = FakeLine(messages=[key("1", 20.0), key("1", 30.0), SILENCE])
    assert await done(TAKE, line) == MessageTaken(55.0)
    assert line.arguments("take_message") == [
        (f"{CALL_ID}-message", left, 4, "#01") for left in (60, 40, 10)
    ]
