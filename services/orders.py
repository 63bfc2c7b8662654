"""What other roles ask of the running engine: one question, one answer, on a Unix socket.

A request is a line ``{"order": name, …}``, the answer a line ``{"done": {…}}`` or ``{"refused":
{…}}``. Who may ask what is checked before (api) and after (engine): the socket is for this
system's own user only.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import structlog

log = structlog.get_logger()

Kind = Literal["not_found", "not_allowed", "conflict", "bad", "away"]
Handle = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

ANSWER_WITHIN_S = 8.0
LINE_LIMIT = 1024 * 1024


class OrderRefused(Exception):
    """The engine does not do it; ``error`` names why, ``allowed`` what is possible instead."""

    def __init__(
        self, kind: Kind, error: str, texts: tuple[str, str], allowed: tuple[str, ...] = ()
    ) -> None:
        self.kind, self.error, self.allowed = kind, error, allowed
        self.chinese = texts[1]
        super().__init__(texts[0])

    def as_json(self) -> dict[str, Any]:
        texts = [str(self), self.chinese]
        return {"kind": self.kind, "error": self.error, "texts": texts, "allowed": self.allowed}


class EngineAway(OrderRefused):
    """The engine does not answer; whether it did what was asked is not known."""

    def __init__(self, why: str) -> None:
        texts = (f"the engine does not answer: {why}", "呼叫引擎暂时没有响应，请稍后再试")
        super().__init__("away", "EngineAway", texts)


class OrderCounter:
    """The engine's side."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._server: asyncio.Server | None = None

    async def start(self, path: Path) -> None:
        """Once, at the start of the engine."""
        path.unlink(missing_ok=True)  # noqa: ASYNC240  two touches of the disk before any call
        self._server = await asyncio.start_unix_server(self._serve, str(path), limit=LINE_LIMIT)
        path.chmod(0o600)  # noqa: ASYNC240

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer = await self._answer(line)
                writer.write(json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError) as failure:
            log.info("an order was cut off", why=str(failure))
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            return {"done": await self._handle(json.loads(line))}
        except OrderRefused as refused:
            return {"refused": refused.as_json()}
        except Exception as failure:
            log.exception("an order failed")
            texts = (f"the engine failed: {type(failure).__name__}", "呼叫引擎内部错误")
            return {"refused": OrderRefused("away", "EngineFailed", texts).as_json()}


async def ask(path: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine answers. Raises `OrderRefused`, `EngineAway`."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_unix_connection(str(path), limit=LINE_LIMIT)
            try:
                writer.write(json.dumps(order, ensure_ascii=False).encode() + b"\n")
                await writer.drain()
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError) as failure:
        raise EngineAway(type(failure).__name__) from failure
    if not line:
        raise EngineAway("it hung up")
    answer = json.loads(line)
    if "refused" in answer:
        refused = answer["refused"]
        english, chinese = refused["texts"]
        raise OrderRefused(
            refused["kind"], refused["error"], (english, chinese), tuple(refused["allowed"])
        )
    return dict(answer["done"])
