"""The live bus: what happens in calls right now, for every desk that watches.

The engine serves it on a Unix socket below ``run/``; other roles subscribe or publish. One JSON
object a line. Nothing durable passes here: whoever misses an event reads the database.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()

Event = dict[str, Any]
"""``type`` (call_started, node, ringing, talking, partial, final, emergency, call_ended,
ticket_drafted, ticket_timer), ``call_id``, ``at`` (ISO 8601) and what belongs to the type."""

QUEUE_LENGTH = 1000  # events one slow subscriber may be behind before it is let go
LINE_LIMIT = 1024 * 1024


class LiveBus:
    """The serving side."""

    def __init__(self) -> None:
        self._subscribers: dict[asyncio.Queue[bytes | None], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def start(self, path: Path) -> None:
        """Once, before any call: its two touches of the disk disturb nobody."""
        path.unlink(missing_ok=True)  # noqa: ASYNC240
        self._server = await asyncio.start_unix_server(self._serve, str(path), limit=LINE_LIMIT)
        path.chmod(0o600)  # noqa: ASYNC240

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for queue in self._subscribers:
            _let_go(queue)

    def publish(self, event: Event) -> None:
        """Never waits: a subscriber that does not keep up is cut off."""
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for queue, writer in list(self._subscribers.items()):
            try:
                queue.put_nowait(line)
            except asyncio.QueueFull:
                del self._subscribers[queue]
                # Not only its queue: the task may wait for a reader that never reads again.
                writer.transport.abort()
                _let_go(queue)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await reader.readline() == b"subscribe\n":
                await self._send_all(reader, writer)
            else:
                while line := await reader.readline():
                    self.publish(json.loads(line))
        except (OSError, ValueError) as failure:
            log.warning("live bus: a client was cut off", why=str(failure))
        finally:
            writer.close()

    async def _send_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_LENGTH)
        self._subscribers[queue] = writer
        writer.write(b"subscribed\n")
        gone = asyncio.ensure_future(reader.read())  # ends when the subscriber leaves
        gone.add_done_callback(lambda _: _let_go(queue))
        try:
            while (line := await queue.get()) is not None:
                writer.write(line)
                await writer.drain()
        finally:
            self._subscribers.pop(queue, None)
            gone.cancel()


async def subscribe(
    path: Path, on_subscribed: Callable[[], object] = lambda: None
) -> AsyncIterator[Event]:
    """Events from now on; ends when the engine goes, raises `OSError` when it is not there.

    ``on_subscribed`` is called when no event can be missed any more.
    """
    reader, writer = await asyncio.open_unix_connection(str(path), limit=LINE_LIMIT)
    try:
        writer.write(b"subscribe\n")
        await writer.drain()
        await reader.readline()
        on_subscribed()
        while line := await reader.readline():
            yield json.loads(line)
    finally:
        writer.close()


async def publish(path: Path, event: Event) -> None:
    """One event from another role. The engine may be away: then nobody is watching anyway."""
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b"publish\n" + json.dumps(event, ensure_ascii=False).encode() + b"\n")
        await writer.drain()
        writer.close()


def _let_go(queue: asyncio.Queue[bytes | None]) -> None:
    while True:
        try:
            queue.put_nowait(None)
        except asyncio.QueueFull:
            queue.get_nowait()
        else:
            return
