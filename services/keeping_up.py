"""What a process holds of the database, so that calls go on without it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


async def keep_up(refresh: Callable[[], Awaitable[None]], *, every_s: float, what: str) -> None:
    """Refresh until cancelled; whatever the database has, the last good state stays."""
    down = False
    while True:
        try:
            await refresh()
            down = False
        except Exception as failure:  # noqa: BLE001  calls go on by what was read before
            if not down:
                log.warning("kept as it is", what=what, why=type(failure).__name__)
            down = True
        await asyncio.sleep(every_s)
