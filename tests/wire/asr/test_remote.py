"""The client side against servers that misbehave; and against one that speaks as the original."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from asr.engines.remote import LIVE, Patience, RemoteHearing, RemoteRecognizer
from asr.recognizer import Heard, RecognizerUnavailable

Script = Callable[[ServerConnection], Awaitable[None]]
SECOND = bytes(16_000)


@asynccontextmanager
async def server(script: Script) -> AsyncIterator[str]:
    async with serve(script, "127.0.0.1", 0) as running:
        yield f"ws://127.0.0.1:{next(iter(running.sockets)).getsockname()[1]}"


@pytest.fixture
def dead_url() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"ws://127.0.0.1:{taken.getsockname()[1]}"


def result(word: str, start: float, end: float) -> str:
    one = {"word": word, "start": start, "end": end, "conf": 1.0}
    return json.dumps({"result": [one], "text": word})


class OriginalServer:
    """Answers as asr_server.py does: compares eof as text, knows no extension.

    Ends a stretch after each second of sound; the word is the second's first byte.
    """

    def __init__(self, dies_after_messages: int | None = None) -> None:
        self.dies_after = dies_after_messages
        self.connections = 0

    async def __call__(self, link: ServerConnection) -> None:
        self.connections += 1
        heard = b""
        settled = messages = 0
        async for message in link:
            if isinstance(message, str) and "config" in message:
                continue
            if message == '{"eof" : 1}':
                rest = heard[settled:]
                await link.send(self.said(rest, settled) if rest else '{"text": ""}')
                return
            assert isinstance(message, bytes)
            messages += 1
            if self.dies_after is not None and messages > self.dies_after:
                link.transport.abort()
                return
            heard += message
            if len(heard) - settled >= 16_000:
                await link.send(self.said(heard[settled : settled + 16_000], settled))
                settled += 16_000
            else:
                await link.send(json.dumps({"partial": "猜" * (1 + (messages % 3))}))

    @staticmethod
    def said(sound: bytes, from_byte: int) -> str:
        return result(f"{sound[0]}", from_byte / 16_000, (from_byte + len(sound)) / 16_000)


def speech(length_s: int) -> bytes:
    return b"".join(bytes([second + 1]) * 16_000 for second in range(length_s))


async def hear(hearing: RemoteHearing, pcm: bytes) -> list[Heard]:
    """Feed at the recognizer's pace, in the 20 ms pieces of a telephone line."""

    async def feed() -> None:
        for at in range(0, len(pcm), 320):
            await hearing.room()
            await hearing.feed(pcm[at : at + 320])
        await hearing.finish()

    feeding = asyncio.create_task(feed())
    heard = [one async for one in hearing.results()]
    await feeding
    return heard


def finals(heard: list[Heard]) -> list[tuple[str, float]]:
    return [(word.word, word.start_s) for one in heard if one.final for word in one.words]


async def test_any_vosk_server_will_do() -> None:
    async with server(OriginalServer()) as url:
        hearing = await RemoteRecognizer([url], patience=Patience()).open(rate=8000)
        heard = await hear(hearing, speech(3) + b"\x09" * 8000)
    assert finals(heard) == [("1", 0.0), ("2", 1.0), ("3", 2.0), ("9", 3.0)]
    assert {one.text for one in heard if not one.final} <= {"猜", "猜猜", "猜猜猜"}


@pytest.mark.parametrize("dies_after", [0, 1, 9, 10, 11, 15, 20, 29])
async def test_a_server_that_dies_loses_and_doubles_nothing(dies_after: int) -> None:
    first, second = OriginalServer(dies_after), OriginalServer()
    async with server(first) as one, server(second) as two:
        # On a machine busy with other tests a loopback connection may take half a second.
        patience = Patience(open_s=20.0)
        hearing = await RemoteRecognizer([one, two], patience=patience).open(rate=8000)
        heard = await hear(hearing, speech(4))
    assert finals(heard) == [("1", 0.0), ("2", 1.0), ("3", 2.0), ("4", 3.0)]
    assert (first.connections, second.connections) == (1, 1)


async def test_a_dead_process_is_passed_over(dead_url: str) -> None:
    async with server(OriginalServer()) as url:
        recognizer = RemoteRecognizer([dead_url, url])
        hearing = await recognizer.open(rate=8000)
        assert finals(await hear(hearing, speech(1))) == [("1", 0.0)]


