"""The interpreter: state + event + moment → state + commands.

Pure, so that the line, the simulator and the checker run the same code.

One step = one event. The commands it returns are carried out in order; the event of the last one
(or of the first that is cut short) is fed to the next step.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from callflow import danger
from callflow.commands import Command, EmergencyTransfer, HangUp
from callflow.events import EmergencyHeard, Event, HungUp, KeysPressed
from callflow.flow import EMERGENCY_NUMBERS, Flow
from callflow.nodes.base import Facts, Leaving, Scene, Staying, Value
from callflow.nodes.emergency import EmergencyNode

EMERGENCY = "emergency"  # the name under which a transfer stands in a call's path


@dataclass(frozen=True)
class State:
    """Where a call stands. Serialisable, so that a session survives an engine restart.

    ``values``: what has become known; ``memory``: what the present node remembers of its turns.
    ``asking``: the emergency number that the caller is just asked about; ``offered``: all of them.
    """

    flow: str
    version: int
    facts: Facts
    node: str
    path: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    language: str = "zh-CN"
    verified: bool = False
    values: dict[str, Value] = field(default_factory=dict)
    memory: dict[str, Value] = field(default_factory=dict)
    asking: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    state: State
    commands: tuple[Command, ...]


def begin(flow: Flow, facts: Facts, now: datetime) -> Step:
    """The first step of a call. ``now`` has a time zone; the flow's own is used."""
    state = State(flow.name, flow.version, facts, flow.start, language=flow.languages[0])
    return _follow(flow, state, Leaving(flow.start), now)


def resume(flow: Flow, state: State, now: datetime) -> Step:
    """Do again what the call was doing when its session was lost."""
    if "emergency" in state.notes:
        return Step(state, (EmergencyTransfer(state.notes["emergency"]),))
    if state.ended or state.node not in flow.nodes:
        return Step(replace(state, ended=True), (HangUp(),))
    if state.asking:
        return Step(state, (danger.question(state.asking),))
    node = flow.nodes[state.node]
    lost = replace(state, notes=state.notes | node.broken_off(), memory={})
    return Step(lost, node.enter(scene_of(flow, lost, now)))


def step(flow: Flow, state: State, event: Event, now: datetime) -> Step:
    """What to do after ``event``. Keys that work everywhere come before the node's own."""
    match event:
        case HungUp():
            notes = state.notes | flow.nodes[state.node].broken_off()
            return Step(replace(state, notes=notes, ended=True), ())
        case KeysPressed(keys) if keys in EMERGENCY_NUMBERS:
            return _emergency(state, keys, {"emergency_by": "keys"})
        case EmergencyHeard():
            return _danger(flow, state, event, now)
        case _ if state.asking:
            return _answered(flow, state, event, now)
        case KeysPressed(keys) if flow.keys.get(keys) == state.node:
            # Who asks again for what is under way is not led in circles: it does not count.
            return resume(flow, state, now)
        case KeysPressed(keys) if keys in flow.keys:
            return _follow(flow, state, Leaving(flow.keys[keys]), now)
        case _:
            after = flow.nodes[state.node].leave(event, scene_of(flow, state, now))
            if isinstance(after, Staying):
                return _stay(state, after)
            return _follow(flow, state, after, now)


def scene_of(flow: Flow, state: State, now: datetime) -> Scene:
    """What the present node may look at."""
    return Scene(
        state.facts,
        now.astimezone(flow.zone),
        state.language,
        state.values,
        state.memory,
        "".join(key for key, to in flow.keys.items() if to != state.node),
    )


def offers(flow: Flow, state: State) -> frozenset[str]:
    """The emergency numbers about which words of danger would make the flow ask just now."""
    if state.ended or state.asking or state.node not in flow.nodes:
        return frozenset()
    return danger.offered_by(flow.nodes[state.node], state.offered)


def _danger(flow: Flow, state: State, heard: EmergencyHeard, now: datetime) -> Step:
    """Ask, where the flow says so; else the call goes on (its priority is the engine's matter)."""
    noted = replace(state, notes=state.notes | {"emergency_words": heard.words})
    if heard.number not in offers(flow, state):
        return resume(flow, noted, now)
    asking = replace(noted, asking=heard.number, offered=(*noted.offered, heard.number))
    return Step(asking, (danger.question(heard.number),))


def _answered(flow: Flow, state: State, event: Event, now: datetime) -> Step:
    """A yes transfers; after anything else the call goes on where it was."""
    number, asked = state.asking, replace(state, asking="")
    if danger.confirmed(event):
        return _emergency(asked, number, {"emergency_by": "words"})
    declined = replace(asked, notes=asked.notes | {"emergency_declined": number})
    if isinstance(event, KeysPressed) and event.keys in flow.keys:
        return step(flow, declined, event, now)
    return resume(flow, declined, now)


def _emergency(state: State, number: str, notes: dict[str, str]) -> Step:
    """Whatever the call was doing: the emergency service is next and last."""
    moved = replace(
        state,
        path=(*state.path, f"{EMERGENCY}-{number}"),
        notes=state.notes | notes | {"emergency": number},
        ended=True,
    )
    return Step(moved, (EmergencyTransfer(number),))


def _stay(state: State, staying: Staying) -> Step:
    stayed = replace(
        state,
        memory=staying.memory,
        values=state.values | staying.values,
        verified=state.verified or staying.verified,
    )
    return Step(stayed, staying.commands)


def _follow(flow: Flow, state: State, leaving: Leaving, now: datetime) -> Step:
    noted = _noted(state, leaving)
    to: str | None = _allowed(flow, noted, leaving.to)
    while to is not None:
        node = flow.nodes[to]
        noted = replace(noted, node=to, path=(*noted.path, to), memory={})
        scene = scene_of(flow, noted, now)
        decided = node.decide(scene)
        if decided is None:
            if isinstance(node, EmergencyNode):
                return _emergency(noted, node.number, {"emergency_by": "flow"})
            return _begun(noted, node.enter(scene))
        noted = _noted(noted, decided)
        to = _allowed(flow, noted, decided.to)
    return Step(replace(noted, ended=True), (HangUp(),))


def _noted(state: State, leaving: Leaving) -> State:
    return replace(
        state,
        notes=state.notes | leaving.notes,
        values=state.values | leaving.values,
        language=leaving.language or state.language,
        verified=state.verified or leaving.verified,
    )


def _allowed(flow: Flow, state: State, to: str) -> str | None:
    """A loop in the graph ends by count: nobody is led in circles, behind `exhausted` neither."""
    for candidate in (to, flow.exhausted):
        if state.path.count(candidate) < flow.visits:
            return candidate
    return None


def _begun(state: State, commands: tuple[Command, ...]) -> Step:
    ends = any(isinstance(command, HangUp) for command in commands)
    return Step(replace(state, ended=ends), commands)
