"""The AudioSocket server over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from telephony.audiosocket.frames import Kind, write_frame
from telephony.audiosocket.leg import AudioOverrun
from telephony.audiosocket.server import AudioSocketServer
from tests.wire.telephony.waiting import until

PCM = bytes(range(160)) * 2  # 20 ms


class Listener:
    """Keeps what every leg said, and how it ended."""

    def __init__(self) -> None:
        self.heard: dict[UUID, bytes] = {}
        self.pieces: list[int] = []
        self.ends: list[str] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self, leg: UUID, audio: AsyncIterator[bytes]) -> None:
        self.heard[leg] = b""
        try:
            async for pcm in audio:
                await self.go_on.wait()
                self.heard[leg] += pcm
                self.pieces.append(len(pcm))
        except AudioOverrun:
            self.ends.append("overrun")
            raise
        except asyncio.CancelledError:
            self.ends.append("cancelled")
            raise
        self.ends.append("end")


class Leg:
    """Asterisk's side of one leg."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def says(self, kind: Kind, payload: bytes = b"") -> None:
        self.writer.write(write_frame(kind, payload))

    async def hears_end(self) -> bytes:
        async with asyncio.timeout(5):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


class Exchange:
    """The server, its listener and the legs dialled to it."""

    def __init__(self, server: AudioSocketServer, listener: Listener) -> None:
        self.server = server
        self.listener = listener
        self.legs: list[Leg] = []

    async def dial(self, leg: UUID | None = None) -> Leg:
        dialled = Leg(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.legs.append(dialled)
        if leg is not None:
            dialled.says(Kind.UUID, leg.bytes)
        return dialled


@asynccontextmanager
async def listening(
    *, max_legs: int = 10, header_timeout_s: float = 5.0, most_buffered_s: float = 10.0
) -> AsyncIterator[Exchange]:
    listener = Listener()
    server = AudioSocketServer(
        listener,
        max_legs=max_legs,
        header_timeout_s=header_timeout_s,
        most_buffered_s=most_buffered_s,
    )
    await server.start("127.0.0.1", 0)
    exchange = Exchange(server, listener)
    try:
        yield exchange
    finally:
        await server.close()
        for leg in exchange.legs:
            leg.writer.close()


async def test_the_sound_of_a_leg_arrives_in_order_and_ends_with_the_hang_up() -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        leg = await exchange.dial(name)
        leg.says(Kind.SLIN_8K, PCM)
        leg.says(Kind.DTMF, b"5")
        leg.says(Kind.SLIN_8K, b"\1\0")
        leg.says(Kind.HANGUP)
        await until(lambda: exchange.listener.ends == ["end"])
        assert exchange.listener.heard == {name: PCM + b"\1\0"}
        assert await leg.hears_end() == write_frame(Kind.HANGUP)
        await until(lambda: exchange.server.active == 0)


async def test_a_connection_that_breaks_ends_the_leg() -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        leg = await exchange.dial(name)
        leg.says(Kind.SLIN_8K, PCM)
        leg.writer.write(write_frame(Kind.SLIN_8K, PCM)[:100])
        leg.writer.close()
        await until(lambda: exchange.listener.ends == ["end"])
        assert exchange.listener.heard == {name: PCM}


@pytest.mark.parametrize("case", ["unknown", "late", "twice", "forgotten"])
async def test_only_an_awaited_leg_gets_in_and_only_once(case: str) -> None:
    name = uuid4()
    async with listening() as exchange:
        if case in ("twice", "forgotten"):
            exchange.server.expect(name, 5)
        if case == "late":
            exchange.server.expect(name, -1)
        if case == "forgotten":
            exchange.server.forget(name)
        if case == "twice":
            await exchange.dial(name)
            await until(lambda: exchange.server.active == 1)
        with capture_logs() as logs:
            stranger = await exchange.dial(name)
            assert await stranger.hears_end() == b""
        assert [(log["event"], log["why"]) for log in logs] == [
            ("audiosocket.closed", "unknown or late leg")
        ]
        assert exchange.server.active == (1 if case == "twice" else 0)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00",  # TLS; 0x16 is also a frame kind
        b"\x01\xff\xff",
        b"\x01\x00\x04abcd",
        write_frame(Kind.SLIN_8K, PCM),
        b"\0" * 9,
    ],
)
async def test_garbage_is_closed_with_one_line(sent: bytes) -> None:
    async with listening() as exchange:
        with capture_logs() as logs:
            scan = await exchange.dial()
            scan.writer.write(sent)
            assert await scan.hears_end() == b""
        assert [log["why"] for log in logs] == ["no UUID first"]


