"""The HTTP service with its pages, as a browser meets it: a port, a database, a loop of its own."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import uvicorn

from api.app import create_app
from api.backend import Backend
from cli.sounds import known_sounds
from services.passwords import Passwords
from storage.database import Database
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault
from tests.db.api.people import Clock, Events
from tests.web.floor import Floor

T = TypeVar("T")
WITHIN_S = 20.0


@dataclass
class Site:
    """`do` runs something on the service's own loop, for what a test puts into the database."""

    url: str
    backend: Backend
    clock: Clock
    events: Events
    loop: asyncio.AbstractEventLoop
    floor: Floor

    def do(self, act: Callable[[], Awaitable[T]]) -> T:
        async def acting() -> T:
            return await act()

        return asyncio.run_coroutine_threadsafe(acting(), self.loop).result(WITHIN_S)

    def tell(self, **event: object) -> None:
        """A live event, as the engine would send it."""
        self.loop.call_soon_threadsafe(self.events.queue.put_nowait, event)


def vault_in(folder: Path) -> Vault:
    """The keys lie beside what they seal."""
    ring = KeyRing(folder / "recording-keys.json")
    ring.ensure()
    return Vault(DiskShelf(folder / "kept"), ring, folder / "work")


@contextmanager
def running_site(database_file: Path, recordings: Path) -> Iterator[Site]:
    started: list[Site] = []
    server: list[uvicorn.Server] = []
    ready = threading.Event()

    async def serve() -> None:
        clock, events = Clock(), Events()
        floor = Floor(datetime.now(UTC))
        database = Database(f"sqlite+aiosqlite:///{database_file}")
        backend = Backend(
            database=database,
            vault=vault_in(recordings),
            sounds=lambda: known_sounds(database_file.parent / "prompts"),
            secret=b"a secret of this test",
            live=events,
            zone=ZoneInfo("Asia/Shanghai"),
            city="hangzhou",
            clock=clock,
            orders=floor,
            prompts_dir=database_file.parent / "prompts",
            recorded_dir=database_file.parent / "recorded-prompts",
            passwords=Passwords(time_cost=1, memory_kib=8, lanes=1),
        )
        listening = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(backend), log_level="warning", timeout_graceful_shutdown=1
        )
        server.append(uvicorn.Server(config))
        started.append(Site(url, backend, clock, events, asyncio.get_running_loop(), floor))
        ready.set()
        await server[0].serve([listening])
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="site")
    thread.start()
    try:
        assert ready.wait(WITHIN_S), "the service did not start"
        yield started[0]
    finally:
        server[0].should_exit = True
        thread.join(WITHIN_S)
        assert not thread.is_alive(), "the service did not end"
