"""Proofs about a flow before anybody calls it. Pure; exact on the graph of nodes.

What is proved, for every node that a caller can come to:

- the call ends: a `hang_up` can be reached (with the count of visits no loop is endless);
- a person or a recorded intake can be reached, by waiting or by a key that works everywhere;
- 110, 119, 120 and 122 can be keyed within `EMERGENCY_WITHIN_S`, whatever plays;
- every prompt it speaks exists in every language.

Times are worst cases: every prompt is heard to its end, every time-out runs out.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callflow.commands import Command, EnterQueue, TakeMessage
from callflow.duration import Prompts, deaf_s, lasts_s, spoken_by
from callflow.flow import Flow
from callflow.nodes.base import Facts, Scene

EMERGENCY_WITHIN_S = 10.0
# GB/T 33358-2016 prefers no voice menu and asks for an answer within 15 s.
PERSON_WITHIN_S = 15.0
_EXAMPLE = Scene(
    Facts(caller="", dialled="", ticket_number="000000000000"), datetime(2026, 1, 1, tzinfo=UTC)
)


@dataclass(frozen=True)
class Step:
    """One stretch of an example: the node, and the key that led on (``""``: by waiting)."""

    node: str
    key: str = ""


@dataclass(frozen=True)
class Fault:
    """``code`` names the kind; ``example``: a shortest way there; ``after_s``: its duration.

    A fault that is a ``warning`` does not stop a publication.
    """

    code: str
    node: str
    reason: str
    example: tuple[Step, ...] = ()
    after_s: float = 0.0
    warning: bool = False


@dataclass(frozen=True)
class Figures:
    """``to_person_s``: from the answer to the ringing of seats, touching nothing; None: never."""

    to_person_s: float | None
    keys_to_person: int | None
    nodes: int


@dataclass(frozen=True)
class Report:
    faults: tuple[Fault, ...]
    figures: Figures

    @property
    def publishable(self) -> bool:
        return all(fault.warning for fault in self.faults)


@dataclass(frozen=True)
class _Graph:
    """Edges by waiting (no key) and by keys, and what each node costs in seconds."""

    waiting: Mapping[str, tuple[str, ...]]
    keyed: Mapping[str, str]
    seconds: Mapping[str, float]
    ends: frozenset[str]
    intakes: frozenset[str]
    first: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)


def check(flow: Flow, prompts: Prompts) -> Report:
    """Every fault, those that stop a publication first."""
    graph = _graph(flow, prompts)
    faults = [
        *_unreachable(flow, graph),
        *_endless(graph),
        *_nobody_to_speak_to(flow, graph),
        *_prompts_missing(flow, graph, prompts),
        *_emergency_too_late(flow, graph),
        *_far_from_a_person(flow, graph),
    ]
    faults.sort(key=lambda fault: (fault.warning, fault.node, fault.code))
    return Report(tuple(faults), _figures(flow, graph))


def commands_of(flow: Flow, node: str) -> tuple[Command, ...]:
    return flow.nodes[node].enter(_EXAMPLE)


def _graph(flow: Flow, prompts: Prompts) -> _Graph:
    commands = {node: commands_of(flow, node) for node in flow.nodes}
    waiting = {name: node.exits() for name, node in flow.nodes.items()}
    graph = _Graph(
        waiting=waiting,
        keyed=flow.keys,
        seconds={
            node: sum(lasts_s(command, prompts) for command in todo)
            for node, todo in commands.items()
        },
        ends=frozenset(name for name, exits in waiting.items() if not exits),
        intakes=frozenset(
            node
            for node, todo in commands.items()
            if any(isinstance(command, EnterQueue | TakeMessage) for command in todo)
        ),
    )
    return _Graph(**vars(graph) | {"first": _shortest(flow, graph)})


def _shortest(flow: Flow, graph: _Graph) -> dict[str, tuple[Step, ...]]:
    """Node → a way to it with the fewest steps, from the answer."""
    found: dict[str, tuple[Step, ...]] = {flow.start: (Step(flow.start),)}
    _walk(graph, found, flow.start)
    ahead = {node: _nexts(graph, node) for node in graph.waiting}
    for node in list(found):
        circles = any(node in _reached(ahead, to) for to in ahead[node])
        if circles and flow.exhausted not in found:
            found[flow.exhausted] = (*found[node], Step(flow.exhausted))
            _walk(graph, found, flow.exhausted)
    return found


def _walk(graph: _Graph, found: dict[str, tuple[Step, ...]], start: str) -> None:
    """Breadth first, by waiting before keys; what was found before keeps its way."""
    queue = deque([start])
    while queue:
        node = queue.popleft()
        nexts = [(to, "") for to in graph.waiting[node]]
        if node not in graph.ends:  # a call that hangs up hears no more keys
            nexts += [(to, key) for key, to in graph.keyed.items()]
        for to, key in nexts:
            if to not in found:
                found[to] = (*found[node][:-1], Step(node, key), Step(to))
                queue.append(to)


def _fault(graph: _Graph, code: str, node: str, reason: str, *, warning: bool = False) -> Fault:
    way = graph.first.get(node, ())
    # A key is pressed at once: only what was waited out costs time.
    after_s = sum(graph.seconds[step.node] for step in way[:-1] if not step.key)
    return Fault(code, node, reason, way, round(after_s, 1), warning)


def _unreachable(flow: Flow, graph: _Graph) -> list[Fault]:
    return [
        Fault("unreachable", node, "没有路径能到达这个节点 no caller can come here")
        for node in flow.nodes
        if node not in graph.first
    ]


def _endless(graph: _Graph) -> list[Fault]:
    ending = _leading_to(graph, graph.ends)
    reason = "通话在这里无法结束 the call can never end from here"
    return [_fault(graph, "endless", node, reason) for node in graph.first if node not in ending]


def _nobody_to_speak_to(flow: Flow, graph: _Graph) -> list[Fault]:
    """Behind a person or an intake nothing more is owed: only what comes before is looked at."""
    served = _leading_to(graph, graph.intakes)
    by_key = any(to in served for to in graph.keyed.values())
    reason = "到达不了人工或录音受理 neither a person nor a recorded intake can be reached"
    return [
        _fault(graph, "no-intake", node, reason)
        for node in _before_intake(flow, graph)
        if node not in served and not (by_key and graph.waiting[node])
    ]


def _before_intake(flow: Flow, graph: _Graph) -> list[str]:
    """Nodes to which a caller can come who has not been heard yet.

    ``exhausted`` is among them only if such a caller can go round in a circle.
    """
    ahead = {
        node: set() if node in graph.intakes else _nexts(graph, node) for node in graph.waiting
    }
    found = _reached(ahead, flow.start)
    if any(node in _reached(ahead, to) for node in found for to in ahead[node]):
        found |= _reached(ahead, flow.exhausted)
    return sorted(found)


def _nexts(graph: _Graph, node: str) -> set[str]:
    """By waiting, and by the keys that work everywhere."""
    if node in graph.ends:
        return set()
    return set(graph.waiting[node]) | set(graph.keyed.values())


def _reached(ahead: Mapping[str, set[str]], start: str) -> set[str]:
    found, queue = {start}, deque([start])
    while queue:
        for node in ahead[queue.popleft()] - found:
            found.add(node)
            queue.append(node)
    return found


def _prompts_missing(flow: Flow, graph: _Graph, prompts: Prompts) -> list[Fault]:
    return [
        _fault(graph, "prompt-missing", node, f"缺少语音 no sound for {part!r} in {language}")
        for node in graph.first
        for command in commands_of(flow, node)
        for part in spoken_by(command)
        for language in prompts.missing(part)
    ]


def _emergency_too_late(flow: Flow, graph: _Graph) -> list[Fault]:
    return [
        _fault(graph, "emergency-late", node, f"按键 {deaf:.0f} 秒内无效 keys are not heard")
        for node in graph.first
        if (deaf := sum(deaf_s(one) for one in commands_of(flow, node))) > EMERGENCY_WITHIN_S
    ]


def _far_from_a_person(flow: Flow, graph: _Graph) -> list[Fault]:
    figures = _figures(flow, graph)
    if figures.to_person_s is None:
        reason = "不按键到达不了人工 without a key nobody is rung"
    elif figures.to_person_s > PERSON_WITHIN_S:
        reason = f"{figures.to_person_s:.1f} 秒后才接人工 s until a person is rung (GB/T 33358: 15)"
    else:
        return []
    return [Fault("far-from-person", flow.start, reason, warning=True)]


def _figures(flow: Flow, graph: _Graph) -> Figures:
    queues = {
        node
        for node in flow.nodes
        if any(isinstance(command, EnterQueue) for command in commands_of(flow, node))
    }
    untouched = _longest_wait(graph, flow.start, queues)
    keys = 0 if untouched is not None else (1 if queues & set(graph.keyed.values()) else None)
    return Figures(untouched, keys, len(flow.nodes))


def _longest_wait(graph: _Graph, node: str, queues: set[str]) -> float | None:
    """Seconds on the longest way without keys and without turning back; None if one misses."""
    stack: list[tuple[str, float, frozenset[str]]] = [(node, 0.0, frozenset())]
    longest = 0.0
    while stack:
        here, passed_s, been = stack.pop()
        if here in queues:
            longest = max(longest, passed_s)
            continue
        ahead = [to for to in graph.waiting[here] if to not in been]
        if not ahead:
            return None
        stack += [(to, passed_s + graph.seconds[here], been | {here}) for to in ahead]
    return round(longest, 1)


def _leading_to(graph: _Graph, goals: frozenset[str]) -> set[str]:
    """Nodes from which one of the goals can be reached by waiting."""
    before: dict[str, set[str]] = {node: set() for node in graph.waiting}
    for node, exits in graph.waiting.items():
        for to in exits:
            before[to].add(node)
    return set().union(*(_reached(before, goal) for goal in goals))
