"""The AudioSocket server: one connection, one task, one leg."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import structlog

from telephony.audiosocket.leg import AudioOverrun, LegAudio, LegConnection

log = structlog.get_logger(__name__)

OnLeg = Callable[[UUID, AsyncIterator[bytes]], Awaitable[None]]


class AudioSocketServer:
    """Runs ``on_leg(uuid, sound)`` for every leg that was announced by `expect`.

    The sound is 8 kHz, mono, 16-bit little-endian. The leg ends when ``on_leg`` does. At most
    ``most_buffered_s`` of sound waits for a slow listener; then its leg is closed, because a gap
    would shift the times of all later words.
    """

    def __init__(
        self,
        on_leg: OnLeg,
        *,
        max_legs: int,
        header_timeout_s: float = 5.0,
        most_buffered_s: float = 10.0,
    ) -> None:
        self._on_leg = on_leg
        self._max_legs = max_legs
        self._header_timeout_s = header_timeout_s
        self._most_buffered_s = most_buffered_s
        self._server: asyncio.Server | None = None
        self._expected: dict[UUID, float] = {}  # until when, loop time
        self._connections: set[LegConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: LegConnection(
                self,
                header_timeout_s=self._header_timeout_s,
                most_buffered_s=self._most_buffered_s,
            ),
            host,
            port,
            backlog=1024,
        )

    @property
    def port(self) -> int:
        """The port listened on; `LookupError` while not listening."""
        if self._server is None or not self._server.sockets:
            raise LookupError("the AudioSocket server is not listening")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def active(self) -> int:
        """Legs being listened to now."""
        return len(self._tasks)

    def expect(self, leg: UUID, within_s: float) -> None:
        """Let this leg in, once, if it comes within the time."""
        now = asyncio.get_running_loop().time()
        for late in [known for known, until in self._expected.items() if until < now]:
            del self._expected[late]
        self._expected[leg] = now + within_s

    def forget(self, leg: UUID) -> None:
        """The leg is not awaited any more."""
        self._expected.pop(leg, None)

    async def close(self) -> None:
        """Stop listening, cancel what runs, return when it is over."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self._connections):
            connection.close()

    def admits(self) -> bool:
        return len(self._connections) < self._max_legs

    def opened(self, connection: LegConnection) -> None:
        self._connections.add(connection)

    def claims(self, leg: UUID) -> bool:
        until = self._expected.pop(leg, None)
        return until is not None and asyncio.get_running_loop().time() <= until

    def introduced(self, connection: LegConnection, leg: UUID, audio: LegAudio) -> None:
        task = asyncio.create_task(self._listen(leg, audio))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(connection, done))

    def closed(self, connection: LegConnection) -> None:
        self._connections.discard(connection)

    async def _listen(self, leg: UUID, audio: LegAudio) -> None:
        try:
            await self._on_leg(leg, audio)
        except AudioOverrun:
            return  # logged when the leg was closed
        except Exception:
            log.exception("audiosocket.listener_failed", leg=str(leg))

    def _ended(self, connection: LegConnection, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        connection.close()
