"""What surrounds every request: a size limit, security headers, one measurement.

Plain ASGI: Starlette's BaseHTTPMiddleware wraps every body in a task of its own.
"""

import contextlib
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.schemas.failure import Failure

# Nothing here is a page that loads anything; the web app brings its own policy.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


class SecurityHeaders:
    """Sets each header unless the answer has set it already."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = {**HEADERS, **(TLS_ONLY if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _TooLarge(Exception):
    """The body has grown beyond the limit while it was read."""


class BodyLimit:
    """Answers 413 to bodies of more than `most_bytes`, announced or not."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._most:
            await self._refuse(send)
            return
        received = 0
        answering = False

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                raise _TooLarge
            return message

        async def unless_too_large(message: Message) -> None:
            # FastAPI turns whatever reading the body raises into a 400: that is held back.
            nonlocal answering
            if received <= self._most or answering:
                answering = True
                await send(message)

        with contextlib.suppress(_TooLarge):
            await self._app(scope, count, unless_too_large)
        if received > self._most and not answering:
            await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        failure = Failure(
            error="BodyTooLarge",
            message=f"a request has at most {self._most} bytes",
            message_zh=f"请求内容不能超过 {self._most} 字节",
        )
        # The rest of the body is not read: the connection cannot be used again.
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": failure.model_dump_json().encode()})


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


class Stopwatch:
    """Measures each request under its route's pattern: numbers in paths would be endless labels."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started_s = time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            labels = (scope["method"], _pattern(scope), str(status))
            self._metrics.requests.labels(*labels).observe(time.perf_counter() - started_s)


def _pattern(scope: MutableMapping[str, Any]) -> str:
    route = scope.get("route")
    return getattr(route, "path", "unknown")
