"""Calls beyond the live capacity: how long after the hang-up are their words and draft there?

Twelve people speak at once to a hotline that may hear four of them live. The eight newest wait;
what was missed of them is transcribed from the recording when they have hung up.
"""

import asyncio

from cli.bench.draft import Effort, measure
from cli.bench.figures import CannotMeasure, Line, percentile
from cli.bench.system import System
from config.settings import Settings

ROW = "catch-up"
HEARD_LIVE = 4
EFFORT = Effort(calls=12, rate=4.0)
GOAL_S = 10.0


def lines(settings: Settings) -> list[Line]:
    """The 95th percentile and the longest; a system of its own, with little live capacity."""
    with System(settings, HOTLINE_LIVE_LEGS=str(HEARD_LIVE)) as system:
        found = asyncio.run(measure(system, EFFORT))
    if found.with_words < EFFORT.calls:
        raise CannotMeasure(f"{EFFORT.calls - found.with_words} drafts without words")
    return [_line(name, found.ours_s, found.raw_s, share) for name, share in SHOWN]


SHOWN = (("p50", 0.5), ("p95", 0.95), ("longest", 1.0))


def _line(name: str, ours_s: list[float], raw_s: list[float], share: float) -> Line:
    ours, raw = percentile(ours_s, share), percentile(raw_s, share)
    return Line(
        ROW,
        f"{EFFORT.calls} calls at once, {HEARD_LIVE} heard live: hang-up → draft, {name}",
        f"{ours:.2f} s",
        f"{raw:.2f} s raw decode + one INSERT",
        ours / raw,
        f"≤ {GOAL_S:g} s",
        ours <= GOAL_S,
    )
