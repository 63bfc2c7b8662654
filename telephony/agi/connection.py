"""One FastAGI socket: the header once, then one reply per command."""

import asyncio
from collections import deque
from typing import NamedTuple, Protocol, cast

import structlog

from telephony.agi.header import Header, HeaderReader, NotAgi
from telephony.agi.reply import Inline, Reply, ReplyReader
from telephony.line import CallerHungUp, LineError

log = structlog.get_logger(__name__)


class CommandTimeout(LineError):
    """Asterisk did not answer a command within its time."""


class _Asked(NamedTuple):
    line: bytes
    verb: str
    due: float  # loop time
    answer: asyncio.Future[Reply]


class Owner(Protocol):
    """Who keeps the connections: the server."""

    def admits(self) -> bool:
        """Whether there is room for one more."""
        ...

    def opened(self, connection: "AgiConnection") -> None: ...

    def introduced(self, connection: "AgiConnection", header: Header) -> None:
        """The header has come; commands can be sent."""
        ...

    def closed(self, connection: "AgiConnection") -> None: ...


class AgiConnection(asyncio.Protocol):
    """Commands go out one at a time and are answered in order.

    Of two lines arriving together Asterisk 22 answers the first and leaves the second unseen until
    more arrives (measured: no answer within 3 s). So a command waits here until the
    one before it has been answered, even when whoever asked for that has given up.
    """

    def __init__(self, owner: Owner, *, header_timeout_s: float) -> None:
        self.hung_up = False  # the caller has gone; Asterisk still takes a few commands
        self.lost = False  # the socket has gone
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._header_timeout_s = header_timeout_s
        self._header: HeaderReader | None = HeaderReader()
        self._replies = ReplyReader()
        self._asked: deque[_Asked] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._admitted = False
        self._peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have asyncio's methods, but are no subclass: nothing to check here.
        self._transport = cast("asyncio.Transport", transport)
        self._peer = str(self._transport.get_extra_info("peername"))
        if not self._owner.admits():
            log.warning("agi.turned_away", peer=self._peer, why="as many calls as allowed")
            self._transport.abort()
            return
        self._admitted = True
        self._owner.opened(self)
        self._arm(self._loop.time() + self._header_timeout_s)

    def data_received(self, data: bytes) -> None:
        if not self._admitted:
            return
        if self._header is not None:
            self._read_header(self._header, data)
            return
        asked = self._asked
        for reply in self._replies.feed(data):
            if reply is Inline.HANGUP:
                self._caller_has_gone()
            elif asked:
                answer = asked.popleft().answer
                if not answer.done():
                    answer.set_result(reply)
                if asked:
                    self._send_next()
            else:
                self._give_up("reply to nothing")
                return
        if self._replies.broken:
            self._give_up(self._replies.broken)

    def _read_header(self, reader: HeaderReader, data: bytes) -> None:
        try:
            complete = reader.feed(data)
        except NotAgi as problem:
            self._give_up(str(problem))
            return
        if complete is None:
            return
        header, rest = complete
        self._header = None
        self._owner.introduced(self, header)
        if rest:
            self.data_received(rest)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._caller_has_gone()
        self._asked.clear()
        if self._admitted:
            self._owner.closed(self)

    def ask(self, line: bytes, verb: str, timeout_s: float) -> asyncio.Future[Reply]:
        """Send one command; the future gives its reply, `CallerHungUp` or `CommandTimeout`."""
        answer: asyncio.Future[Reply] = self._loop.create_future()
        if self.lost or self._transport is None:
            answer.set_exception(CallerHungUp())
            return answer
        due = self._loop.time() + timeout_s
        asked = self._asked
        asked.append(_Asked(line, verb, due, answer))
        # One timer for the whole session, not one per command: it is moved only when it would
        # come too late, and a quick command costs it nothing.
        if self._timer is None or due < self._timer_at:
            self._arm(due)
        if len(asked) == 1:
            self._transport.write(line)
        return answer

    def close(self) -> None:
        """Hand the call back to the dialplan."""
        if self._transport is not None:
            self._transport.close()

    def _send_next(self) -> None:
        asked = self._asked
        while asked and asked[0].answer.done():  # given up before it was ever sent
            asked.popleft()
        if asked and self._transport is not None:
            self._transport.write(asked[0].line)

    def _arm(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_at(at, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        if self._header is not None:
            self._give_up("header too slow")
            return
        now = self._loop.time()
        for asked in self._asked:
            if asked.due <= now and not asked.answer.done():
                asked.answer.set_exception(CommandTimeout(f"{asked.verb}: no answer in time"))
        waiting = [asked.due for asked in self._asked if not asked.answer.done()]
        if waiting:
            self._arm(min(waiting))

    def _caller_has_gone(self) -> None:
        self.hung_up = True
        for asked in self._asked:
            if not asked.answer.done():
                asked.answer.set_exception(CallerHungUp())

    def _give_up(self, why: str) -> None:
        log.warning("agi.closed", peer=self._peer, why=why)
        if self._transport is not None:
            self._transport.abort()
