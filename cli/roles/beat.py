"""The heartbeat by which the supervisor knows that a process is not stalled."""

import asyncio
import time
from pathlib import Path

EVERY_S = 0.5


async def beat(path: Path) -> None:
    """Write the monotonic clock into the file, until cancelled."""
    while True:
        beat_once(path)
        await asyncio.sleep(EVERY_S)


def beat_once(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(str(time.monotonic()))
    fresh.replace(path)
