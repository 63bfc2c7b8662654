"""Talk to a flow without a telephone: the same interpreter, a script in place of the caller.

A script is a list of what the caller (or the world) does at each turn, by the kind of command the
flow waits with: ``{"key": "0"}``, ``{"answered": "1001"}``, ``{"nobody": true}``,
``{"said_s": 12}``, ``{"words": "着火了", "number": "119"}``, ``{"hang_up": true}`` or ``{}``.
A turn that the script leaves out is the caller doing nothing. Time is virtual: every prompt, every
waiting and every conversation moves the clock on by its length.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from callflow import step as interpreter
from callflow.commands import (
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
from callflow.duration import Prompts, lasts_s
from callflow.events import (
    DigitsTaken,
    Done,
    EmergencyHeard,
    Event,
    Failed,
    Heard,
    HungUp,
    KeysPressed,
    Known,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
)
from callflow.flow import EMERGENCY_NUMBERS, Flow
from callflow.nodes.base import Facts, UnexpectedEvent, Value
from callflow.step import State, Step

MOST_TURNS = 1000
TALK_S = 60.0  # a conversation whose length the script does not give
PRESSED_AFTER_S = 1.0  # a key comes this long after its prompt has begun
NO_PROMPTS = Prompts({})
EXAMPLE_TICKET = "261122557010"


class ScriptFault(ValueError):
    """A turn of the script that fits no command; names the turn and what would be right."""


class World(BaseModel):
    """What stands around the call: the moment it begins, who calls, who is there to answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    now: AwareDatetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    caller: str = Field(default="13800000000", max_length=64)
    dialled: str = Field(default="12345", max_length=64)
    channel: str = Field(default="phone", max_length=32)
    seats: Literal["free", "busy", "none"] = Field(
        default="none", description="none: nobody is logged in"
    )
    fails: tuple[
        Literal[
            "caller",
            "queue",
            "ticket",
            "switches",
            "sms",
            "http",
            "set_switch",
            "call_back",
            "privacy_pause",
            "roster",
        ],
        ...,
    ] = Field(default=(), description="What does not answer")
    values: dict[str, Value] = Field(
        default_factory=dict, description="What look-ups tell, such as queue.waiting"
    )
    switches: tuple[str, ...] = Field(default=(), description="Switches that are on")
    suspended: bool = False
    ticket_proof: str = Field(
        default="", pattern=r"^([0-9]{4})?$", description="A ticket is found with this number's end"
    )

    @property
    def facts(self) -> Facts:
        return Facts(self.caller, self.dialled, EXAMPLE_TICKET, self.channel)


