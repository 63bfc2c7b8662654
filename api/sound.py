"""Sound over HTTP: the range a player asks for (RFC 9110, 14), straight out of the vault.

What was sent is told to `told` when the sending ends, also when the listener leaves in the middle.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
Told = Callable[[int, int], Awaitable[None]]
"""First byte sent, and the one after the last."""


class Sound(Protocol):
    """Something that can be read from any byte on."""

    plain_bytes: int

    def pieces(self, start: int, length: int) -> Iterator[bytes]:
        """Blocking; any of them may raise."""


@dataclass(frozen=True)
class Wanted:
    """Bytes ``start`` to ``end``; ``partial``: a range was asked for."""

    start: int
    end: int
    partial: bool


def wanted_range(request: Request, size: int, etag: str) -> Wanted | None:
    """The part asked for; None when it lies outside. What cannot be read means the whole."""
    whole = Wanted(0, size, partial=False)
    match = RANGE.match(request.headers.get("range", ""))
    if match is None or request.headers.get("if-range", etag) != etag:
        return whole
    first, last = match.groups()
    if not first and not last:
        return whole
    if not first:
        found = Wanted(max(size - int(last), 0), size, partial=True)
    else:
        end = min(int(last) + 1, size) if last else size
        found = Wanted(int(first), end, partial=True)
    return found if found.start < found.end else None


class SoundResponse(Response):
    """Sends a part of one recording. Opening and decrypting happen beside the event loop."""

    def __init__(self, opened: Sound, wanted: Wanted, told: Told, *, name: str = "") -> None:
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Length": str(wanted.end - wanted.start),
            # Sound of citizens stays out of caches; the tag still spares a second sending.
            "Cache-Control": "private, no-cache",
        }
        if wanted.partial:
            headers["Content-Range"] = f"bytes {wanted.start}-{wanted.end - 1}/{opened.plain_bytes}"
        if name:
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        super().__init__(
            status_code=206 if wanted.partial else 200, media_type="audio/wav", headers=headers
        )
        self.headers["content-length"] = str(wanted.end - wanted.start)
        self._opened = opened
        self._wanted = wanted
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = self._wanted.start
        head = scope["method"] == "HEAD"
        pieces = self._opened.pieces(sent, 0 if head else self._wanted.end - sent)
        # Before anything is sent, so that damage at the place asked for is an answer of its own.
        piece = await asyncio.to_thread(_next, pieces)
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        if head:
            await send({"type": "http.response.body", "body": b""})
            return
        try:
            while piece is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                sent += len(piece)
                piece = await asyncio.to_thread(_next, pieces)
            await send({"type": "http.response.body", "body": b""})
        finally:
            # Whoever hangs up has heard what was sent: that is written down all the same.
            await asyncio.shield(self._told(self._wanted.start, sent))


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
