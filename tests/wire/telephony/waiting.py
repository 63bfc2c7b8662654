"""Wait for conditions, never for times."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], *, within_s: float = 5.0, saying: str = "") -> None:
    """Return once the condition holds; fail the test when it does not come true in time."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, saying or "condition never came true"
        await asyncio.sleep(0.002)
