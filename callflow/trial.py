"""Tests of a flow: a script, the world around it, and what must come out; and what they cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from callflow.commands import Digits
from callflow.duration import Prompts, spoken_by
from callflow.flow import Flow
from callflow.simulate import Run, ScriptFault, World, simulate


class Expected(BaseModel):
    """What must be true at the end; what is left out does not matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: tuple[str, ...] | None = Field(default=None, description="Every node, in order")
    passes: tuple[str, ...] = Field(default=(), description="Nodes that are passed, in order")
    avoids: tuple[str, ...] = Field(default=(), description="Nodes that are never entered")
    ends_at: str | None = Field(default=None, description="The last node")
    notes: dict[str, str] = Field(default_factory=dict, description="What is written down")
    hears: tuple[str, ...] = Field(default=(), description="Prompts that are played, in order")
    within_s: float | None = Field(default=None, gt=0, description="The call is over by then")


@dataclass(frozen=True)
class Trial:
    """One test of a flow."""

    name: str
    world: World
    script: tuple[Any, ...]
    expects: Expected


@dataclass(frozen=True)
class Verdict:
    """``why``: everything that was not as expected; empty when the test has passed."""

    name: str
    why: tuple[str, ...]
    path: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Coverage:
    """Which nodes and edges (from, to) the tests have passed, and which not."""

    nodes: tuple[str, ...]
    nodes_missed: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    edges_missed: tuple[tuple[str, str], ...]


def try_out(flow: Flow, trial: Trial, prompts: Prompts) -> Verdict:
    """Run one test. A script that does not fit is a failure of the test, not an error."""
    try:
        run = simulate(flow, trial.world, trial.script, prompts)
    except ScriptFault as fault:
        return Verdict(trial.name, (str(fault),), (), 0.0)
    return Verdict(trial.name, tuple(unlike(run, trial.expects)), run.state.path, run.seconds)


def covered(flow: Flow, paths: Iterable[tuple[str, ...]]) -> Coverage:
    """What these paths through the flow have passed."""
    paths = list(paths)
    been = {node for path in paths for node in path}
    taken = {pair for path in paths for pair in pairwise(path)}
    edges = sorted({(name, to) for name, node in flow.nodes.items() for to in node.exits()})
    return Coverage(
        nodes=tuple(node for node in flow.nodes if node in been),
        nodes_missed=tuple(node for node in flow.nodes if node not in been),
        edges=tuple(edge for edge in edges if edge in taken),
        edges_missed=tuple(edge for edge in edges if edge not in taken),
    )


def heard_in(run: Run) -> list[str]:
    """Prompt keys and figures in the order in which they were spoken."""
    return [
        part.figures if isinstance(part, Digits) else part
        for command in run.commands
        for part in spoken_by(command)
    ]


def unlike(run: Run, expected: Expected) -> list[str]:
    """Everything about the run that is not as expected, in words."""
    state, wrong = run.state, []
    if expected.path is not None and state.path != expected.path:
        wrong.append(f"路径 path: {_chain(state.path)}; 应为 expected {_chain(expected.path)}")
    if not _in_order(expected.passes, state.path):
        wrong.append(f"未依次经过 did not pass {_chain(expected.passes)}: {_chain(state.path)}")
    wrong += [f"不应经过 entered {node}" for node in expected.avoids if node in state.path]
    if expected.ends_at is not None and state.path[-1] != expected.ends_at:
        wrong.append(f"止于 ended at {state.path[-1]}; 应为 expected {expected.ends_at}")
    for name, value in expected.notes.items():
        found = state.notes.get(name)
        if found != value:
            wrong.append(f"记录 note {name}: {found!r}; 应为 expected {value!r}")
    if not _in_order(expected.hears, heard_in(run)):
        wrong.append(f"未依次播放 did not hear {_chain(expected.hears)}")
    if expected.within_s is not None and run.seconds > expected.within_s:
        wrong.append(f"用时 took {run.seconds:g} s; 应不超过 at most {expected.within_s:g} s")
    return wrong


def _chain(names: Iterable[str]) -> str:
    return " → ".join(names)


def _in_order(wanted: Iterable[str], found: Iterable[str]) -> bool:
    remaining = iter(found)
    return all(one in remaining for one in wanted)
