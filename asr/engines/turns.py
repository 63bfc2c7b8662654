"""Many streams, one decoding thread: each ready stream gets its turn, none waits for another's end.

libvosk releases the interpreter lock while it decodes, so the event loop keeps running; a second
thread would not: one process per core is how recognition scales.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")

# A lone stream may take this many blocks per turn, which spares thread changes; with others
# ready they share them. At 0.2 s a block and RTF 0.03 a newcomer waits 30 ms at most.
_BLOCKS_PER_ROUND = 5


class Stream(Protocol):
    """What a turn needs of a stream; see `asr.engines.speech.Speech`."""

    @property
    def block_bytes(self) -> int: ...

    def decode(self, block: bytes) -> None: ...

    def answer(self) -> str: ...


@dataclass
class _Message:
    """One message of one stream on its way through the decoder."""

    stream: Stream
    pcm: memoryview
    answered: asyncio.Future[str]
    at: int = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.pcm)

    def decode(self, blocks: int) -> str | None:
        """Decode up to ``blocks`` blocks; the answer when the message is through."""
        size = self.stream.block_bytes
        for _ in range(blocks):
            if self.done:
                break
            self.stream.decode(bytes(self.pcm[self.at : self.at + size]))
            self.at += size
        return self.stream.answer() if self.done else None


class Turns:
    """The decoding thread and the queue in front of it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode")
        self._ready: list[_Message] = []
        self._wake = asyncio.Event()

    async def call(self, act: Callable[[], T]) -> T:
        """Run ``act`` (open, flush or close a stream) in the decoding thread, between rounds."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def decode(self, stream: Stream, pcm: bytes) -> str:
        """Decode one message of a stream, in turn with the others; the answer to send."""
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ready.append(_Message(stream, memoryview(pcm), answered))
        self._wake.set()
        return await answered

    async def run(self) -> None:
        """Serve for ever; cancel to stop."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                await self._wake.wait()
                self._ready = [one for one in self._ready if not one.answered.done()]
                if not self._ready:
                    self._wake.clear()
                    continue
                turn, self._ready = self._ready, []
                answers = await loop.run_in_executor(self._thread, _round, turn)
                self._settle(turn, answers)
        finally:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def _settle(self, turn: list[_Message], answers: list[str | Exception | None]) -> None:
        for message, answer in zip(turn, answers, strict=True):
            if message.answered.done():  # its connection has gone
                continue
            match answer:
                case str():
                    message.answered.set_result(answer)
                case Exception():
                    message.answered.set_exception(answer)
                case None:
                    self._ready.append(message)


def _round(turn: list[_Message]) -> list[str | Exception | None]:
    blocks = max(1, _BLOCKS_PER_ROUND // len(turn))
    answers: list[str | Exception | None] = []
    for message in turn:
        try:
            answers.append(message.decode(blocks))
        except Exception as failed:  # noqa: BLE001 - vosk raises bare Exception; handed to its stream
            answers.append(failed)
    return answers
