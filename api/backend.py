"""What the HTTP service is given by whoever starts it. Nothing here is read from anywhere."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection

from api.known_tokens import KnownTokens
from callflow.duration import Prompts
from services.knowledge import KnowledgeSearch
from services.orders import EngineAway
from services.passwords import Passwords
from storage.database import Database
from storage.vault.vault import Vault

LiveSource = Callable[[], AsyncIterator[Mapping[str, Any]]]
"""Events from now on: JSON objects with at least `type`, `call_id` and `at`."""

Orders = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]
"""Ask the running engine; raises `services.orders.OrderRefused`."""

# Built by ops/web.sh.
PAGES = Path(__file__).resolve().parent.parent / "web" / "dist"

Check = Callable[[], Awaitable[str | None]]
"""None when all is well, else what is wrong in one line."""


async def _no_engine(_order: Mapping[str, Any]) -> dict[str, Any]:
    raise EngineAway("this service was started without an engine")


@dataclass(frozen=True)
class Backend:
    """`secret` keys the CSRF tokens; `https` says that browsers reach us by TLS.

    `zone` is the city's time zone: answers carry its times, ticket numbers its days.
    `sounds` tells the prompts that there are and their lengths. `flow_two_people`: nobody
    publishes a flow that he has drawn himself.
    `pages_dir` holds the built web pages, `prompts_dir` the sounds
    (<language>/<key>.wav), `recorded_dir` those of a city's own voice.
    `checks` are asked by `/readyz`; the database is always asked too.
    """

    database: Database
    vault: Vault
    secret: bytes
    live: LiveSource
    zone: tzinfo
    city: str
    clock: Callable[[], datetime]
    passwords: Passwords
    orders: Orders = _no_engine
    web_phone_port: int = 8088
    web_phone_tls_port: int = 0  # 0: no TLS, loopback only
    checks: Mapping[str, Check] = field(default_factory=dict)
    https: bool = False
    pages_dir: Path = PAGES
    prompts_dir: Path = Path("prompts")
    most_body_bytes: int = 1024 * 1024
    knowledge: KnowledgeSearch = field(default_factory=KnowledgeSearch)
    known_tokens: KnownTokens = field(default_factory=KnownTokens)
    sounds: Callable[[], Prompts] = lambda: Prompts({})
    recorded_dir: Path = Path("recorded-prompts")
    default_flow: str = "default"
    flow_two_people: bool = True


def backend_of(connection: HTTPConnection) -> Backend:
    backend: Backend = connection.app.state.backend
    return backend
