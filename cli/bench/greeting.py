"""The default flow's greeting beside a bare dialplan that plays the same prompts.

Two measurements. CPU per call: callers at a steady rate hear the greeting and hang up. Calls per
second: callers come faster and faster until one in twenty waits more than a second for the first
word; what was carried until then is the calls in progress over the time each takes (Little's law).
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.bench import sipp
from cli.bench.figures import CannotMeasure, Line
from cli.bench.sipp import Calls, Outcome
from cli.bench.system import BARE, BARE_RECORDED, System
from services import live

ROW = "greeting"
GOAL_RATE, GOAL_CPU = 0.8, 1.25
ROLES = ("engine", "recognizer", "worker")
TALK_S = 8.0  # the greeting takes 7.7 s
LATE_S = 1.0
WINDOW, FORGIVEN = 20, 1
MS = 1000.0


@dataclass(frozen=True)
class Effort:
    """``steady`` calls at ``rate`` a second; then ``most`` calls, every second faster."""

    steady: int = 36
    rate: float = 3.0
    most: int = 1000
    faster_by: float = 1.25
    settle_s: float = 4.0


Spent = dict[str, float]
"""CPU seconds: of Asterisk and of each role."""


def lines(system: System) -> list[Line]:
    """The row of the table."""
    effort = Effort()
    idle = _idle(system, effort.settle_s)
    bare, recorded, ours = (
        cpu_per_call(system, dialled, effort, idle)
        for dialled in (BARE, BARE_RECORDED, system.settings.hotline_number)
    )
    bare_rate = carried(asyncio.run(ramp(system, BARE, effort)))
    our_rate = carried(asyncio.run(ramp(system, system.settings.hotline_number, effort)))
    return [_rate_line(our_rate, bare_rate), *_cpu_lines(ours, bare, recorded)]


def _rate_line(our: tuple[float, bool], bares: tuple[float, bool]) -> Line:
    (ours, we_broke), (bare, it_broke) = our, bares
    return Line(
        ROW,
        "calls/s, first word within 1 s, callers on the same machine",
        f"{'' if we_broke else '≥ '}{ours:.1f}/s",
        f"{'' if it_broke else '≥ '}{bare:.1f}/s bare dialplan",
        ours / bare,
        f"≥ {GOAL_RATE:g} ×",
        ours >= GOAL_RATE * bare,
    )


def _cpu_lines(ours: Spent, bare: Spent, recorded: Spent) -> list[Line]:
    call_path = ours["asterisk"] + ours["engine"]
    speech = ours["recognizer"] + ours["worker"]
    return [
        Line(
            ROW,
            f"CPU per call of {TALK_S:g} s, Asterisk + engine",
            f"{call_path * MS:.0f} ms ({ours['asterisk'] * MS:.0f} + {ours['engine'] * MS:.0f})",
            f"{bare['asterisk'] * MS:.0f} ms bare dialplan",
            call_path / bare["asterisk"],
            f"≤ {GOAL_CPU:g} ×",
            call_path <= GOAL_CPU * bare["asterisk"],
        ),
        Line(
            ROW,
            "the same, beside a dialplan that records",
            f"{call_path * MS:.0f} ms",
            f"{recorded['asterisk'] * MS:.0f} ms with MixMonitor",
            call_path / recorded["asterisk"],
        ),
        Line(
            ROW,
            "what speech and draft add per call (recognizer + worker)",
            f"{speech * MS:.0f} ms ({ours['recognizer'] * MS:.0f} + {ours['worker'] * MS:.0f})",
        ),
    ]


def cpu_per_call(system: System, dialled: str, effort: Effort, idle: Spent) -> Spent:
    """CPU seconds of each process for one call, less what it uses without calls."""
    before, began = _spent(system), time.monotonic()
    outcome = sipp.call(system, Calls(dialled, effort.steady, effort.rate, effort.steady, TALK_S))
    if outcome.failed:
        raise CannotMeasure(f"{outcome.failed} of {effort.steady} calls to {dialled} failed")
    time.sleep(effort.settle_s)  # what follows a hang-up belongs to the call
    after, took_s = _spent(system), time.monotonic() - began
    return {
        name: (after[name] - before[name] - idle[name] * took_s) / effort.steady for name in after
    }


def _spent(system: System) -> Spent:
    return {"asterisk": system.cpu_s(), **{role: system.role_cpu_s(role) for role in ROLES}}


def _idle(system: System, for_s: float) -> Spent:
    """CPU seconds per second without any call."""
    before, began = _spent(system), time.monotonic()
    time.sleep(for_s)
    after, took_s = _spent(system), time.monotonic() - began
    return {name: (after[name] - before[name]) / took_s for name in after}


@dataclass(frozen=True)
class Served:
    """When one caller dialled, and how many seconds later the first word came, if it did."""

    at: float
    waited_s: float | None


async def ramp(system: System, dialled: str, effort: Effort) -> list[Served]:
    """Callers faster and faster, in the order of dialling."""
    greeted: dict[str, float] = {}
    listening = asyncio.create_task(_greetings(system, greeted))
    calls = Calls(
        dialled, effort.most, effort.rate, effort.most, TALK_S, faster_by=effort.faster_by
    )
    try:
        outcome = await asyncio.to_thread(sipp.call, system, calls)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    began = greeted if dialled == system.settings.hotline_number else outcome.answered_at
    return _served(outcome, began)


def _served(outcome: Outcome, began: Mapping[str, float]) -> list[Served]:
    return sorted(
        (
            Served(at, began[caller] - at if caller in began else None)
            for caller, at in outcome.dialled_at.items()
        ),
        key=lambda one: one.at,
    )


async def _greetings(system: System, greeted: dict[str, float]) -> None:
    """Caller → when the engine told Asterisk to play the greeting."""
    callers: dict[str, str] = {}
    async for event in live.subscribe(system.settings.live_socket):
        _note(event, callers, greeted)


def _note(event: Mapping[str, Any], callers: dict[str, str], greeted: dict[str, float]) -> None:
    if event["type"] == "call_started":
        callers[event["call_id"]] = event["caller"]
    elif event["type"] == "node" and event["node"] == "greeting":
        greeted[callers[event["call_id"]]] = datetime.fromisoformat(event["at"]).timestamp()


def carried(served: list[Served]) -> tuple[float, bool]:
    """Calls a second up to the first twenty callers of whom more than one waited too long.

    And whether there were such: else more would have been carried.
    """
    end = next(
        (first for first in range(len(served) - WINDOW + 1) if _too_late(served[first:])),
        len(served),
    )
    if end == 0:
        return 0.0, True
    until = served[end - 1].at
    in_progress = sum(until - TALK_S < one.at <= until for one in served[:end])
    return in_progress / min(TALK_S, max(until - served[0].at, 1.0)), end < len(served)


def _too_late(served: list[Served]) -> bool:
    waits = [one.waited_s for one in served[:WINDOW]]
    return sum(wait is None or wait > LATE_S for wait in waits) > FORGIVEN
