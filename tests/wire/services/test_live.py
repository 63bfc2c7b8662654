"""The live bus on its Unix socket: everybody who keeps up hears everything from now on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio

from services import live
from services.live import Event, LiveBus
from tests.wire.telephony.waiting import until


@pytest_asyncio.fixture
async def bus() -> AsyncIterator[LiveBus]:
    bus = LiveBus()
    yield bus
    await bus.close()


@pytest_asyncio.fixture
async def path(bus: LiveBus, tmp_path: Path) -> Path:
    path = tmp_path / "live.sock"
    await bus.start(path)
    return path


class Desk:
    """A subscriber that reads at once."""

    def __init__(self, path: Path) -> None:
        self.heard: list[Event] = []
        self.subscribed = asyncio.Event()
        self.task = asyncio.create_task(self._listen(path))

    async def _listen(self, path: Path) -> None:
        async with aclosing(live.subscribe(path, self.subscribed.set)) as events:
            async for event in events:
                self.heard.append(event)

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def desks(path: Path, count: int) -> list[Desk]:
    watching = [Desk(path) for _ in range(count)]
    for desk in watching:
        await desk.subscribed.wait()
    return watching


async def stalled(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A subscriber that reads nothing; its buffer takes 4 KiB."""
    reader, writer = await asyncio.open_unix_connection(str(path), limit=2048)
    writer.write(b"subscribe\n")
    await reader.readline()
    return reader, writer


async def test_every_desk_hears_every_event_in_order(bus: LiveBus, path: Path) -> None:
    watching = await desks(path, 3)
    events = [{"type": "partial", "call_id": "hl1-1.1", "text": f"路灯{n}"} for n in range(200)]
    for event in events:
        bus.publish(event)
    for desk in watching:
        await until(lambda desk=desk: len(desk.heard) == 200)
        assert desk.heard == events
        await desk.leave()


async def test_another_role_publishes_through_the_engine(path: Path) -> None:
    (desk,) = await desks(path, 1)
    event = {"type": "ticket_drafted", "call_id": "hl1-1.1", "at": "2026-11-22T07:30:00+00:00"}
    await live.publish(path, event)
    await until(lambda: desk.heard == [event])
    await desk.leave()


async def test_who_leaves_is_forgotten(bus: LiveBus, path: Path) -> None:
    first, second = await desks(path, 2)
    await first.leave()
    await until(lambda: len(bus._subscribers) == 1)
    bus.publish({"type": "node"})
    await until(lambda: second.heard == [{"type": "node"}])
    await second.leave()


def served() -> int:
    """How many connections the bus still serves."""
    return sum("LiveBus._serve" in repr(task.get_coro()) for task in asyncio.all_tasks())


async def test_who_does_not_keep_up_is_let_go_and_disturbs_nobody(
    bus: LiveBus, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.live.QUEUE_LENGTH", 10)
    reader, writer = await stalled(path)
    (desk,) = await desks(path, 1)
    published: list[Event] = []
    while len(bus._subscribers) == 2:
        published.append({"type": "partial", "text": "长" * 10_000})
        bus.publish(published[-1])
        await until(lambda: len(desk.heard) == len(published))
    await until(lambda: served() == 1)  # its task has ended though it never read
    on_the_way = await asyncio.wait_for(reader.read(), 5)  # and then the end
    assert 0 < on_the_way.count(b"\n") < len(published)
    bus.publish({"type": "node"})
    await until(lambda: desk.heard[-1] == {"type": "node"})
    writer.close()
    await desk.leave()


@pytest.mark.parametrize(
    "rubbish", [b"publish\nnot json\n", b"publish\n\xff\n", b"", b"GET / HTTP"]
)
async def test_rubbish_is_cut_off_and_the_bus_goes_on(
    bus: LiveBus, path: Path, rubbish: bytes
) -> None:
    (desk,) = await desks(path, 1)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(rubbish)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    bus.publish({"type": "node"})
    await until(lambda: desk.heard == [{"type": "node"}])
    await desk.leave()


async def test_a_subscription_ends_when_the_engine_goes(bus: LiveBus, path: Path) -> None:
    (desk,) = await desks(path, 1)
    await bus.close()
    await asyncio.wait_for(desk.task, 5)
    with pytest.raises((FileNotFoundError, ConnectionRefusedError)):
        await anext(live.subscribe(path))


async def test_publishing_to_nobody_is_no_failure(tmp_path: Path) -> None:
    await live.publish(tmp_path / "nowhere.sock", {"type": "node"})


async def test_the_socket_is_for_its_owner_only_and_replaces_a_stale_one(
    bus: LiveBus, tmp_path: Path
) -> None:
    path = tmp_path / "live.sock"
    path.write_text("left by a killed engine")
    await bus.start(path)
    assert path.stat().st_mode & 0o777 == 0o600
    (desk,) = await desks(path, 1)
    await desk.leave()
