"""Talk to a flow without a telephone: the same interpreter, a script in place of the caller.

A script is a list of what the caller (or the world) does at each turn, by the kind of command the
flow waits with: ``{"key": "0"}``, ``{"answered": "1001"}``, ``{"nobody": true}``,
``{"said_s": 12}``, ``{"words": "着火了", "number": "119"}``, ``{"hang_up": true}`` or ``{}``.
A turn that the script leaves out is the caller doing nothing.
"""

from dataclasses import dataclass
from typing import Any

from callflow import step as interpreter
from callflow.commands import (
    AskKey,
    Command,
    EmergencyTransfer,
    EnterQueue,
    HangUp,
    Say,
    TakeMessage,
)
from callflow.events import (
    Done,
    EmergencyHeard,
    Event,
    HungUp,
    KeysPressed,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
)
from callflow.flow import Flow
from callflow.nodes.base import Facts
from callflow.step import State, Step

MOST_TURNS = 1000


class ScriptFault(ValueError):
    """A turn of the script that fits no command; names the turn and what would be right."""


@dataclass(frozen=True)
class Run:
    """``commands``: all that the caller would have heard and met, in order."""

    state: State
    commands: tuple[Command, ...]


def simulate(flow: Flow, facts: Facts, script: list[dict[str, Any]]) -> Run:
    """Run until the flow ends. Raises `ScriptFault`."""
    done: list[Command] = []
    turns = iter(enumerate(script))
    step = interpreter.begin(flow, facts)
    for _ in range(MOST_TURNS):
        done.extend(step.commands)
        if step.state.ended or not step.commands:
            return Run(step.state, tuple(done))
        step = interpreter.step(flow, step.state, _event(step, turns))
    raise ScriptFault(f"the flow did not end within {MOST_TURNS} turns")


def _event(step: Step, turns: Any) -> Event:  # noqa: ANN401  an iterator of numbered turns
    """Prompts and the answer happen by themselves unless the script has a key for them."""
    command = step.commands[-1]
    if not isinstance(command, Say | AskKey | EnterQueue | TakeMessage):
        return Done()
    number, turn = next(turns, (0, {}))
    if not isinstance(turn, dict):
        raise ScriptFault(f"turn {number + 1}: an object is wanted, such as {{}} or {{'key': '0'}}")
    if turn.get("hang_up"):
        return HungUp()
    if "words" in turn:
        return EmergencyHeard(str(turn.get("number", "110")), str(turn["words"]))
    if "key" in turn:
        return KeysPressed(str(turn["key"]))
    return _meanwhile(command, turn, number)


def _meanwhile(command: Command, turn: dict[str, Any], number: int) -> Event:
    match command:
        case Say() if not turn:
            return Done()
        case AskKey() if not turn:
            return NoKey()
        case EnterQueue() if "answered" in turn:
            return Talked(str(turn["answered"]), float(turn.get("talked_s", 60)))
        case EnterQueue() if not turn or "nobody" in turn:
            return NobodyAnswered(logged_in=bool(turn.get("logged_in", False)))
        case TakeMessage() if not turn or "said_s" in turn:
            return MessageTaken(float(turn.get("said_s", 0)))
        case HangUp() | EmergencyTransfer():
            return HungUp()
        case _:
            raise ScriptFault(
                f"turn {number + 1}: {turn} does not fit {type(command).__name__}; "
                "{} does nothing, {'key': '0'} presses a key, {'hang_up': true} hangs up"
            )
