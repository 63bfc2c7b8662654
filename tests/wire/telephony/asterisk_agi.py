"""Asterisk's side of FastAGI over a real socket, played from a script."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar, Self

from telephony.agi.server import AgiServer
from telephony.agi.session import AgiSession

HEADER = (
    b"agi_network: yes\n"
    b"agi_network_script: ivr?x=1\n"
    b"agi_request: agi://127.0.0.1/ivr?x=1\n"
    b"agi_channel: PJSIP/trunk-00000001\n"
    b"agi_uniqueid: hl1-1763843556.12\n"
    b"agi_callerid: 13800000000\n"
    b"agi_context: hotline\n"
    b"agi_extension: 12345\n"
    b"agi_priority: 3\n"
    b"\n"
)
DIALOGUES = Path(__file__).parent / "dialogues"


class AsteriskCall:
    """One FastAGI connection as Asterisk opens it; `serving` closes those left open."""

    left_open: ClassVar[list[asyncio.StreamWriter]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.left_open.append(writer)

    @classmethod
    async def dial(cls, port: int, header: bytes = HEADER) -> Self:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(header)
        return cls(reader, writer)

    async def hears(self) -> bytes:
        """The next command line, ``b""`` once the server has closed."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.readline()
            except ConnectionResetError:
                return b""

    def says(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def answers(self, raw: bytes) -> bytes:
        """Read one command, then send this; the command."""
        command = await self.hears()
        self.says(raw)
        return command

    def hangs_up(self) -> None:
        self.writer.close()


@asynccontextmanager
async def serving(
    handler: Callable[[AgiSession], Awaitable[None]],
    *,
    max_sessions: int = 100,
    header_timeout_s: float = 5.0,
    command_timeout_s: float = 5.0,
) -> AsyncIterator[AgiServer]:
    """A FastAGI server on a free port, closed at the end."""
    server = AgiServer(
        handler,
        max_sessions=max_sessions,
        header_timeout_s=header_timeout_s,
        command_timeout_s=command_timeout_s,
    )
    await server.start("127.0.0.1", 0)
    try:
        yield server
    finally:
        await server.close()
        while AsteriskCall.left_open:
            AsteriskCall.left_open.pop().close()


def spoken(name: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A recorded dialogue: the outcome then, and who said which line ("A" or "E")."""
    lines = (DIALOGUES / f"{name}.txt").read_text().splitlines()
    outcome = next(line for line in lines if line.startswith("# Outcome: "))
    said = [(line[0], line[3:].encode() + b"\n") for line in lines if line[:2] in ("A:", "E:")]
    return outcome.removeprefix("# Outcome: "), said


async def replay(port: int, said: list[tuple[str, bytes]]) -> list[bytes]:
    """Play Asterisk's part; what the engine said otherwise than recorded."""
    call = await AsteriskCall.dial(port, b"")
    different: list[bytes] = []
    for who, line in said:
        if who == "A":
            call.says(line)
        elif (heard := await call.hears()) != line:
            different.append(heard)
    call.hangs_up()
    return different
