"""Carry out one command of a flow on a real line."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, assert_never

import structlog

from callflow.commands import (
    Answer,
    Ask,
    AskDigits,
    AskKey,
    Command,
    EmergencyTransfer,
    EnterQueue,
    HangUp,
    Say,
    TakeMessage,
    Transfer,
)
from callflow.events import (
    DigitsTaken,
    Done,
    Event,
    Failed,
    Heard,
    HungUp,
    KeysPressed,
    Known,
    MessageTaken,
    NoKey,
    Talked,
)
from callflow.flow import EMERGENCY_NUMBERS
from callflow.nodes.base import Value
from ivr.prompts import Prompts
from ivr.wish import Wish
from telephony.line import CallerHungUp, Line, LineError, RecordingEnd, RingOutcome

log = structlog.get_logger()

# Between the figures of 110: a slow hand on a keypad takes about a second (ITU-T E.161 keypads;
# Asterisk's own featuredigittimeout default is 1 s); two leave room for the elderly.
BETWEEN_KEYS_S = 2.0
END_KEY_WITHIN_S = 1.0  # after the last figure; prompts ask for it, twelve figures need none
SLICE_S = 0.2  # words are looked for so often while a key is awaited
OTHER_LINE = "line-"  # before the name of a line that is no seat
NEXT = "HOTLINE_NEXT"  # the channel variable that tells the dialplan what comes after us


class Handover(Protocol):
    """Puts a caller through to a person; `ivr.handover` does it."""

    async def put_through(
        self, line: Line, *, wait_s: float, ring_s: float, wish: Wish | None = None
    ) -> Event: ...


class Party(Protocol):
    """What is known of the call under way. ``said``: the caller's latest words, as recognised."""

    call_id: str
    said: str
    heard_live: bool


Answerer = Callable[[Mapping[str, str]], Awaitable[Mapping[str, Value]]]
"""Answers one kind of question, or raises: any failure takes the node's error edge."""


@dataclass(frozen=True)
class Means:
    """What a flow's commands are carried out with. ``outside``: kind of question → who answers."""

    prompts: Prompts
    handover: Handover
    party: Party
    outside: Mapping[str, Answerer]
    drill: bool = False


async def perform(command: Command, line: Line, means: Means) -> Event:  # noqa: C901  all arms
    """The one place that acts. Raises what the line raises."""
    match command:
        case Answer():
            await line.answer()
            return Done()
        case Say(parts):
            key = await line.play(means.prompts.sounds(parts))
            return await whole_keys(line, key) if key else Done()
        case AskKey():
            return await _ask_key(command, line, means)
        case AskDigits():
            return await _ask_digits(command, line, means.prompts)
        case EnterQueue(wait_s, ring_s, queue, needs, wants, keys, brings):
            wish = Wish(queue, needs, wants, keys=keys, brings=brings)
            return await means.handover.put_through(line, wait_s=wait_s, ring_s=ring_s, wish=wish)
        case TakeMessage():
            return await _take_message(command, line, means.party)
        case Transfer(name, ring_s):
            return await _transfer(line, name, ring_s)
        case Ask():
            return await _ask(command, means)
        case EmergencyTransfer(number):
            await line.set_variable(NEXT, f"drill-{number}" if means.drill else number)
            return HungUp()
        case HangUp():
            await line.set_variable(NEXT, "hangup")
            return HungUp()
        case _:
            assert_never(command)


async def _ask_key(command: AskKey, line: Line, means: Means) -> Event:
    party = means.party
    party.said = ""
    key = await line.play(means.prompts.sounds(command.parts))
    if not command.phrases or key:
        key = key or await line.wait_key(command.timeout_s)
        return await whole_keys(line, key) if key else NoKey()
    for _ in range(max(1, round(command.timeout_s / SLICE_S))):
        if any(phrase in party.said for phrase in command.phrases):
            return Heard(party.said)
        key = await line.wait_key(SLICE_S)
        if key:
            return await whole_keys(line, key)
    if party.said:
        return Heard(party.said)
    return NoKey() if party.heard_live else Failed("the caller is not heard live")


