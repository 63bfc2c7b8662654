"""Events from the switch to one consumer: in order, one at a time, never more than fit."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

Event = TypeVar("Event")


class _Mark(Enum):
    RESYNCHRONISE = "resynchronise"


class EventPump(Generic[Event]):
    """Hands each event to ``deliver``; an exception there is logged and the next one follows.

    ``resynchronise`` runs in the same queue, so that what it reads of the switch's state comes
    before every later event. When ``most`` events wait, all are dropped with one log line and
    `resynchronise` takes their place: memory stays bounded and the consumer's picture right.
    """

    def __init__(
        self,
        source: str,
        deliver: Callable[[Event], Awaitable[None]],
        resynchronise: Callable[[], Awaitable[None]],
        *,
        most: int,
    ) -> None:
        self._source = source
        self._deliver = deliver
        self._resynchronise = resynchronise
        self._most = most
        self._waiting: deque[Event | _Mark] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._consume())

    async def close(self) -> None:
        """Stop; what is still waiting is dropped."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def put(self, event: Event) -> None:
        if len(self._waiting) >= self._most:
            log.warning("events.overrun", source=self._source, dropped=len(self._waiting))
            self._waiting.clear()
            self.put_resynchronise()
            return
        self._waiting.append(event)
        self._filled.set()

    def put_resynchronise(self) -> None:
        self._waiting.append(_Mark.RESYNCHRONISE)
        self._filled.set()

    async def _consume(self) -> None:
        while True:
            while self._waiting:
                await self._hand_over(self._waiting.popleft())
            self._filled.clear()
            await self._filled.wait()

    async def _hand_over(self, item: Event | _Mark) -> None:
        try:
            if isinstance(item, _Mark):
                await self._resynchronise()
            else:
                await self._deliver(item)
        except Exception:
            log.exception("events.consumer_failed", source=self._source)