async def test_hearings_are_spread_over_the_processes() -> None:
    servers = [OriginalServer(), OriginalServer()]
    async with server(servers[0]) as one, server(servers[1]) as two:
        recognizer = RemoteRecognizer([one, two])
        hearings = [await recognizer.open(rate=8000) for _ in range(6)]
        await asyncio.gather(*(hear(hearing, speech(1)) for hearing in hearings))
    assert [each.connections for each in servers] == [3, 3]


async def test_none_there_is_said_within_a_second(dead_url: str) -> None:
    with pytest.raises(RecognizerUnavailable, match="no recognizer answers: ws://127"):
        await RemoteRecognizer([dead_url]).open(rate=8000)


async def test_one_that_accepts_and_says_nothing_costs_only_its_share() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute_url = f"ws://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(RecognizerUnavailable, match="TimeoutError"):
            async with asyncio.timeout(5):
                await RemoteRecognizer([mute_url]).open(rate=8000)
        async with server(OriginalServer()) as url:
            hearing = await RemoteRecognizer([mute_url, url]).open(rate=8000)
            assert finals(await hear(hearing, speech(1))) == [("1", 0.0)]


async def read_only(link: ServerConnection) -> None:
    async for _ in link:
        pass


async def test_two_seconds_behind_is_too_slow_and_feeding_never_waits() -> None:
    async with server(read_only) as url:
        hearing = await RemoteRecognizer([url], patience=Patience()).open(rate=8000)
        async with asyncio.timeout(1):
            for _ in range(1000):
                await hearing.feed(SECOND)
        with pytest.raises(RecognizerUnavailable, match=r"[23]\.0 s behind"):
            async for _ in hearing.results():
                pass


async def test_no_answer_to_the_end_of_sound_is_not_waited_for_for_ever() -> None:
    patience = Patience(answer_s=0.2, reopen_s=0.0, open_s=0.5)
    async with server(read_only) as url:
        hearing = await RemoteRecognizer([url], patience=patience).open(rate=8000)
        await hearing.finish()
        with pytest.raises(RecognizerUnavailable, match="3 recognizers were lost"):
            await anext(hearing.results())


async def test_sound_that_kills_recognizers_does_not_kill_them_all() -> None:
    servers = [OriginalServer(dies_after_messages=5) for _ in range(6)]
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(server(each)) for each in servers]
        hearing = await RemoteRecognizer(urls, patience=Patience()).open(rate=8000)
        with pytest.raises(RecognizerUnavailable, match=r"lost on the same sound, at 0\.0 s"):
            await hear(hearing, speech(2))
    assert sum(each.connections for each in servers) == 3


async def garbage(link: ServerConnection) -> None:
    async for _ in link:
        await link.send("garbage")


async def refusal(link: ServerConnection) -> None:
    async for _ in link:
        await link.send('{"error": "no"}')


@pytest.mark.parametrize("script", [garbage, refusal])
async def test_nonsense_answers_end_the_hearing(script: Script) -> None:
    async with server(script) as url:
        hearing = await RemoteRecognizer([url], patience=Patience()).open(rate=8000)
        with pytest.raises(RecognizerUnavailable, match="recognizer"):
            await hear(hearing, speech(1))


async def test_nobody_left_to_take_over_is_said() -> None:
    patience = Patience(reopen_s=0.3)
    dying = OriginalServer(dies_after_messages=5)
    async with serve(dying, "127.0.0.1", 0) as running:
        url = f"ws://127.0.0.1:{next(iter(running.sockets)).getsockname()[1]}"
        hearing = await RemoteRecognizer([url], patience=patience).open(rate=8000)
        running.close(close_connections=False)
        with pytest.raises(RecognizerUnavailable, match="no recognizer answers"):
            await hear(hearing, speech(2))


async def test_leaving_the_results_closes_the_connection() -> None:
    gone = asyncio.Event()

    async def watch(link: ServerConnection) -> None:
        try:
            async for _ in link:
                await link.send('{"partial": "猜"}')
        except ConnectionClosed:
            gone.set()

    async with server(watch) as url:
        hearing = await RemoteRecognizer([url], patience=Patience()).open(rate=8000)
        await hearing.feed(SECOND)
        results = hearing.results()
        await anext(results)
        await results.aclose()
        async with asyncio.timeout(5):
            await gone.wait()
        await hearing.feed(SECOND)  # dropped, without complaint


def test_at_least_one_url_is_needed() -> None:
    with pytest.raises(ValueError, match="ws://"):
        RemoteRecognizer([])


def test_a_live_leg_is_given_up_two_seconds_behind() -> None:
    assert LIVE.behind_s == 2.0
    assert LIVE.open_s <= 1.0
