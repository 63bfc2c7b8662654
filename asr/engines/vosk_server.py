"""The recognizer process: one Vosk model, loaded once, behind the vosk-server protocol.

Run one per core. The port answers only once the model is loaded, so that accepting a connection
is readiness; ``GET /healthz`` answers 200 for a supervisor. One connection is one stream of
speech. A process that libvosk aborts takes its streams with it: clients reconnect elsewhere and
replay (`asr.engines.remote`).
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

import structlog
import uvloop
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from asr.engines.protocol import (
    BadMessage,
    EndOfSound,
    StreamConfig,
    error_message,
    read_control,
)
from asr.engines.speech import SAMPLE_BYTES, Model, Speech
from asr.engines.turns import Turns
from asr.models.layout import ModelProblem

log = structlog.get_logger(__name__)

# 1 MiB is 65 s of telephone sound; asr_server.py has the same limit.
_LARGEST_MESSAGE = 1 << 20
# Messages of one connection read ahead of decoding; then TCP holds the client back.
_READ_AHEAD = 4
# An RTF of 0.03 carries 33 streams; twice that still recognises, late, what a burst brings.
DEFAULT_CONNECTIONS = 64
_DRAIN_S = 5.0


class RecognizerServer:
    """Serves streams of speech from one loaded model."""

    def __init__(self, model: Model, *, max_connections: int = DEFAULT_CONNECTIONS) -> None:
        self._model = model
        self._turns = Turns()
        self._max_connections = max_connections
        self._open = 0

    async def run(
        self, host: str, port: int, *, stop: asyncio.Event, announce: Callable[[int], None]
    ) -> None:
        """Serve until ``stop``; ``announce`` gets the port once connections are accepted."""
        decoding = asyncio.create_task(self._turns.run())
        decoding.add_done_callback(lambda _: stop.set())  # without it there is nothing to serve
        try:
            async with serve(
                self._serve_stream,
                host,
                port,
                process_request=self._admit,
                compression=None,  # on loopback deflate is nothing but work
                max_size=_LARGEST_MESSAGE,
                max_queue=_READ_AHEAD,
                close_timeout=_DRAIN_S,
            ) as server:
                announce(_port(server))
                await stop.wait()
        finally:
            decoding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await decoding

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/healthz":
            return connection.respond(HTTPStatus.OK, "ready\n")
        if self._open >= self._max_connections:
            return connection.respond(
                HTTPStatus.SERVICE_UNAVAILABLE, f"all {self._max_connections} streams are taken\n"
            )
        return None

    async def _serve_stream(self, connection: ServerConnection) -> None:
        self._open += 1
        stream = _Stream(self._model, self._turns)
        try:
            async for message in connection:
                answer = await stream.answer(message)
                if answer is not None:
                    await connection.send(answer)
                if stream.ended:
                    break
        except BadMessage as bad:
            await _refuse(connection, CloseCode.INVALID_DATA, str(bad))
        except ConnectionClosed:
            pass  # the client's way to stop
        except Exception:
            log.exception("recognition_failed")
            await _refuse(connection, CloseCode.INTERNAL_ERROR, "recognition failed")
        finally:
            self._open -= 1
            await asyncio.shield(stream.close())


class _Stream:
    """One connection's side of the protocol."""

    def __init__(self, model: Model, turns: Turns) -> None:
        self._model = model
        self._turns = turns
        self._config = StreamConfig()
        self._speech: Speech | None = None
        self.ended = False

    async def answer(self, message: str | bytes) -> str | None:
        """The answer to one message; None where the protocol has none."""
        if isinstance(message, str):
            return await self._control(message)
        if len(message) % SAMPLE_BYTES:
            raise BadMessage(f"sound must be whole 16-bit samples, not {len(message)} bytes")
        speech = await self._opened()
        return await self._turns.decode(speech, message)

    async def close(self) -> None:
        if self._speech is not None:
            await self._turns.call(self._speech.close)

    async def _control(self, text: str) -> str | None:
        match read_control(text):
            case EndOfSound():
                self.ended = True
                speech = await self._opened()
                return await self._turns.call(speech.flush)
            case StreamConfig() as config:
                if self._speech is not None:
                    raise BadMessage("config must come before the first sound")
                self._config = config
        return None

    async def _opened(self) -> Speech:
        if self._speech is None:
            self._speech = await self._turns.call(partial(Speech, self._model, self._config))
        return self._speech


async def _refuse(connection: ServerConnection, code: CloseCode, what: str) -> None:
    with contextlib.suppress(ConnectionClosed):
        await connection.send(error_message(what))
        await connection.close(code)


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


@dataclass(frozen=True)
class _Place:
    """Where to listen and how many streams to take."""

    host: str
    port: int
    max_connections: int


def main(
    model_dir: Path,
    host: str,
    port: int,
    *,
    max_connections: int = DEFAULT_CONNECTIONS,
    announce: Callable[[int], None] | None = None,
    until_stdin_ends: bool = False,
) -> None:
    """Load the model and serve until SIGTERM or SIGINT; `ModelProblem` when it cannot be loaded.

    ``port`` 0 takes any free one; ``announce`` gets the bound port when connections are accepted.
    ``until_stdin_ends``: stop as well when stdin closes, which it does when the parent dies.
    """
    model = Model(model_dir)
    place = _Place(host, port, max_connections)
    uvloop.run(_serve(model, place, announce, until_stdin_ends))


async def _serve(
    model: Model, place: _Place, announce: Callable[[int], None] | None, until_stdin_ends: bool
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_ends:
        loop.add_reader(sys.stdin.fileno(), _read_on, stop)

    def ready(bound: int) -> None:
        log.info("recognizer_ready", host=place.host, port=bound, model_rate=model.rate)
        if announce is not None:
            announce(bound)

    server = RecognizerServer(model, max_connections=place.max_connections)
    await server.run(place.host, place.port, stop=stop, announce=ready)


def _read_on(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


def _command_line() -> int:
    """``python -m asr.engines.vosk_server MODEL_DIR``: tells its port as JSON on stdout."""
    parser = argparse.ArgumentParser(description=_command_line.__doc__)
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--max-connections", type=int, default=DEFAULT_CONNECTIONS)
    parser.add_argument("--until-stdin-ends", action="store_true", help="stop with the parent")
    chosen = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

    def announce(port: int) -> None:
        sys.stdout.write(json.dumps({"port": port}) + "\n")
        sys.stdout.flush()

    try:
        main(
            chosen.model_dir,
            chosen.host,
            chosen.port,
            max_connections=chosen.max_connections,
            announce=announce,
            until_stdin_ends=chosen.until_stdin_ends,
        )
    except ModelProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_command_line())
