"""Which calls a reviewer should hear: rules that fill the work lists, each call once."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SamplingKind(StrEnum):
    RANDOM = "random_per_agent_week"
    DISSATISFIED = "dissatisfied"
    SUSPENSION = "suspension"
    EMERGENCY = "emergency"
    NEW_AGENT = "first_calls_of_new_agents"
    UNSURE = "lowest_confidence"


@dataclass(frozen=True)
class SamplingRule:
    """``number``: calls per agent and week, first calls, or lowest; unused by the kinds "all"."""

    name: str
    kind: SamplingKind
    number: int = 1


@dataclass(frozen=True)
class Sample:
    """A recording that could be reviewed."""

    call_id: str
    started_at: datetime
    seat: str
    dissatisfied: bool = False
    suspension: bool = False
    emergency: bool = False
    confidence: float = 1.0
    nth_of_seat: int = 1_000_000
    """The how-manieth call of this seat it was, ever."""


def chosen(rule: SamplingRule, samples: Sequence[Sample], seed: str) -> list[str]:
    """Calls that the rule wants, oldest first. The same seed chooses the same ones."""
    found = _CHOOSE[rule.kind](rule, [one for one in samples if one.seat], seed)
    return [one.call_id for one in sorted(found, key=lambda one: (one.started_at, one.call_id))]


def deal(call_ids: Iterable[str], reviewers: Sequence[str], load: dict[str, int]) -> dict[str, str]:
    """Call → reviewer: each goes to whoever has least to do."""
    busy = {name: load.get(name, 0) for name in reviewers}
    dealt: dict[str, str] = {}
    for call_id in call_ids:
        if not busy:
            break
        name = min(busy, key=lambda one: (busy[one], one))
        dealt[call_id] = name
        busy[name] += 1
    return dealt


def _random(rule: SamplingRule, samples: Sequence[Sample], seed: str) -> list[Sample]:
    weeks: dict[tuple[str, int, int], list[Sample]] = defaultdict(list)
    for one in samples:
        year, week, _ = one.started_at.isocalendar()
        weeks[one.seat, year, week].append(one)
    return [
        one
        for calls in weeks.values()
        for one in sorted(calls, key=lambda one: _lot(seed, one.call_id))[: rule.number]
    ]


def _lot(seed: str, call_id: str) -> str:
    # Drawn, but so that anybody can draw the same again: nobody chose the calls by hand.
    return hashlib.sha256(f"{seed}|{call_id}".encode()).hexdigest()


def _dissatisfied(_: SamplingRule, samples: Sequence[Sample], __: str) -> list[Sample]:
    return [one for one in samples if one.dissatisfied]


def _suspension(_: SamplingRule, samples: Sequence[Sample], __: str) -> list[Sample]:
    return [one for one in samples if one.suspension]


def _emergency(_: SamplingRule, samples: Sequence[Sample], __: str) -> list[Sample]:
    return [one for one in samples if one.emergency]


def _new_agent(rule: SamplingRule, samples: Sequence[Sample], _: str) -> list[Sample]:
    return [one for one in samples if one.nth_of_seat <= rule.number]


def _unsure(rule: SamplingRule, samples: Sequence[Sample], _: str) -> list[Sample]:
    return sorted(samples, key=lambda one: (one.confidence, one.call_id))[: rule.number]


_CHOOSE: dict[SamplingKind, Callable[[SamplingRule, Sequence[Sample], str], list[Sample]]] = {
    SamplingKind.RANDOM: _random,
    SamplingKind.DISSATISFIED: _dissatisfied,
    SamplingKind.SUSPENSION: _suspension,
    SamplingKind.EMERGENCY: _emergency,
    SamplingKind.NEW_AGENT: _new_agent,
    SamplingKind.UNSURE: _unsure,
}
