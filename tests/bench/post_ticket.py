"""POST /tickets of the service beside bare Starlette with the same INSERTs, both durable.

    .venv/bin/python tests/bench/post_ticket.py [--requests 400] [--clients 8]

Both run under uvicorn (httptools, uvloop) in a process of their own, on a fresh SQLite file with
WAL and synchronous=FULL; the same client asks both in turns, three rounds each, the best counts.
The bare one validates nothing, knows nobody and writes the three rows by hand.
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.app import create_app
from api.backend import Backend
from services.actor import SYSTEM
from services.passwords import Passwords
from services.tokens import NewToken, issue_token
from storage.database import Database
from storage.migrate import migrate

GOAL = 0.5
ROUNDS = 3
BODY = {
    "category": "投诉",
    "summary": "人民路186号门前路灯不亮",
    "caller": "13800000000",
    "caller_text": "你好人民路一百八十六号门前的路灯不亮了已经三天了请你们派人来看一看",
    "fields": {"address": {"value": "人民路186号", "confidence": 0.9}},
}
COUNT = (
    "INSERT INTO ticket_number (day, issued) VALUES (?, 1) "
    "ON CONFLICT (day) DO UPDATE SET issued = issued + 1 RETURNING issued"
)
TICKET = (
    "INSERT INTO ticket (id, status, city, category, title, summary, caller, fields, caller_text,"
    " agent_text, origin, created_at, updated_at, version)"
    " VALUES (?, 'draft', 'hangzhou', ?, '', ?, ?, ?, ?, '', 'api', ?, ?, 1)"
)
EVENT = (
    "INSERT INTO ticket_event (ticket_id, version, at, actor, what, detail)"
    " VALUES (?, 1, ?, 'token:bench', 'registered', '{}')"
)


@dataclass(frozen=True)
class Round:
    """Requests per second and milliseconds of one round."""

    per_s: float
    p50_ms: float
    p95_ms: float


async def no_events() -> AsyncIterator[dict[str, Any]]:
    for event in ():
        yield event


def ours(file: Path) -> Any:
    return create_app(
        Backend(
            database=Database(f"sqlite+aiosqlite:///{file}"),
            recordings_dir=file.parent,
            secret=b"bench",
            live=no_events,
            zone=UTC,
            city="hangzhou",
            clock=lambda: datetime.now(UTC),
            passwords=Passwords(time_cost=1, memory_kib=8, lanes=1),
        )
    )


def bare(file: Path) -> Starlette:
    state: dict[str, Any] = {"turn": asyncio.Lock()}

    async def post(request: Request) -> JSONResponse:
        given = await request.json()
        now = datetime.now(UTC)
        moment, day = now.isoformat(" "), now.strftime("%y%m%d")
        async with state["turn"]:
            if "db" not in state:
                state["db"] = await aiosqlite.connect(file, isolation_level=None)
                await state["db"].execute("PRAGMA journal_mode=WAL")
                await state["db"].execute("PRAGMA synchronous=FULL")
                await state["db"].execute("PRAGMA foreign_keys=ON")
            db = state["db"]
            await db.execute("BEGIN IMMEDIATE")
            (issued,) = await (await db.execute(COUNT, (day,))).fetchone()
            number = f"{day}{863999 + issued:06d}"
            fields = json.dumps(given["fields"], ensure_ascii=False)
            texts = (given["category"], given["summary"], given["caller"])
            await db.execute(TICKET, (number, *texts, fields, given["caller_text"], moment, moment))
            await db.execute(EVENT, (number, moment))
            await db.execute("COMMIT")
        return JSONResponse({"ticket_id": number, **given}, status_code=201)

    return Starlette(routes=[Route("/tickets", post, methods=["POST"])])


def serve(kind: str, file: Path, listening: socket.socket) -> None:
    app = ours(file) if kind == "ours" else bare(file)
    config = uvicorn.Config(app, log_level="error", loop="uvloop", http="httptools")
    uvicorn.Server(config).run(sockets=[listening])


async def token_in(file: Path) -> str:
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database.transaction() as session:
        new = NewToken("bench", ["drafts"])
        _, token = await issue_token(
            session, new, actor=SYSTEM, issuer_roles=(), now=datetime.now(UTC)
        )
    await database.close()
    return token


async def measure(address: str, token: str, *, requests: int, clients: int) -> Round:
    took_ms: list[float] = []
    left = iter(range(requests))

    async def client() -> None:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            http.headers["Authorization"] = f"Bearer {token}"
            for _ in left:
                started = time.perf_counter()
                answer = await http.post("/tickets", json=BODY)
                took_ms.append((time.perf_counter() - started) * 1000)
                answer.raise_for_status()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    per_s = requests / (time.perf_counter() - started)
    return Round(per_s, statistics.median(took_ms), statistics.quantiles(took_ms, n=20)[18])


async def wait_until_up(address: str) -> None:
    async with asyncio.timeout(20), httpx.AsyncClient(trust_env=False) as http:
        while True:
            try:
                await http.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


def run(requests: int, clients: int) -> dict[str, Round]:
    """The best round of each, `ours` and `bare`."""
    best: dict[str, Round] = {}
    addresses: dict[str, tuple[str, str]] = {}
    processes = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        try:
            for kind in ("ours", "bare"):
                file = Path(folder) / f"{kind}.sqlite"
                migrate(f"sqlite+aiosqlite:///{file}")
                token = asyncio.run(token_in(file))
                listening = socket.create_server(("127.0.0.1", 0))
                addresses[kind] = (f"http://127.0.0.1:{listening.getsockname()[1]}", token)
                process = multiprocessing.Process(
                    target=serve, args=(kind, file, listening), daemon=True
                )
                process.start()
                listening.close()
                processes.append(process)
                asyncio.run(wait_until_up(addresses[kind][0]))
            for _ in range(ROUNDS):
                for kind, (address, token) in addresses.items():
                    found = asyncio.run(measure(address, token, requests=requests, clients=clients))
                    if kind not in best or found.per_s > best[kind].per_s:
                        best[kind] = found
        finally:
            for process in processes:
                process.terminate()
                process.join()
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args()
    best = run(given.requests, given.clients)
    for kind, found in best.items():
        print(
            f"POST /tickets {kind:5} {found.per_s:8.0f}/s"
            f"  p50 {found.p50_ms:6.1f} ms  p95 {found.p95_ms:6.1f} ms"
        )
    ratio = best["ours"].per_s / best["bare"].per_s
    print(f"ratio {ratio:.2f}, goal ≥ {GOAL}")


if __name__ == "__main__":
    main()