async def _ask_digits(command: AskDigits, line: Line, prompts: Prompts) -> Event:
    """Figures until the end key, a pause, or enough of them; 110 and a pause is an emergency."""
    figures = ""
    sounds = prompts.sounds(command.parts)
    key = await line.play(sounds) or await line.wait_key(command.first_s)
    if key == command.end_key:
        # It ended the number before, which was complete without it: the question is asked again.
        key = await line.play(sounds) or await line.wait_key(command.first_s)
    while key and key != command.end_key:
        figures += key
        if len(figures) == command.most:
            return await _complete(line, figures, command.end_key)
        key = await line.wait_key(command.between_s)
    if figures in EMERGENCY_NUMBERS:
        return KeysPressed(figures)
    return DigitsTaken(figures) if figures else NoKey()


async def _complete(line: Line, figures: str, end_key: str) -> Event:
    """The end key may still come: it must not cut short what is said next."""
    key = await line.wait_key(END_KEY_WITHIN_S)
    if key and key != end_key:
        pressed = await whole_keys(line, key)
        if pressed.keys in EMERGENCY_NUMBERS:
            return pressed
    return DigitsTaken(figures)


async def _transfer(line: Line, name: str, ring_s: float) -> Event:
    """Another line is rung like a seat, under a name of its own."""
    try:
        ringing = await line.ring(f"{OTHER_LINE}{name}", for_s=ring_s)
    except CallerHungUp:
        raise
    except LineError as failure:
        return Failed(str(failure))
    match ringing.outcome:
        case RingOutcome.ANSWERED:
            return Talked("", ringing.talked_s)
        case RingOutcome.KEY:
            return await whole_keys(line, ringing.key)
        case RingOutcome.NO_ANSWER | RingOutcome.BUSY | RingOutcome.UNREACHABLE:
            return Failed(ringing.outcome.value)


async def _ask(command: Ask, means: Means) -> Event:
    """A question to the world never holds a call up, nor does it bring it down."""
    answerer = means.outside.get(command.what)
    if answerer is None:
        return Failed(f"nobody answers {command.what}")
    try:
        async with asyncio.timeout(command.within_s):
            return Known(dict(await answerer(command.given)))
    except Exception as failure:  # noqa: BLE001  whatever it was, the error edge is taken
        why = f"{type(failure).__name__}: {failure}"
        log.warning("look-up failed", what=command.what, call=means.party.call_id, why=why)
        return Failed(why)


async def whole_keys(line: Line, first: str) -> KeysPressed:
    """One key, or all three figures when it begins an emergency number."""
    keys = first
    while any(number.startswith(keys) and number != keys for number in EMERGENCY_NUMBERS):
        following = await line.wait_key(BETWEEN_KEYS_S)
        if not following:
            break
        keys += following
    return KeysPressed(keys)


async def _take_message(command: TakeMessage, line: Line, party: Party) -> Event:
    """A key that begins an emergency number is heard out; any other key goes on recording."""
    spoke_s = 0.0
    party.said = ""
    while spoke_s < command.max_s:
        message = await line.take_message(
            f"{party.call_id}-message",
            max_s=command.max_s - spoke_s,
            silence_s=command.silence_s,
            end_keys="".join(dict.fromkeys(command.end_keys + "01")),
        )
        spoke_s += message.length_s
        if message.ended_by is not RecordingEnd.KEY or message.key in command.end_keys:
            break
        pressed = await whole_keys(line, message.key)
        if pressed.keys in (*EMERGENCY_NUMBERS, "0"):
            return pressed
        if pressed.keys[-1] in command.end_keys:
            break
    return MessageTaken(spoke_s, party.said)
