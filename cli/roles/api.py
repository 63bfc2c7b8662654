"""The HTTP service under uvicorn."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import uvicorn

from api.app import create_app
from api.backend import Backend, Check
from cli.sounds import known_sounds
from cli.vault import vault_for
from config import secrets
from config.settings import Settings
from services import live, orders
from services.passwords import Passwords
from storage.database import Database

CHECK_WITHIN_S = 1.0
LEAVE_WITHIN_S = 5


def main(settings: Settings) -> None:
    """Until SIGTERM; requests under way get five seconds."""
    config = uvicorn.Config(
        create_app(_backend(settings)),
        host=settings.api_host,
        port=settings.api_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LEAVE_WITHIN_S,
        # An event for a thousand desks would be compressed a thousand times.
        ws_per_message_deflate=False,
    )
    uvicorn.Server(config).run()


def _backend(settings: Settings) -> Backend:
    known = secrets.load(settings.home)

    def events() -> AsyncIterator[Mapping[str, Any]]:
        return live.subscribe(settings.live_socket)

    return Backend(
        database=Database(settings.database),
        vault=vault_for(settings, "api"),
        secret=known.session_key.get_secret_value().encode(),
        live=events,
        zone=settings.zone,
        city=settings.city,
        clock=lambda: datetime.now(UTC),
        passwords=Passwords(),
        checks=_checks(settings),
        orders=lambda order: orders.ask(settings.orders_socket, order),
        web_phone_port=settings.http_port,
        web_phone_tls_port=settings.web_phone_tls_port if settings.web_phone_certificate else 0,
        https=settings.https,
        prompts_dir=settings.prompts_dir,
        sounds=lambda: known_sounds(settings.prompts_dir),
        recorded_dir=settings.recorded_prompts_dir,
        default_flow=settings.flow,
        flow_two_people=settings.flow_two_people,
    )


def _checks(settings: Settings) -> dict[str, Check]:
    ports = {"engine": settings.agi_port, "asterisk": settings.ami_port}
    checks: dict[str, Check] = {name: _port_check(port) for name, port in ports.items()}
    checks["recognizer"] = _any_port_check(
        [settings.recognizer_port + index for index in range(settings.recognizers)]
    )
    checks["worker"] = _worker_check(settings)
    return checks


def _port_check(port: int) -> Check:
    async def check() -> str | None:
        try:
            async with asyncio.timeout(CHECK_WITHIN_S):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
        except (OSError, TimeoutError) as failure:
            return f"port {port}: {type(failure).__name__} {failure}"
        return None

    return check


def _any_port_check(ports: list[int]) -> Check:
    async def check() -> str | None:
        found = await asyncio.gather(*(_port_check(port)() for port in ports))
        wrong = [one for one in found if one is not None]
        return "; ".join(wrong) if len(wrong) == len(found) else None

    return check


def _worker_check(settings: Settings) -> Check:
    beat = settings.run_dir / "worker.beat"

    async def check() -> str | None:
        there = await asyncio.to_thread(os.path.exists, beat)
        return None if there else "the worker has not started"

    return check
