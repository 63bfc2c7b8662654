"""The recognizer process as any vosk-server client sees it; garbage must never end it."""

import asyncio
import json
import os
import random
import signal
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from asr.engines.process import RecognizerProcess, recognizer_process
from asr.recognizer import RecognizerUnavailable

EOF = '{"eof" : 1}'


def client(running: RecognizerProcess) -> connect:
    return connect(running.url, proxy=None, compression=None)


async def answer(link: ClientConnection, message: str | bytes) -> dict[str, object]:
    await link.send(message)
    return dict(json.loads(await link.recv()))


async def works(running: RecognizerProcess) -> bool:
    """Whether a fresh connection is served."""
    async with client(running) as link:
        return (await answer(link, EOF))["text"] == ""


async def test_every_message_of_sound_gets_one_answer_and_eof_the_last(
    recognizer: RecognizerProcess,
) -> None:
    async with client(recognizer) as link:
        await link.send('{"config": {"sample_rate": 8000, "words": true}}')
        for size in (1600, 0, 2, 64_000):
            assert "partial" in await answer(link, bytes(size)) or size == 64_000
        last = await answer(link, EOF)
        assert last["text"] == ""
        with pytest.raises(ConnectionClosed):
            await link.recv()


async def test_partials_can_be_spared(recognizer: RecognizerProcess) -> None:
    async with client(recognizer) as link:
        await link.send('{"config": {"sample_rate": 8000, "partials": false}}')
        assert await answer(link, bytes(1600)) == {"partial": ""}


BAD = {
    "text": "garbage",
    "nesting": "[" * 4000,
    "long text": "x" * 100_000,
    "rate zero": '{"config": {"sample_rate": 0}}',
    "rate negative": '{"config": {"sample_rate": -8000}}',
    "rate not a number": '{"config": {"sample_rate": NaN}}',
    "rate infinite": '{"config": {"sample_rate": 1e999}}',
    "grammar": '{"config": {"phrase_list": ["停水"]}}',
    "half a sample": bytes(1601),
}


@pytest.mark.parametrize("message", BAD.values(), ids=BAD.keys())
async def test_bad_input_gets_an_error_and_the_process_lives(
    recognizer: RecognizerProcess, message: str | bytes
) -> None:
    async with client(recognizer) as link:
        assert "error" in await answer(link, message)
        with pytest.raises(ConnectionClosed) as closed:
            await link.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1007
    assert await works(recognizer)


async def test_a_config_after_sound_is_refused(recognizer: RecognizerProcess) -> None:
    async with client(recognizer) as link:
        await answer(link, bytes(1600))
        refused = await answer(link, '{"config": {"sample_rate": 16000}}')
        assert "before the first sound" in str(refused["error"])


async def test_loud_noise_and_clipping_are_only_sound(recognizer: RecognizerProcess) -> None:
    noise = random.Random(7)
    async with client(recognizer) as link:
        for block in (noise.randbytes(32_000), b"\xff\x7f\x00\x80" * 8000, bytes(32_000)):
            assert "error" not in await answer(link, block)
        assert "text" in await answer(link, EOF)


async def test_raw_garbage_and_half_open_connections_change_nothing(
    recognizer: RecognizerProcess,
) -> None:
    host, port = recognizer.url.removeprefix("ws://").split(":")
    noise = random.Random(11)
    for garbage in (b"", b"\x00" * 100, noise.randbytes(5000), b"GET / HTTP/1.1\r\n\r\n"):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(garbage)
        await writer.drain()
        writer.transport.abort()
    assert await works(recognizer)


async def test_clients_that_vanish_in_mid_message_free_their_place(model_dir: Path) -> None:
    async with recognizer_process(model_dir, max_connections=2) as running:
        for _ in range(6):
            link = await connect_when_free(running)
            await link.send(bytes(64_000))
            link.transport.abort()
            await link.wait_closed()
        link = await connect_when_free(running)
        assert "text" in await answer(link, EOF)


async def connect_when_free(running: RecognizerProcess) -> ClientConnection:
    async with asyncio.timeout(10):
        while True:
            try:
                return await client(running)
            except InvalidStatus:
                continue


async def test_beyond_the_limit_a_connection_is_refused_in_words(model_dir: Path) -> None:
    async with recognizer_process(model_dir, max_connections=1) as running, client(running):
        with pytest.raises(InvalidStatus) as refused:
            await client(running)
        assert refused.value.response.status_code == 503
        assert b"all 1 streams are taken" in (refused.value.response.body or b"")


async def test_health_is_told_over_plain_http(recognizer: RecognizerProcess) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        told = await http.get(recognizer.url.replace("ws://", "http://") + "/healthz")
    assert (told.status_code, told.text) == (200, "ready\n")


async def test_a_client_that_reads_nothing_is_held_back_not_buffered(
    recognizer: RecognizerProcess,
) -> None:
    async with connect(recognizer.url, proxy=None, compression=None, max_queue=1) as link:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(send_without_end(link), 3)
        assert await works(recognizer)  # others are served all the while
        link.transport.abort()


async def send_without_end(link: ClientConnection) -> None:
    while True:  # would take gigabytes if nothing held it back
        await link.send(bytes(1_000_000))


async def test_sigterm_ends_it_cleanly(model_dir: Path) -> None:
    async with recognizer_process(model_dir) as running, client(running) as link:
        os.kill(running.pid, signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            await link.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001


async def test_a_wrong_directory_gets_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RecognizerUnavailable, match=r"not a Vosk model: am/final\.mdl;"):
        async with recognizer_process(tmp_path):
            pass
