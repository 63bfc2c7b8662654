"""POST /tickets of the service beside bare Starlette with the same INSERTs, both durable.

Both run under uvicorn (httptools, uvloop) in a process of their own, on a fresh SQLite file with
WAL and synchronous=FULL. The same client asks both in turns; the median round counts.
"""

import asyncio
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.backend import Backend
from cli.bench.bare_tickets import BareTickets
from cli.bench.figures import Line, percentile
from services.actor import SYSTEM
from services.passwords import Passwords
from services.tokens import NewToken, issue_token
from storage.database import Database
from storage.migrate import migrate
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault

ROW = "tickets"
GOAL = 0.5
OURS, BARE = "ours", "bare"
UP_WITHIN_S = 20.0
BODY = {
    "category": "投诉",
    "summary": "人民路186号门前路灯不亮",
    "caller": "13800000000",
    "caller_text": "你好人民路一百八十六号门前的路灯不亮了已经三天了请你们派人来看一看",
    "fields": {"address": {"value": "人民路186号", "confidence": 0.9}},
}


@dataclass(frozen=True)
class Effort:
    requests: int = 600
    clients: int = 8
    rounds: int = 5


@dataclass(frozen=True)
class Pace:
    """Requests per second and milliseconds of one round."""

    per_s: float
    p50_ms: float
    p95_ms: float


def lines() -> list[Line]:
    """The row of the table."""
    found = run(Effort())
    ours, bare = found[OURS], found[BARE]
    return [
        Line(
            ROW,
            "POST /tickets a second, durable, 8 clients",
            f"{ours.per_s:.0f}/s",
            f"{bare.per_s:.0f}/s bare Starlette, same INSERTs",
            ours.per_s / bare.per_s,
            f"≥ {GOAL:g} ×",
            ours.per_s >= GOAL * bare.per_s,
        ),
        Line(
            ROW,
            "one POST, p50 (p95)",
            f"{ours.p50_ms:.1f} ms ({ours.p95_ms:.1f})",
            f"{bare.p50_ms:.1f} ms ({bare.p95_ms:.1f})",
            ours.p50_ms / bare.p50_ms,
        ),
    ]


def run(effort: Effort) -> dict[str, Pace]:
    """The median of the rounds of each."""
    rounds: dict[str, list[Pace]] = {OURS: [], BARE: []}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # a disk, not memory
        files = {kind: Path(folder) / f"{kind}.sqlite" for kind in rounds}
        with _served(OURS, files[OURS]) as ours, _served(BARE, files[BARE]) as bare:
            for _ in range(effort.rounds):
                for kind, (address, token) in ((OURS, ours), (BARE, bare)):
                    rounds[kind].append(asyncio.run(measure(address, token, effort)))
    return {
        kind: Pace(
            *(statistics.median(column) for column in zip(*map(_columns, paces), strict=True))
        )
        for kind, paces in rounds.items()
    }


def _columns(pace: Pace) -> tuple[float, float, float]:
    return pace.per_s, pace.p50_ms, pace.p95_ms


async def measure(address: str, token: str, effort: Effort) -> Pace:
    """One round."""
    took_ms: list[float] = []
    left = iter(range(effort.requests))

    async def client() -> None:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            http.headers["Authorization"] = f"Bearer {token}"
            for _ in left:
                started = time.perf_counter()
                answer = await http.post("/tickets", json=BODY)
                took_ms.append((time.perf_counter() - started) * 1000)
                answer.raise_for_status()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(effort.clients)))
    per_s = effort.requests / (time.perf_counter() - started)
    return Pace(per_s, percentile(took_ms, 0.5), percentile(took_ms, 0.95))


@contextmanager
def _served(kind: str, file: Path) -> Iterator[tuple[str, str]]:
    """Address and token of a server in a process of its own, on a fresh database."""
    migrate(f"sqlite+aiosqlite:///{file}")
    token = asyncio.run(_token_in(file))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        process = multiprocessing.Process(target=_serve, args=(kind, file, listening), daemon=True)
        process.start()
    try:
        asyncio.run(_wait_until_up(address))
        yield address, token
    finally:
        process.terminate()
        process.join()


def _serve(kind: str, file: Path, listening: socket.socket) -> None:
    app: ASGIApp = _ours(file) if kind == OURS else BareTickets(file).app
    config = uvicorn.Config(app, log_level="error", loop="uvloop", http="httptools")
    uvicorn.Server(config).run(sockets=[listening])


def _ours(file: Path) -> ASGIApp:
    return create_app(
        Backend(
            database=Database(f"sqlite+aiosqlite:///{file}"),
            vault=Vault(DiskShelf(file.parent), KeyRing(file.parent / "keys.json"), file.parent),
            secret=b"bench",
            live=_no_events,
            zone=UTC,
            city="hangzhou",
            clock=lambda: datetime.now(UTC),
            passwords=Passwords(time_cost=1, memory_kib=8, lanes=1),
        )
    )


async def _no_events() -> AsyncIterator[dict[str, Any]]:
    never: tuple[dict[str, Any], ...] = ()
    for event in never:
        yield event


async def _token_in(file: Path) -> str:
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database.transaction() as session:
        new = NewToken("bench", ["drafts"])
        _, token = await issue_token(
            session, new, actor=SYSTEM, issuer_roles=(), now=datetime.now(UTC)
        )
    await database.close()
    return token


async def _wait_until_up(address: str) -> None:
    async with asyncio.timeout(UP_WITHIN_S), httpx.AsyncClient(trust_env=False) as http:
        while True:
            try:
                await http.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
