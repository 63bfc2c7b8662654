"""The FastAGI server: one connection, one task, one call."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from telephony.agi.connection import AgiConnection
from telephony.agi.header import Header
from telephony.agi.session import AgiSession
from telephony.line import CallerHungUp

log = structlog.get_logger(__name__)

Handler = Callable[[AgiSession], Awaitable[None]]


class AgiServer:
    """Runs ``handler`` for every call that comes in.

    The session ends when the handler does. A handler that raises is logged and ends its own
    session only. Beyond ``max_sessions`` a connection is reset at once, so that the dialplan
    falls back instead of waiting.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        max_sessions: int,
        header_timeout_s: float = 5.0,
        command_timeout_s: float = 10.0,
    ) -> None:
        self._handler = handler
        self._max_sessions = max_sessions
        self._header_timeout_s = header_timeout_s
        self._command_timeout_s = command_timeout_s
        self._server: asyncio.Server | None = None
        self._introducing: set[AgiConnection] = set()
        self._tasks: dict[AgiConnection, asyncio.Task[None]] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: AgiConnection(self, header_timeout_s=self._header_timeout_s),
            host,
            port,
            backlog=1024,  # bursts of calls; Asterisk gives a connect two seconds
        )

    @property
    def port(self) -> int:
        """The port listened on; `LookupError` while not listening."""
        if self._server is None or not self._server.sockets:
            raise LookupError("the FastAGI server is not listening")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def active(self) -> int:
        """Calls being handled now."""
        return len(self._tasks)

    async def drain(self, within_s: float) -> int:
        """Take no new calls and let the running ones finish; how many were still running."""
        self._stop_listening()
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            log.warning("agi.drain_incomplete", running=self.active)
        return self.active

    async def close(self) -> None:
        """Stop listening, cancel what runs, return when it is over."""
        self._stop_listening()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._introducing):
            connection.close()

    def admits(self) -> bool:
        """Half-open connections have a limit of their own: idle ones take no call's place."""
        return max(len(self._tasks), len(self._introducing)) < self._max_sessions

    def opened(self, connection: AgiConnection) -> None:
        self._introducing.add(connection)

    def introduced(self, connection: AgiConnection, header: Header) -> None:
        self._introducing.discard(connection)
        if len(self._tasks) >= self._max_sessions or self._server is None:
            log.warning("agi.turned_away", why="as many calls as allowed, or shutting down")
            connection.close()
            return
        session = AgiSession(connection, header, command_timeout_s=self._command_timeout_s)
        task = asyncio.create_task(self._run(session))
        self._tasks[connection] = task
        self._idle.clear()
        # A callback, not a finally: a task cancelled before its first step never enters its body.
        task.add_done_callback(lambda _: self._ended(connection))

    def closed(self, connection: AgiConnection) -> None:
        self._introducing.discard(connection)

    async def _run(self, session: AgiSession) -> None:
        try:
            await self._handler(session)
        except CallerHungUp:
            log.info("agi.caller_hung_up", call_id=session.env.get("agi_uniqueid", ""))
        except Exception:
            log.exception("agi.handler_failed", call_id=session.env.get("agi_uniqueid", ""))

    def _ended(self, connection: AgiConnection) -> None:
        connection.close()
        del self._tasks[connection]
        if not self._tasks:
            self._idle.set()
