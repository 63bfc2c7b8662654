"""One AMI socket: actions and their answers; events are passed on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import structlog

from telephony.ami.errors import AmiConnectionLost, AmiRefused, AmiTimeout
from telephony.ami.message import ActionFields, AmiMessage, MessageReader, write_action

log = structlog.get_logger(__name__)

MOST_LISTED = 100_000


@dataclass
class _Pending:
    action: str
    as_list: bool
    answer: asyncio.Future[list[AmiMessage]]
    listed: list[AmiMessage] = field(default_factory=list)


class AmiConnection(asyncio.Protocol):
    """An action is written once and never again, whatever becomes of its answer."""

    def __init__(self, on_event: Callable[[AmiMessage], None]) -> None:
        self.greeted = asyncio.Event()
        self.lost = asyncio.Event()
        self._on_event = on_event
        self._reader = MessageReader()
        self._pending: dict[str, _Pending] = {}
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have asyncio's methods, but are no subclass: nothing to check here.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for message in self._reader.feed(data):
            self._take(message)
        if self._reader.banner:
            self.greeted.set()
        if self._reader.broken:
            log.warning("ami.closed", why=self._reader.broken)
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        self.greeted.set()  # whoever waits for the greeting must look at `lost`
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(
                    AmiConnectionLost(f"{pending.action}: connection lost before the answer")
                )
        self._pending.clear()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def request(
        self, action: ActionFields, *, within_s: float, as_list: bool
    ) -> list[AmiMessage]:
        """The response alone, or with ``as_list`` the events that follow it up to "Complete"."""
        action_id, raw = write_action(action)
        name = str(action.get("Action", ""))
        if self.lost.is_set() or self._transport is None:
            raise AmiConnectionLost(f"{name}: not sent, the connection has gone")
        answer: asyncio.Future[list[AmiMessage]] = asyncio.get_running_loop().create_future()
        self._pending[action_id] = _Pending(name, as_list, answer)
        self._transport.write(raw)
        try:
            async with asyncio.timeout(within_s):
                return await answer
        except TimeoutError:
            raise AmiTimeout(f"{name}: no answer within {within_s:g} s") from None
        finally:
            self._pending.pop(action_id, None)

    def _take(self, message: AmiMessage) -> None:
        pending = self._pending.get(message.get("actionid", ""))
        if pending is not None and not pending.answer.done():
            if "response" in message:
                self._take_response(pending, message)
                return
            if pending.as_list:
                self._take_listed(pending, message)
                return
        if message.event:
            self._on_event(message)

    @staticmethod
    def _take_response(pending: _Pending, message: AmiMessage) -> None:
        if not message.succeeded:
            text = message.get("message", "") or message["response"]
            pending.answer.set_exception(AmiRefused(f"{pending.action}: {text}"))
        elif not pending.as_list:
            pending.answer.set_result([message])
        elif message.get("eventlist", "").lower() != "start":
            pending.answer.set_result([])

    @staticmethod
    def _take_listed(pending: _Pending, message: AmiMessage) -> None:
        part = message.get("eventlist", "").lower()
        if part == "complete":
            pending.answer.set_result(pending.listed)
        elif part == "cancelled" or len(pending.listed) >= MOST_LISTED:
            pending.answer.set_exception(AmiRefused(f"{pending.action}: list was broken off"))
        else:
            pending.listed.append(message)
