"""Carry out one command of a flow on a real line."""

from typing import Protocol, assert_never

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
from callflow.events import Done, Event, HungUp, KeysPressed, MessageTaken, NoKey
from callflow.flow import EMERGENCY_NUMBERS
from ivr.prompts import Prompts
from telephony.line import Line, RecordingEnd

# Between the figures of 110: a slow hand on a keypad takes about a second (ITU-T E.161 keypads;
# Asterisk's own featuredigittimeout default is 1 s); two leave room for the elderly.
BETWEEN_KEYS_S = 2.0
NEXT = "HOTLINE_NEXT"  # the channel variable that tells the dialplan what comes after us


class Handover(Protocol):
    """Puts a caller through to a person; `ivr.desk` does it."""

    async def put_through(self, line: Line, *, wait_s: float, ring_s: float) -> Event: ...


async def perform(
    command: Command, line: Line, prompts: Prompts, handover: Handover, call_id: str
) -> Event:
    """The one place that acts. Raises what the line raises."""
    match command:
        case Answer():
            await line.answer()
            return Done()
        case Say(parts):
            key = await line.play(prompts.sounds(parts))
            return await whole_keys(line, key) if key else Done()
        case AskKey(parts, timeout_s):
            key = await line.play(prompts.sounds(parts)) or await line.wait_key(timeout_s)
            return await whole_keys(line, key) if key else NoKey()
        case EnterQueue(wait_s, ring_s):
            return await handover.put_through(line, wait_s=wait_s, ring_s=ring_s)
        case TakeMessage():
            return await _take_message(command, line, call_id)
        case EmergencyTransfer(number):
            await line.set_variable(NEXT, number)
            return HungUp()
        case HangUp():
            await line.set_variable(NEXT, "hangup")
            return HungUp()
        case _:
            assert_never(command)


async def whole_keys(line: Line, first: str) -> KeysPressed:
    """One key, or all three figures when it begins an emergency number."""
    keys = first
    while any(number.startswith(keys) and number != keys for number in EMERGENCY_NUMBERS):
        following = await line.wait_key(BETWEEN_KEYS_S)
        if not following:
            break
        keys += following
    return KeysPressed(keys)


async def _take_message(command: TakeMessage, line: Line, call_id: str) -> Event:
    """A key that begins an emergency number is heard out; any other key goes on recording."""
    spoke_s = 0.0
    while spoke_s < command.max_s:
        message = await line.take_message(
            f"{call_id}-message",
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
    return MessageTaken(spoke_s)
