"""What happens right now, pushed to desks and wallboards.

One subscription to the source, however many watch; each event is written as JSON twice at most
(masked and clear) and put into the short queue of every connection. Whoever does not keep up is
let go with close code 4008 and reads the present state from the API when he comes back.

A desk that says which calls and seats are its own is spared the words of everybody else's: a
thousand desks that each got each word of five hundred conversations would be millions of texts a
second.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.backend import LiveSource
from api.metrics import Metrics
from api.schemas.calls import masked_words
from api.schemas.live import WatchInput
from domain.accounts.masking import mask_number, mask_text

log = structlog.get_logger()

# At 17 new calls/s with two sides speaking, about 3 s of events: a browser that is further
# behind shows the past.
QUEUE_LENGTH = 256
TRY_AGAIN_AFTER_S = 1.0
TOO_SLOW = 4008
SIGNED_OUT = 4401
GOING_AWAY = 1001
CLOSE_WITHIN_S = 2.0
# Of a call or a seat, and yet of interest to every desk.
EVERYBODYS = frozenset({"broadcast", "call_back"})


class Watcher:
    """One connection's queue, and how it ends. ``names``: calls and seats; None: all of them."""

    def __init__(self, *, clear: bool) -> None:
        self.clear = clear
        self.names: frozenset[str] | None = None
        self.code = GOING_AWAY
        self.queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LENGTH)
        self.let_go_of = asyncio.Event()

    def let_go(self, code: int) -> None:
        """Whatever still waits is given up."""
        self.code = code
        self.let_go_of.set()


class LiveHub:
    def __init__(self, source: LiveSource, metrics: Metrics) -> None:
        self._source = source
        self._metrics = metrics
        self._watchers: set[Watcher] = set()
        self._narrow: set[Watcher] = set()
        self._of: defaultdict[str, set[Watcher]] = defaultdict(set)

    async def run(self) -> None:
        """Pass events on until cancelled; a source that fails or ends is asked again."""
        while True:
            try:
                async for event in self._source():
                    self.pass_on(event)
            except Exception as failure:  # noqa: BLE001  the source is another process
                log.warning("live source failed", failure=type(failure).__name__)
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    def pass_on(self, event: Mapping[str, Any]) -> None:
        """To everyone whom it concerns; never waits."""
        written: dict[bool, str] = {}
        for watcher in self._concerned(event):
            if watcher.clear not in written:
                seen = event if watcher.clear else masked_event(event)
                written[watcher.clear] = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
            try:
                watcher.queue.put_nowait(written[watcher.clear])
            except asyncio.QueueFull:
                self._forget(watcher)
                self._metrics.live_dropped.inc()
                watcher.let_go(TOO_SLOW)

    def _concerned(self, event: Mapping[str, Any]) -> Iterable[Watcher]:
        names = [name for key in ("call_id", "seat") if (name := event.get(key))]
        if not names or event["type"] in EVERYBODYS:
            return list(self._watchers)
        wide = self._watchers - self._narrow if self._narrow else self._watchers
        return wide.union(*(self._of[name] for name in names if name in self._of))

    def narrow(self, watcher: Watcher, names: frozenset[str] | None) -> None:
        """From now on only what concerns these calls and seats, or nobody; None: everything."""
        self._forget_names(watcher)
        watcher.names = names
        if names is None:
            return
        self._narrow.add(watcher)
        for name in names:
            self._of[name].add(watcher)

    def _forget_names(self, watcher: Watcher) -> None:
        self._narrow.discard(watcher)
        for name in watcher.names or ():
            self._of[name].discard(watcher)
            if not self._of[name]:
                del self._of[name]
        watcher.names = None

    def _forget(self, watcher: Watcher) -> None:
        self._forget_names(watcher)
        self._watchers.discard(watcher)

    async def serve(self, socket: WebSocket, watcher: Watcher) -> None:
        """Send events to an accepted connection until either side ends it."""
        self._watchers.add(watcher)
        self._metrics.live_watchers.inc()
        # A peer that reads nothing blocks the sending: being let go ends that wait too.
        tasks = [
            asyncio.ensure_future(_send_all(socket, watcher)),
            asyncio.ensure_future(self._read_until_gone(socket, watcher)),
            asyncio.ensure_future(watcher.let_go_of.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._forget(watcher)
            self._metrics.live_watchers.dec()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _close(socket, watcher.code)

    def close(self) -> None:
        for watcher in list(self._watchers):
            watcher.let_go(GOING_AWAY)
            self._forget(watcher)

    async def _read_until_gone(self, socket: WebSocket, watcher: Watcher) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                said = await socket.receive_text()
                if watcher not in self._watchers:
                    return
                # Queued like an event: two senders on one socket would mix.
                with contextlib.suppress(asyncio.QueueFull):
                    watcher.queue.put_nowait(self._told(watcher, said))

    def _told(self, watcher: Watcher, said: str) -> str:
        """What is answered to a watcher's text, once it is followed."""
        try:
            wish = WatchInput.model_validate_json(said)
        except ValidationError as failure:
            return _refusal(failure)
        self.narrow(watcher, wish.names())
        return json.dumps({"type": "watching", **wish.model_dump()})


async def _send_all(socket: WebSocket, watcher: Watcher) -> None:
    while True:
        await socket.send_text(await watcher.queue.get())


def _refusal(failure: ValidationError) -> str:
    wrong = "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'message'}: {one['msg']}" for one in failure.errors()
    )
    told = {
        "type": "refused",
        "message": f'{wrong}; right is {{"calls": ["…"], "seats": ["1001"]}} or {{"all": true}}',
        "message_zh": "消息无法理解，订阅未改变",
    }
    return json.dumps(told, ensure_ascii=False)


async def _close(socket: WebSocket, code: int) -> None:
    gone = socket.client_state is WebSocketState.DISCONNECTED
    if gone or socket.application_state is WebSocketState.DISCONNECTED:
        return
    with contextlib.suppress(TimeoutError, RuntimeError, OSError):
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await socket.close(code)


def masked_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event without personal data: number, and digits within what is said."""
    masked = dict(event)
    if isinstance(masked.get("caller"), str):
        masked["caller"] = mask_number(masked["caller"])
    for key in ("text", "summary", "text_zh", "text_en", "words"):
        if isinstance(masked.get(key), str):
            masked[key] = mask_text(masked[key])
    if isinstance(masked.get("words"), list):
        masked["words"] = masked_words(masked["words"])
    return masked
