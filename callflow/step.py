"""The interpreter: state + event → state + commands.

Pure, so that the line, the simulator and the checker run the same code.

One step = one event. The commands it returns are carried out in order; the event of the last one
(or of the first that is cut short) is fed to the next step.
"""

from dataclasses import dataclass, field, replace

from callflow.commands import Command, EmergencyTransfer, HangUp
from callflow.events import EmergencyHeard, Event, HungUp, KeysPressed
from callflow.flow import EMERGENCY_NUMBERS, Flow
from callflow.nodes.base import Facts, Leaving

EMERGENCY = "emergency"  # the name under which a transfer stands in a call's path


@dataclass(frozen=True)
class State:
    """Where a call stands. Serialisable, so that a session survives an engine restart."""

    flow: str
    version: int
    facts: Facts
    node: str
    path: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True)
class Step:
    state: State
    commands: tuple[Command, ...]


def begin(flow: Flow, facts: Facts) -> Step:
    """The first step of a call."""
    state = State(flow.name, flow.version, facts, flow.start)
    return _enter(flow, state, flow.start)


def resume(flow: Flow, state: State) -> Step:
    """Do again what the call was doing when its session was lost."""
    if "emergency" in state.notes:
        return Step(state, (EmergencyTransfer(state.notes["emergency"]),))
    if state.ended or state.node not in flow.nodes:
        return Step(replace(state, ended=True), (HangUp(),))
    node = flow.nodes[state.node]
    lost = replace(state, notes=state.notes | node.broken_off())
    return Step(lost, node.enter(state.facts))


def step(flow: Flow, state: State, event: Event) -> Step:
    """What to do after ``event``. Keys that work everywhere come before the node's own."""
    match event:
        case HungUp():
            notes = state.notes | flow.nodes[state.node].broken_off()
            return Step(replace(state, notes=notes, ended=True), ())
        case KeysPressed(keys) if keys in EMERGENCY_NUMBERS:
            return _emergency(state, keys, {"emergency_by": "keys"})
        case EmergencyHeard(number, words):
            return _emergency(state, number, {"emergency_by": "words", "emergency_words": words})
        case KeysPressed(keys) if flow.keys.get(keys) == state.node:
            # Who asks again for what is under way is not led in circles: it does not count.
            return resume(flow, state)
        case KeysPressed(keys) if keys in flow.keys:
            return _follow(flow, state, Leaving(flow.keys[keys]))
        case _:
            return _follow(flow, state, flow.nodes[state.node].leave(event))


def _emergency(state: State, number: str, notes: dict[str, str]) -> Step:
    """Whatever the call was doing: the emergency service is next and last."""
    moved = replace(
        state,
        path=(*state.path, f"{EMERGENCY}-{number}"),
        notes=state.notes | notes | {"emergency": number},
        ended=True,
    )
    return Step(moved, (EmergencyTransfer(number),))


def _follow(flow: Flow, state: State, leaving: Leaving) -> Step:
    noted = replace(state, notes=state.notes | leaving.notes)
    # A loop in the graph ends by count: nobody is led in circles, not behind `exhausted` either.
    for to in (leaving.to, flow.exhausted):
        if state.path.count(to) < flow.visits:
            return _enter(flow, noted, to)
    return Step(replace(noted, ended=True), (HangUp(),))


def _enter(flow: Flow, state: State, node_id: str) -> Step:
    node = flow.nodes[node_id]
    commands = node.enter(state.facts)
    moved = replace(
        state,
        node=node_id,
        path=(*state.path, node_id),
        ended=any(isinstance(command, HangUp) for command in commands),
    )
    return Step(moved, commands)
