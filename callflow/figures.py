"""Figures of a flow: how far it is to a person, how deep its menus go."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from callflow.commands import Command, EnterQueue, Transfer
from callflow.duration import Prompts, lasts_s
from callflow.flow import Flow
from callflow.nodes.base import Facts, Scene
from callflow.nodes.intent import IntentNode
from callflow.nodes.menu import MenuNode
from callflow.reach import Place, Reach, components, keyless

EXAMPLE = Scene(
    Facts(caller="", dialled="", ticket_number="000000000000"), datetime(2026, 1, 1, tzinfo=UTC)
)


@dataclass(frozen=True)
class Figures:
    """``to_person_s``: the longest way from the answer to a person, touching nothing; None: never.

    ``keys_to_person``: the fewest keys from the start. ``worst_…``: from the worst place a caller
    can come to before being heard, by the way with the fewest keys. ``menu_depth``: menus passed
    at most on the shortest way to any node.
    """

    to_person_s: float | None
    keys_to_person: int | None
    worst_s: float | None
    worst_keys: int | None
    menu_depth: int
    menu_options: int
    nodes: int
    states: int


def seconds_of(commands: Mapping[str, Iterable[Command]], prompts: Prompts) -> dict[str, float]:
    """Node → how long it takes at most without a key and without a conversation."""
    return {
        node: sum(lasts_s(command, prompts) for command in todo) for node, todo in commands.items()
    }


def figures_of(
    flow: Flow,
    reach: Reach,
    seconds: Mapping[str, float],
    commands: Mapping[str, Iterable[Command]],
) -> Figures:
    persons = {
        node
        for node, todo in commands.items()
        if any(isinstance(command, EnterQueue | Transfer) for command in todo)
    }
    menus = {
        name: len(node.keys) if isinstance(node, MenuNode) else len(node.meanings)
        for name, node in flow.nodes.items()
        if isinstance(node, MenuNode | IntentNode)
    }
    nearest = _nearest(reach, seconds, persons)
    start = next(iter(reach.came))
    owed = [nearest.get(place) for place in reach.came if not (place.heard or place.suspended)]
    far = [found for found in owed if found is not None]
    return Figures(
        to_person_s=_longest_wait(reach, seconds, persons, flow.visits),
        keys_to_person=nearest[start][0] if start in nearest else None,
        worst_s=round(max(found[1] for found in far), 1) if far else None,
        worst_keys=max(found[0] for found in far) if far else None,
        menu_depth=_depth(reach, set(menus)),
        menu_options=max(menus.values(), default=0),
        nodes=len(flow.nodes),
        states=len(reach.came),
    )


def _nearest(
    reach: Reach, seconds: Mapping[str, float], persons: set[str]
) -> dict[Place, tuple[int, float]]:
    """State → (keys, seconds) of its way to a person with the fewest keys (Dijkstra, backwards)."""
    before: dict[Place, list[tuple[Place, int, float]]] = {}
    for place, moves in reach.moves.items():
        for move in moves:
            cost_s = 0.0 if move.key else seconds[place.node]
            before.setdefault(move.to, []).append((place, 1 if move.key else 0, cost_s))
    found: dict[Place, tuple[int, float]] = {}
    heap = [(0, 0.0, number, place) for number, place in enumerate(reach.came)
            if place.node in persons]  # fmt: skip
    number = len(reach.came)
    while heap:
        keys, passed_s, _, place = heapq.heappop(heap)
        if place in found:
            continue
        found[place] = (keys, passed_s)
        for earlier, more_keys, more_s in before.get(place, ()):
            if earlier not in found:
                number += 1
                heapq.heappush(heap, (keys + more_keys, passed_s + more_s, number, earlier))
    return found


def _longest_wait(
    reach: Reach, seconds: Mapping[str, float], persons: set[str], visits: int
) -> float | None:
    """Seconds on the longest way without keys that comes to a person; None if none does.

    A circle counts with all its nodes entered as often as the flow allows: an upper bound.
    """
    longest: dict[Place, float | None] = {}
    for group in components(keyless(reach)):
        inside = set(group)
        weight = sum(seconds[place.node] for place in group) * (visits if len(group) > 1 else 1)
        onward = [
            longest[move.to]
            for place in group
            for move in reach.moves[place]
            if not move.key and move.to not in inside
        ]
        known = [one for one in onward if one is not None]
        rings = any(place.node in persons for place in group)
        best = 0.0 if rings else (weight + max(known) if known else None)
        longest.update(dict.fromkeys(group, best))
    found = longest[next(iter(reach.came))]
    return None if found is None else round(found, 1)


def _depth(reach: Reach, menus: set[str]) -> int:
    """Of all nodes, the one behind most menus, by the way to it that passes the fewest."""
    passed: dict[Place, int] = {}
    start = next(iter(reach.came))
    heap = [(0, 0, start)]
    number = 0
    while heap:
        depth, _, place = heapq.heappop(heap)
        if place in passed:
            continue
        passed[place] = depth
        through = depth + (place.node in menus)
        for move in reach.moves[place]:
            number += 1
            heapq.heappush(heap, (through, number, move.to))
    return max((depth + (place.node in menus) for place, depth in passed.items()), default=0)