@dataclass(frozen=True)
class Turn:
    """One stretch: at ``at_s`` seconds the call came to ``node`` and met ``commands``.

    ``event`` is how it went on; None: the call stands here and waits for the next turn.
    ``passed``: the nodes that were run through on the way here, this one last.
    """

    node: str
    passed: tuple[str, ...]
    at_s: float
    commands: tuple[Command, ...]
    event: Event | None
    offers: tuple[str, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """``commands``: all that the caller would have heard and met, in order."""

    state: State
    commands: tuple[Command, ...]
    turns: tuple[Turn, ...] = ()
    seconds: float = 0.0


def simulate(
    flow: Flow,
    world: World,
    script: Sequence[Any],
    prompts: Prompts = NO_PROMPTS,
    *,
    to_the_end: bool = True,
) -> Run:
    """Run until the flow ends; or, not ``to_the_end``, until it waits for a turn not given.

    Raises `ScriptFault`.
    """
    turns = [() if turn is None else turn for turn in script]  # null is no turn: a fault

    def given(place: int, _command: Command) -> object | None:
        left_out: object | None = {} if to_the_end else None
        return turns[place] if place < len(turns) else left_out

    return _Rehearsal(flow, world, prompts, given).run()


Caller = Callable[[int, Command], object | None]
"""Turn number from 0, and the command that waits → the turn; None: the run stands there."""


def converse(flow: Flow, world: World, caller: Caller, prompts: Prompts = NO_PROMPTS) -> Run:
    """Like `simulate`, with a caller who decides turn by turn. Raises `ScriptFault`."""
    return _Rehearsal(flow, world, prompts, caller).run()


class _Rehearsal:
    def __init__(self, flow: Flow, world: World, prompts: Prompts, caller: Caller) -> None:
        self._flow = flow
        self._prompts = prompts
        self._world = world
        self._caller = caller
        self._used = 0
        self._passed_s = 0.0

    def run(self) -> Run:
        done: list[Command] = []
        turns: list[Turn] = []
        known = 0
        step = interpreter.begin(self._flow, self._world.facts, self._world.now)
        for _ in range(MOST_TURNS):
            done.extend(step.commands)
            passed, known = step.state.path[known:], len(step.state.path)
            ended = step.state.ended or not step.commands
            at_s = self._passed_s
            event = None if ended else self._next(step)
            turns.append(_turn(step, passed, at_s, event))
            if event is None:
                return Run(step.state, tuple(done), tuple(turns), round(self._passed_s, 1))
            step = self._stepped(step.state, event)
        raise ScriptFault(f"the flow did not end within {MOST_TURNS} turns")

    def _stepped(self, state: State, event: Event) -> Step:
        try:
            return interpreter.step(self._flow, state, event, self._now())
        except UnexpectedEvent as failure:
            raise ScriptFault(f"turn {self._used}: {state.node}: {failure}") from failure

    def _now(self) -> datetime:
        return self._world.now + timedelta(seconds=self._passed_s)

    def _next(self, step: Step) -> Event | None:
        """What follows; None when the script is over and the caller is asked something."""
        command = step.commands[-1]
        if isinstance(command, Ask):
            return answer_of(self._world, command)
        if not isinstance(command, WAITS):
            return Done()
        turn = self._caller(self._used, command)
        if turn is None:
            return None
        self._used += 1
        event = _event(command, turn, self._used, self._world)
        self._passed_s += _duration(step.commands, event, self._prompts)
        return event


WAITS = (Say, AskKey, AskDigits, EnterQueue, TakeMessage, Transfer)


def _turn(step: Step, passed: tuple[str, ...], at_s: float, event: Event | None) -> Turn:
    offers: tuple[str, ...] = ()
    if event is None and not step.state.ended and step.commands:
        offers = offers_of(step.commands[-1])
    state = step.state
    return Turn(state.node, passed, round(at_s, 1), step.commands, event, offers, state.notes)


def offers_of(command: Command) -> tuple[str, ...]:
    """Which words a turn for this command may use, besides ``hang_up`` and emergency words."""
    match command:
        case EnterQueue():
            return ("answered", "nobody", "key")
        case TakeMessage():
            return ("said_s", "key")
        case AskDigits():
            return ("digits", "key")
        case Transfer():
            return ("connected", "fails", "key")
        case AskKey(phrases=phrases) if phrases:
            return ("key", "says", "fails")
        case Say() | AskKey():
            return ("key",)
        case _:
            return ()


def _duration(commands: tuple[Command, ...], event: Event, prompts: Prompts) -> float:
    match event:
        case KeysPressed() | EmergencyHeard() | HungUp():
            return PRESSED_AFTER_S
        case DigitsTaken(figures):
            return PRESSED_AFTER_S * len(figures)
        case Talked(_, talked_s):
            return talked_s
        case MessageTaken(spoke_s, _):
            return spoke_s
        case NobodyAnswered(logged_in=False):
            return 0.0
        case _:
            return sum(lasts_s(command, prompts) for command in commands)


def _event(command: Command, turn: object, number: int, world: World) -> Event:
    """Prompts and the answer happen by themselves unless the script has a key for them."""
    if not isinstance(turn, Mapping):
        raise ScriptFault(f"turn {number}: an object is wanted, such as {{}} or {{'key': '0'}}")
    if turn.get("hang_up"):
        return HungUp()
    if "words" in turn:
        return EmergencyHeard(str(turn.get("number", "110")), str(turn["words"]))
    if "key" in turn:
        return KeysPressed(str(turn["key"]))
    try:
        event = _meanwhile(command, turn, world)
    except (TypeError, ValueError) as failure:
        raise ScriptFault(f"turn {number}: {failure}") from failure
    if event is None:
        raise ScriptFault(
            f"turn {number}: {dict(turn)} does not fit {type(command).__name__}; "
            "{} does nothing, {'key': '0'} presses a key, {'hang_up': true} hangs up"
        )
    return event


def _digits(figures: str, asked: AskDigits) -> Event:
    if figures in EMERGENCY_NUMBERS:
        return KeysPressed(figures)
    return DigitsTaken(figures[: asked.most]) if figures else NoKey()


def answer_of(world: World, asked: Ask) -> Known | Failed:
    """What the world says to a look-up."""
    if asked.what in world.fails:
        return Failed("rehearsed")
    own = f"{asked.what}."
    told = {name: value for name, value in world.values.items() if name.startswith(own)}
    match asked.what:
        case "caller":
            return Known({"caller.suspended": world.suspended, **told})
        case "queue":
            free = int(world.seats == "free")
            known: dict[str, Value] = {
                "queue.logged_in": int(world.seats != "none"),
                "queue.free": free,
            }
            return Known({**known, "queue.waiting": 0, "queue.place": 1, **told})
        case "ticket":
            found: dict[str, Value] = {
                "ticket.found": bool(world.ticket_proof),
                "ticket.proof": world.ticket_proof,
            }
            return Known({**found, **told})
        case "roster":
            return Known({"roster.now": world.seats != "none", **told})
        case "switches":
            return Known({f"switch.{name}": True for name in world.switches})
        case "http":
            fields = {name.removeprefix(own): value for name, value in told.items()}
            return Known({"http.status": 200, **fields})
        case _:
            return Known()


def _meanwhile(command: Command, turn: Mapping[str, Any], world: World) -> Event | None:  # noqa: C901  one arm per kind of turn
    match command:
        case Say() if not turn:
            return Done()
        case AskKey() if not turn:
            return NoKey()
        case EnterQueue() if "answered" in turn or (not turn and world.seats == "free"):
            return Talked(str(turn.get("answered", "1001")), float(turn.get("talked_s", TALK_S)))
        case EnterQueue() if not turn or "nobody" in turn:
            return NobodyAnswered(logged_in=bool(turn.get("logged_in", world.seats == "busy")))
        case TakeMessage() if not turn or "said_s" in turn:
            return MessageTaken(float(turn.get("said_s", 0)), str(turn.get("said", "")))
        case AskKey(phrases=phrases) if phrases and "says" in turn:
            return Heard(str(turn["says"]))
        case AskDigits() if not turn or "digits" in turn:
            return _digits(str(turn.get("digits", "")), command)
        case Transfer() if not turn or "connected" in turn:
            return Talked("", float(turn.get("talked_s", TALK_S)))
        case AskKey() | TakeMessage() | Transfer() if turn.get("fails"):
            return Failed("rehearsed")
        case HangUp() | EmergencyTransfer():
            return HungUp()
        case _:
            return None
