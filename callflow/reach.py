"""Every state a call can be in: node × counters × heard × verified × suspended. Exact and finite.

Time and facts of the world are not followed: each exit of a node may be taken. What is counted by
`count` nodes is followed exactly; how often any node was entered (``visits``) only so far as a
circle leads to ``exhausted``.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from callflow.flow import Flow
from callflow.nodes.base import By, Exit
from callflow.nodes.count import CountNode

MOST_STATES = 200_000
NOBODYS = Exit("", "")
EXHAUSTED = Exit("循环次数用完", "Went round too often")


class TooManyStates(Exception):
    """More states than can be followed; says how many counters make them."""

    def __init__(self, counters: int) -> None:
        super().__init__(
            f"more than {MOST_STATES} states: {counters} count nodes are too many or count too far"
        )


@dataclass(frozen=True)
class Place:
    """One state of a call. ``counts``: (name, rounds) of every counter begun."""

    node: str
    heard: bool = False
    verified: bool = False
    suspended: bool = False
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Move:
    """From one state to the next, by waiting or by ``key``; ``label`` is the node's exit."""

    to: Place
    key: str
    exit: Exit
    label: str


@dataclass
class Reach:
    """``came``: place → (the place before, the key); in the order of the fewest steps."""

    moves: dict[Place, tuple[Move, ...]] = field(default_factory=dict)
    came: dict[Place, tuple[Place, str] | None] = field(default_factory=dict)

    def places_of(self, node: str) -> Iterator[Place]:
        """States at this node, the nearest first."""
        return (place for place in self.came if place.node == node)

    def way_to(self, place: Place) -> list[tuple[str, str]]:
        """(node, key that led on) of a shortest way, the place itself last."""
        steps, here, key = [], place, ""
        while True:
            steps.append((here.node, key))
            before = self.came[here]
            if before is None:
                return steps[::-1]
            here, key = before


def explore(flow: Flow, hearing: Mapping[str, bool]) -> Reach:
    """All states from the start. ``hearing``: whether keys reach the flow at a node.

    Raises `TooManyStates`.
    """
    reach = Reach()
    _walk(flow, hearing, reach, Place(flow.start), None)
    circling = _circling(reach)
    # Who goes round in circles only by his own keys has chosen so: nothing more is owed then.
    by_itself = _circling(keyless(reach))
    for place in list(reach.came):
        if place in circling:
            heard = place.heard or place not in by_itself
            out = replace(place, node=flow.exhausted, heard=heard)
            reach.moves[place] += (Move(out, "", EXHAUSTED, "exhausted"),)
            if out not in reach.came:
                _walk(flow, hearing, reach, out, (place, ""))
    return reach


def _walk(
    flow: Flow,
    hearing: Mapping[str, bool],
    reach: Reach,
    start: Place,
    before: tuple[Place, str] | None,
) -> None:
    reach.came[start] = before
    queue = deque([start])
    while queue:
        here = queue.popleft()
        moves = tuple(_moves(flow, here, hears=hearing[here.node]))
        reach.moves[here] = moves
        for move in moves:
            if move.to not in reach.came:
                reach.came[move.to] = (here, move.key)
                queue.append(move.to)
        if len(reach.came) > MOST_STATES:
            counters = sum(isinstance(node, CountNode) for node in flow.nodes.values())
            raise TooManyStates(counters)


def _moves(flow: Flow, here: Place, *, hears: bool) -> Iterator[Move]:
    """By waiting before keys, so that the shortest examples press as little as possible."""
    node = flow.nodes[here.node]
    if isinstance(node, CountNode):
        counts = dict(here.counts)
        rounds = counts.get(node.name, 0)
        again = rounds < node.most
        counts[node.name] = min(rounds + 1, node.most)
        to = node.again if again else node.enough
        ahead = replace(here, node=to, counts=tuple(sorted(counts.items())))
        yield Move(ahead, "", NOBODYS, "again" if again else "enough")
        return
    ways = node.ways()
    for way in sorted(ways, key=lambda one: (bool(one.key), one.exit.by is By.ERROR)):
        yield Move(_after(here, way.to, way.exit), way.key, way.exit, way.label)
    own = {way.key for way in ways if way.key}
    if hears and ways:  # a call that ends hears no more keys
        for key, to in flow.keys.items():
            if key not in own and to != here.node:  # asked again: goes on as it is
                yield Move(replace(here, node=to), key, Exit("", "", By.CALLER), f"key {key}")


def _after(here: Place, to: str, exit_: Exit) -> Place:
    return replace(
        here,
        node=to,
        heard=here.heard or exit_.serves,
        verified=here.verified or exit_.verifies,
        suspended=here.suspended or exit_.suspends,
    )


def _circling(reach: Reach) -> set[Place]:
    """States that can come back to themselves: Tarjan's components, without recursion."""
    return {
        place
        for group in components(reach)
        for place in group
        if len(group) > 1 or any(move.to == place for move in reach.moves[place])
    }


def keyless(reach: Reach) -> Reach:
    """The same states with the moves of a caller who presses nothing."""
    moves = {
        place: tuple(move for move in moves if not move.key) for place, moves in reach.moves.items()
    }
    return Reach(moves, reach.came)


def components(reach: Reach) -> list[list[Place]]:
    """Strongly connected components, those that others lead to first."""
    index: dict[Place, int] = {}
    low: dict[Place, int] = {}
    stack: list[Place] = []
    on_stack: set[Place] = set()
    found: list[list[Place]] = []
    for root in reach.moves:
        if root in index:
            continue
        work = [(root, iter(reach.moves[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            here, ahead = work[-1]
            step = next(ahead, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    found.append(_popped(stack, on_stack, here))
            elif step.to not in index:
                index[step.to] = low[step.to] = len(index)
                stack.append(step.to)
                on_stack.add(step.to)
                work.append((step.to, iter(reach.moves[step.to])))
            elif step.to in on_stack:
                low[here] = min(low[here], index[step.to])
    return found


def _popped(stack: list[Place], on_stack: set[Place], until: Place) -> list[Place]:
    group = []
    while True:
        place = stack.pop()
        on_stack.discard(place)
        group.append(place)
        if place == until:
            return group
