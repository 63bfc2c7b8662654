"""The heartbeat by which the supervisor knows that a process is not stalled."""

import asyncio
import os
import time
from pathlib import Path

EVERY_S = 0.5


async def beat(path: Path) -> None:
    """Write the monotonic clock into the file, until cancelled.

    Over and over into the same bytes: that works on a full disk too.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        while True:
            os.pwrite(file, f"{time.monotonic():<20.2f}".encode(), 0)
            await asyncio.sleep(EVERY_S)
    finally:
        os.close(file)
