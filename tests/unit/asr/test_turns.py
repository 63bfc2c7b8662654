import asyncio
from contextlib import suppress

import pytest

from asr.engines.turns import Turns


class FakeStream:
    """Notes its decoded blocks in a common log."""

    block_bytes = 2

    def __init__(self, name: str, log: list[str], *, fails: bool = False) -> None:
        self.name = name
        self.log = log
        self.fails = fails

    def decode(self, block: bytes) -> None:
        if self.fails:
            raise RuntimeError("Failed to process waveform")
        self.log.append(self.name)

    def answer(self) -> str:
        return f"{self.name} done"


async def decode_all(*messages: tuple[FakeStream, int]) -> list[str | BaseException]:
    turns = Turns()
    asked = [
        asyncio.create_task(turns.decode(stream, bytes(2 * blocks))) for stream, blocks in messages
    ]
    await asyncio.gather(*(asyncio.sleep(0) for _ in asked))  # all are in the queue
    running = asyncio.create_task(turns.run())
    answers = await asyncio.gather(*asked, return_exceptions=True)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return answers


async def test_a_long_message_does_not_hold_up_a_short_one() -> None:
    log: list[str] = []
    long, short = FakeStream("long", log), FakeStream("short", log)
    answers = await decode_all((long, 100), (short, 2))
    assert answers == ["long done", "short done"]
    assert len(log) == 102
    # Two ready streams get two blocks each per round: the short one is through in the first.
    assert log[:4] == ["long", "long", "short", "short"]


async def test_many_streams_take_turns_block_by_block() -> None:
    log: list[str] = []
    streams = [FakeStream(str(number), log) for number in range(6)]
    await decode_all(*((stream, 3) for stream in streams))
    assert log == [str(number) for _ in range(3) for number in range(6)]


async def test_an_empty_message_is_answered() -> None:
    assert await decode_all((FakeStream("empty", []), 0)) == ["empty done"]


async def test_a_stream_that_fails_leaves_the_others_alone() -> None:
    log: list[str] = []
    bad, good = FakeStream("bad", log, fails=True), FakeStream("good", log)
    failed, answer = await decode_all((bad, 5), (good, 5))
    assert answer == "good done"
    assert isinstance(failed, RuntimeError)


async def test_a_stream_whose_client_has_gone_is_not_decoded() -> None:
    log: list[str] = []
    turns = Turns()
    gone = asyncio.create_task(turns.decode(FakeStream("gone", log), bytes(2)))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    running = asyncio.create_task(turns.run())
    assert await turns.decode(FakeStream("here", log), bytes(2)) == "here done"
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert log == ["here"]