@pytest.mark.parametrize(
    ("sent", "why"),
    [(b"\x47", "no such frame kind: 0x47"), (b"\x10\xff\xff", "frame of 65535 bytes")],
)
async def test_garbage_in_mid_leg_is_closed_with_one_line(sent: bytes, why: str) -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        with capture_logs() as logs:
            leg = await exchange.dial(name)
            leg.writer.write(sent)
            assert await leg.hears_end() == b""
        assert [log["why"] for log in logs] == [why]
        await until(lambda: exchange.listener.ends == ["end"])


async def test_a_port_scan_costs_nothing() -> None:
    async with listening(max_legs=2) as exchange:
        with capture_logs() as logs:
            for _ in range(50):
                scan = await exchange.dial()
                scan.writer.close()
                await scan.writer.wait_closed()
                await until(exchange.server.admits)
        assert logs == []


async def test_a_slow_introduction_is_closed() -> None:
    async with listening(header_timeout_s=0.05) as exchange:
        with capture_logs() as logs:
            slow = await exchange.dial()
            slow.writer.write(b"\x01\x00")
            assert await slow.hears_end() == b""
        assert [log["why"] for log in logs] == ["no UUID in time"]


async def test_above_the_limit_a_leg_is_turned_away() -> None:
    name = uuid4()
    async with listening(max_legs=1) as exchange:
        exchange.server.expect(name, 5)
        await exchange.dial(name)
        await until(lambda: exchange.server.active == 1)
        with capture_logs() as logs:
            assert await (await exchange.dial()).hears_end() == b""
        assert [log["why"] for log in logs] == ["as many legs as allowed"]


@pytest.mark.parametrize("kind", [Kind.SLIN_16K, Kind.ERROR, Kind.UUID])
async def test_another_rate_or_an_error_is_named(kind: Kind) -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        with capture_logs() as logs:
            leg = await exchange.dial(name)
            leg.says(kind, PCM[:16])
            assert await leg.hears_end() == b""
        assert [log["why"] for log in logs] == [f"unexpected frame {kind.name}"]
        await until(lambda: exchange.listener.ends == ["end"])


async def test_a_listener_too_slow_loses_the_leg_not_the_memory() -> None:
    name = uuid4()
    async with listening(most_buffered_s=0.5) as exchange:
        exchange.listener.go_on.clear()
        exchange.server.expect(name, 5)
        with capture_logs() as logs:
            leg = await exchange.dial(name)
            for _ in range(100):
                leg.says(Kind.SLIN_8K, PCM)
            assert await leg.hears_end() == b""
        assert [log["why"] for log in logs] == ["listener too slow"]
        exchange.listener.go_on.set()
        await until(lambda: exchange.listener.ends == ["overrun"])


async def test_frames_are_gathered_to_a_tenth_of_a_second() -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        leg = await exchange.dial(name)
        for _ in range(5):
            leg.says(Kind.SLIN_8K, PCM)
            await leg.writer.drain()
        await until(lambda: exchange.listener.heard.get(name) == PCM * 5)
        leg.says(Kind.SLIN_8K, PCM)
        leg.writer.close()
        await until(lambda: exchange.listener.ends == ["end"])
        assert exchange.listener.pieces == [5 * len(PCM), len(PCM)]


async def test_closing_cancels_the_listeners() -> None:
    name = uuid4()
    async with listening() as exchange:
        exchange.server.expect(name, 5)
        leg = await exchange.dial(name)
        await until(lambda: exchange.server.active == 1)
        for _ in range(5):
            leg.says(Kind.SLIN_8K, PCM)
        await until(lambda: exchange.listener.heard.get(name) == PCM * 5)
        await exchange.server.close()
        assert exchange.listener.ends == ["cancelled"]
        with pytest.raises(LookupError, match="not listening"):
            _ = exchange.server.port


async def test_a_listener_that_fails_ends_its_leg_only() -> None:
    async def fails(leg: UUID, audio: AsyncIterator[bytes]) -> None:
        raise RuntimeError("broken listener")

    name = uuid4()
    server = AudioSocketServer(fails, max_legs=5)
    await server.start("127.0.0.1", 0)
    exchange = Exchange(server, Listener())
    with capture_logs() as logs:
        server.expect(name, 5)
        leg = await exchange.dial(name)
        assert await leg.hears_end() == write_frame(Kind.HANGUP)
    assert [log["event"] for log in logs] == ["audiosocket.listener_failed"]
    leg.writer.close()
    await server.close()
