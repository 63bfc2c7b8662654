"""Asterisk's side of AMI over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self

from telephony.ami.client import AmiAccess, AmiClient
from telephony.reconnect import Backoff, ConnectionTimes

BANNER = b"Asterisk Call Manager/12.0.0\r\n"
QUICK = Backoff(first_s=0.01, longest_s=0.05)
TIMES = ConnectionTimes(
    answer_s=0.3, ping_every_s=30.0, steady_after_s=30.0, after_loss=QUICK, after_refusal=QUICK
)

Fields = dict[str, str]


class Manager:
    """Logs in whoever comes and answers every action with success, unless told otherwise.

    ``answers[action]``: called instead; gives the bytes to send, None to stay silent.
    """

    def __init__(self) -> None:
        self.actions: list[Fields] = []
        self.answers: dict[str, Callable[[Fields], bytes | None]] = {}
        self.banner = BANNER
        self.logins = 0
        self.sockets: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Reset every connection."""
        while self.sockets:
            self.sockets.pop().transport.abort()

    def say(self, raw: bytes) -> None:
        """Send to the client connected last."""
        self.sockets[-1].write(raw)

    def names(self) -> list[str]:
        return [action["Action"] for action in self.actions]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sockets.append(writer)
        writer.write(self.banner)
        try:
            while True:
                raw = await reader.readuntil(b"\r\n\r\n")
                lines = raw.decode().strip().split("\r\n")
                action = dict(line.split(": ", 1) for line in lines if ": " in line)
                self.actions.append(action)
                answer = self.answers.get(action.get("Action", ""), success)(action)
                if action.get("Action") == "Login":
                    self.logins += 1
                if answer is not None:
                    writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def success(action: Fields) -> bytes:
    return message(Response="Success", ActionID=action.get("ActionID", ""))


def message(**fields: str) -> bytes:
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n"


@asynccontextmanager
async def managing(
    *,
    on_connected: Callable[[AmiClient], Awaitable[None]] | None = None,
    times: ConnectionTimes = TIMES,
    most_events: int = 1000,
    manager: Manager | None = None,
    wait: bool = True,
) -> AsyncIterator[tuple[Manager, AmiClient]]:
    """A manager interface and our client, logged in unless ``wait`` is off."""
    manager = await (manager or Manager()).start()

    async def resynchronise() -> None:
        if on_connected is not None:
            await on_connected(client)

    client = AmiClient(
        AmiAccess("127.0.0.1", manager.port, "hotline", "secret"),
        on_connected=resynchronise,
        times=times,
        most_events=most_events,
    )
    await client.start()
    try:
        if wait:
            await client.wait_connected(5)
        yield manager, client
    finally:
        await client.close()
        await manager.stop()
