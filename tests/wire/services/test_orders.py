"""Orders to the engine over their socket: answers, refusals, and an engine that is away."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.orders import EngineAway, OrderCounter, OrderRefused, ask


async def handle(order: Mapping[str, Any]) -> Mapping[str, Any]:
    match order["order"]:
        case "refuse":
            raise OrderRefused("conflict", "SeatCannot", ("it is paused", "坐席已暂停"), ("ready",))
        case "fail":
            raise RuntimeError("a fault of ours")
        case _:
            return {"seat": order["seat"], "原因": "午餐"}


async def test_an_order_is_answered_and_the_next_one_too(tmp_path: Path) -> None:
    counter = OrderCounter(handle)
    await counter.start(tmp_path / "orders.sock")
    for seat in ("1001", "1002"):
        answer = await ask(tmp_path / "orders.sock", {"order": "state", "seat": seat})
        assert answer == {"seat": seat, "原因": "午餐"}
    await counter.close()


async def test_a_refusal_says_why_and_what_is_possible(tmp_path: Path) -> None:
    counter = OrderCounter(handle)
    await counter.start(tmp_path / "orders.sock")
    with pytest.raises(OrderRefused, match="it is paused") as refused:
        await ask(tmp_path / "orders.sock", {"order": "refuse"})
    found = refused.value
    assert (found.kind, found.error, found.chinese, found.allowed) == (
        "conflict",
        "SeatCannot",
        "坐席已暂停",
        ("ready",),
    )
    with pytest.raises(OrderRefused, match="RuntimeError"):
        await ask(tmp_path / "orders.sock", {"order": "fail"})
    await counter.close()


async def test_an_engine_that_is_away_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EngineAway, match="FileNotFoundError"):
        await ask(tmp_path / "orders.sock", {"order": "state"})
    silent = await asyncio.start_unix_server(
        lambda _reader, writer: writer.close(), str(tmp_path / "silent.sock")
    )
    with pytest.raises(EngineAway, match=r"hung up|Reset|BrokenPipe"):
        await ask(tmp_path / "silent.sock", {"order": "state"})
    silent.close()


async def test_what_is_no_order_ends_the_connection_only(tmp_path: Path) -> None:
    counter = OrderCounter(handle)
    path = tmp_path / "orders.sock"
    await counter.start(path)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"not json\n")
    assert b"EngineFailed" in await reader.readline()
    writer.close()
    assert (await ask(path, {"order": "state", "seat": "1"}))["seat"] == "1"
    await counter.close()
