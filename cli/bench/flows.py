"""Call flows: steps of the interpreter, the proofs by size of the flow, and the way back."""

import asyncio
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from callflow import step as interpreter
from callflow.check import check, parts_of
from callflow.commands import AskKey, EnterQueue
from callflow.duration import Prompts
from callflow.events import Done, Event, KeysPressed, NoKey, Talked
from callflow.flow import Flow, from_library, read
from callflow.nodes.base import Facts
from cli.bench.figures import Line
from services.actor import Actor
from services.flow_publishing import Publication, publish, rollback
from services.flow_shelf import REFRESH_EVERY_S, FlowShelf, Ringing
from services.flows import create_flow, drawing_of
from storage.database import Database
from storage.migrate import migrate

ROW = "flows"
SIZES = (30, 100, 300, 1000)
CHECKED = 300  # nodes, in less than a second
CALLS = 5_000
ROLLBACKS = 20
STEPS_GOAL, CHECK_GOAL_S, ROLLBACK_GOAL_S = 20_000, 1.0, 5.0
_NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
_PROMPTS = Prompts({"zh-CN": {"greeting": 3.0}})
_AUTHOR, _PUBLISHER = Actor("account:author"), Actor("account:publisher")


def lines(calls: int = CALLS, rollbacks: int = ROLLBACKS) -> list[Line]:
    """Beside: a dict look-up per step; the rollback has nothing like it to stand beside."""
    ours, beside = steps_per_s(calls), lookups_per_s(calls)
    proofs = {size: checked_s(size) for size in SIZES}
    back = asyncio.run(rollback_s(rollbacks))
    worst = max(back) + REFRESH_EVERY_S
    sizes = ", ".join(f"{size} nodes {took * 1000:.0f} ms" for size, took in proofs.items())
    return [
        Line(
            ROW,
            "interpreter steps of the default flow, beside a bare state table",
            f"{ours:,.0f}/s",
            f"{beside:,.0f}/s",
            ours / beside,
            f"≥ {STEPS_GOAL:,}/s",
            ours >= STEPS_GOAL,
        ),
        Line(
            ROW,
            f"all proofs of a flow of menus and queues: {sizes}",
            f"{proofs[CHECKED]:.2f} s for {CHECKED}",
            goal=f"< {CHECK_GOAL_S:.0f} s for {CHECKED}",
            met=proofs[CHECKED] < CHECK_GOAL_S,
        ),
        Line(
            ROW,
            f"rollback until the engine leads by it: median {statistics.median(back) * 1000:.0f} "
            f"ms of work and at most {REFRESH_EVERY_S:.0f} s until it asks",
            f"{worst:.2f} s",
            goal=f"< {ROLLBACK_GOAL_S:.0f} s",
            met=worst < ROLLBACK_GOAL_S,
        ),
    ]


def steps_per_s(calls: int) -> float:
    """Whole calls, answered, talked and rated; per second of one core's time."""
    flow, facts = from_library("default"), Facts("13800000000", "12345", "261122557010")
    began, steps = time.process_time(), 0
    for _ in range(calls):
        step = interpreter.begin(flow, facts, _NOW)
        steps += 1
        while not step.state.ended:
            step = interpreter.step(flow, step.state, _event(step.commands[-1]), _NOW)
            steps += 1
    return steps / (time.process_time() - began)


def _event(command: object) -> Event:
    match command:
        case EnterQueue():
            return Talked("1001", 60.0)
        case AskKey():
            return KeysPressed("1")
        case _:
            return Done()


def lookups_per_s(calls: int) -> float:
    """The least that could be called a flow: (node, event) → node."""
    path = ("answer", "greeting", "people", "survey", "rated", "end")
    table = {(here, NoKey): after for here, after in pairwise(path)}
    began = time.process_time()
    for _ in range(calls):
        node = path[0]
        while node != path[-1]:
            node = table[(node, NoKey)]
    return calls * (len(path) - 1) / (time.process_time() - began)


def flow_of(size: int) -> Flow:
    """Menus that lead on and back, every tenth node a queue."""
    nodes: dict[str, Any] = {}
    for n in range(size - 2):
        ahead = f"n{n + 1}" if n < size - 3 else "record"
        if n % 10 == 0 and n:
            nodes[f"n{n}"] = {"type": "queue", "answered": "end", "otherwise": ahead}
        else:
            nodes[f"n{n}"] = {
                "type": "menu", "say": ["greeting"], "otherwise": ahead,
                "keys": {"1": ahead, "2": f"n{n // 2}", "3": f"n{(n * 7) % (size - 2)}"},
            }  # fmt: skip
    nodes["record"] = {"type": "message", "taken": "end", "empty": "end"}
    nodes["end"] = {"type": "hang_up"}
    return read({"name": "large", "version": 0, "title": "", "start": "n0",
                 "exhausted": "record", "nodes": nodes})  # fmt: skip


def checked_s(size: int) -> float:
    """From the file's text to the report, on one core."""
    text = flow_of(size).model_dump_json(by_alias=True)
    began = time.perf_counter()
    check(read(json.loads(text)), _PROMPTS)
    return time.perf_counter() - began


async def rollback_s(rollbacks: int) -> list[float]:
    """From the use case to the engine's shelf leading by it, its pause between looks left out."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'hotline.sqlite'}"
        await asyncio.to_thread(migrate, url)
        database = Database(url)
        shelf = FlowShelf(
            database, Path(folder) / "published.json", default="day", now=lambda: datetime.now(UTC)
        )
        try:
            await _two_versions(database)
            return [await _back_s(database, shelf, 1 + n % 2) for n in range(rollbacks)]
        finally:
            await database.close()


async def _two_versions(database: Database) -> None:
    flow = from_library("default")
    graph = drawing_of(flow)
    keys = {str(part) for node in flow.nodes.values() for part in parts_of(node)}
    prompts = Prompts({"zh-CN": dict.fromkeys(keys, 3.0)})
    async with database.transaction() as session:
        row = await create_flow(session, "day", graph, actor=_AUTHOR, now=datetime.now(UTC))
        for _ in range(2):
            release = Publication(row.draft_version, "bench")
            await publish(session, "day", release, prompts=prompts, actor=_PUBLISHER,
                          now=datetime.now(UTC))  # fmt: skip


async def _back_s(database: Database, shelf: FlowShelf, number: int) -> float:
    began = time.perf_counter()
    async with database.transaction() as session:
        await rollback(session, "day", number, "bench", actor=_PUBLISHER, now=datetime.now(UTC))
    await shelf.refresh()
    chosen = shelf.for_call(Ringing("12345", "13800000000"))
    took = time.perf_counter() - began
    if (chosen.name, chosen.version) != ("day", number):
        raise RuntimeError(f"the engine leads by {chosen.name} {chosen.version}, not day {number}")
    return took
