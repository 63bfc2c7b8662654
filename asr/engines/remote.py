"""The client side: recognizer processes behind the vosk-server protocol, as our port sees them.

A process that dies in mid-speech is replaced: the hearing connects to another and plays the
sound since the last final text again, so that no word is lost and none comes twice.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from asr.engines.protocol import (
    EOF,
    Answer,
    BadMessage,
    StreamConfig,
    config_message,
    read_answer,
)
from asr.engines.tape import Tape
from asr.recognizer import Heard, RecognizerUnavailable, Word

log = structlog.get_logger(__name__)

_LARGEST_ANSWER = 1 << 20
# A process that just refused is asked last for a while: a restart takes about a second.
_SHUNNED_S = 5.0
# Sound that kills libvosk would, played again and again, take down every recognizer in turn.
_MOST_REPLAYS = 2


@dataclass(frozen=True)
class Patience:
    """How long a hearing waits for recognizers, and how much sound it keeps for them."""

    open_s: float = 1.0
    """To connect to any of the processes."""
    behind_s: float = 2.0
    """Sound fed but not recognised, above which a live leg is given up."""
    catch_up_s: float = 5.0
    """After a reconnection, to get below ``behind_s`` again."""
    answer_s: float = 10.0
    """For the answer to sound sent; a stopped process answers nothing and closes nothing."""
    reopen_s: float = 3.0
    """To find another process for one that died."""
    keep_s: float = 30.0
    """Sound kept for replay. The engine ends a stretch after 20 s (Kaldi's endpoint rule 5)."""
    block_s: float = 0.1
    """Sound per message."""
    pause_s: float | None = None
    """Silence that ends a stretch: long in a dictation; None, for a dialogue, asks the model."""


# What libvosk decodes at a time (`speech.BLOCK_S`): half of it means twice the messages and
# partial texts, for words that come 0.1 s sooner.
LIVE = Patience(block_s=0.2)
# A recording is fed as fast as it is decoded: large messages, and no line to fall behind of.
# Nobody waits for the answer to a pause, and a person thinking in mid-sentence is not cut off.
RECORDED = Patience(behind_s=math.inf, block_s=1.0, pause_s=1.2)


@dataclass
class _Door:
    """One recognizer process as this client knows it."""

    url: str
    hearings: int = 0
    shunned_until: float = 0.0


class RemoteRecognizer:
    """Opens hearings on the least busy of several recognizer processes."""

    def __init__(
        self, urls: Sequence[str], *, patience: Patience = LIVE, partials: bool = True
    ) -> None:
        if not urls:
            raise ValueError("at least one recognizer URL is needed, such as ws://127.0.0.1:2700")
        self._doors = [_Door(url) for url in urls]
        self._patience = patience
        self._partials = partials

    async def open(self, *, rate: int) -> "RemoteHearing":
        """Start hearing one leg; `RecognizerUnavailable` when no process answers in time."""
        config = StreamConfig(
            rate=rate, words=True, partials=self._partials, pause_s=self._patience.pause_s
        )
        hearing = RemoteHearing(self, config, self._patience)
        await hearing.start()
        return hearing

    async def connect(self) -> "_Link":
        """A connection to the least busy process that accepts one."""
        now = asyncio.get_running_loop().time()
        # Each gets its share of the time: one that hangs must not use up the others'.
        share_s = self._patience.open_s / len(self._doors)
        reasons = []
        for door in sorted(self._doors, key=lambda one: (one.shunned_until > now, one.hearings)):
            try:
                async with asyncio.timeout(share_s):
                    connection = await connect(
                        door.url,
                        compression=None,
                        proxy=None,
                        max_size=_LARGEST_ANSWER,
                        ping_interval=None,  # answers tell that it lives; see Patience.answer_s
                        close_timeout=share_s,
                    )
            except (OSError, TimeoutError, WebSocketException) as refused:
                door.shunned_until = now + _SHUNNED_S
                reasons.append(f"{door.url}: {str(refused) or type(refused).__name__}")
                continue
            return _Link(connection, door)
        raise RecognizerUnavailable("no recognizer answers: " + "; ".join(reasons))


class _Link:
    """One connection, counted at its door while it lives."""

    def __init__(self, connection: ClientConnection, door: _Door) -> None:
        self.connection = connection
        self.door = door
        self._closed = False
        door.hearings += 1

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.door.hearings -= 1
        # Not a polite close: a stopped process would hold us for the closing handshake.
        self.connection.transport.abort()
        await self.connection.wait_closed()


class RemoteHearing:
    """One leg at a recognizer process; see `asr.recognizer.Hearing`."""

    def __init__(
        self, recognizer: RemoteRecognizer, config: StreamConfig, patience: Patience
    ) -> None:
        self._recognizer = recognizer
        self._config = config
        self._patience = patience
        self._tape = Tape(config.rate, patience.keep_s)
        self._heard: asyncio.Queue[Heard | RecognizerUnavailable | None] = asyncio.Queue()
        self._more = asyncio.Event()  # there may be something to send
        self._less = asyncio.Event()  # something was answered, or all is over
        self._finishing = False
        self._eof_sent = False
        self._offset_s = 0.0  # of this connection's first sample
        self._replays = 0  # of the sound at that offset
        self._partial = ""
        self._judged_from = 0.0  # no complaint about being behind before this time
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect for the first time."""
        link = await self._recognizer.connect()
        self._task = asyncio.create_task(self._run(link))

    async def feed(self, pcm: bytes) -> None:
        """Hand over sound; never waits. After a failure it is dropped: `results` has raised it."""
        if self._over:
            return
        self._tape.feed(pcm)
        self._more.set()
        behind_s = self._tape.behind_s
        if behind_s > self._patience.behind_s and self._now() >= self._judged_from:
            self._give_up(RecognizerUnavailable(f"the recognizer is {behind_s:.1f} s behind"))

    @property
    def behind_s(self) -> float:
        """Seconds of sound fed that were not answered yet."""
        return self._tape.behind_s

    async def room(self) -> None:
        """Wait until the recognizer can use more sound: how recordings are paced."""
        while not self._over and self._tape.behind_s > 2 * self._patience.block_s:
            self._less.clear()
            await self._less.wait()

    async def finish(self) -> None:
        """No more sound; `results` ends after the last words."""
        self._finishing = True
        self._more.set()

    async def results(self) -> AsyncIterator[Heard]:
        """Partials and finals in order. Raises `RecognizerUnavailable` when recognition is lost.

        Leaving it early ends the hearing.
        """
        try:
            while (heard := await self._heard.get()) is not None:
                if isinstance(heard, RecognizerUnavailable):
                    raise heard
                yield heard
        finally:
            if self._task is not None:
                self._task.cancel()

    @property
    def _over(self) -> bool:
        return self._task is None or self._task.done() or self._task.cancelling() > 0

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _give_up(self, why: RecognizerUnavailable) -> None:
        log.warning("hearing_given_up", why=str(why))
        self._heard.put_nowait(why)
        if self._task is not None:
            self._task.cancel()
        self._less.set()

    async def _run(self, link: _Link) -> None:
        try:
            while True:
                try:
                    await self._talk(link.connection)
                    break
                except (ConnectionClosed, OSError, TimeoutError) as lost:
                    self._judged_from = math.inf
                    await link.close()
                    link.door.shunned_until = self._now() + _SHUNNED_S
                    link = await self._reopen(lost)
                    self._judged_from = self._now() + self._patience.catch_up_s
            self._heard.put_nowait(None)
        except RecognizerUnavailable as gone:
            self._heard.put_nowait(gone)
        except BadMessage as bad:
            self._heard.put_nowait(RecognizerUnavailable(str(bad)))
        finally:
            self._less.set()
            await link.close()

    async def _reopen(self, lost: Exception) -> _Link:
        log.warning("recognizer_lost", why=str(lost) or type(lost).__name__)
        offset_s = self._tape.rewind()
        self._replays = self._replays + 1 if offset_s == self._offset_s and self._replays else 1
        if self._replays > _MOST_REPLAYS:
            raise RecognizerUnavailable(
                f"{self._replays} recognizers were lost on the same sound, at {offset_s:.1f} s"
            )
        self._offset_s = offset_s
        self._eof_sent = False
        deadline = self._now() + self._patience.reopen_s
        while True:
            try:
                return await self._recognizer.connect()
            except RecognizerUnavailable:
                if self._now() >= deadline:
                    raise
                await asyncio.sleep(0.1)  # a restarted process needs about a second

    async def _talk(self, connection: ClientConnection) -> None:
        """One connection from its config to its last answer; returns when all was said."""
        await connection.send(config_message(self._config))
        sending = asyncio.create_task(self._send(connection))
        try:
            while not await self._receive(connection):
                pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, connection: ClientConnection) -> None:
        while not self._eof_sent:
            self._more.clear()
            while block := self._tape.take(self._patience.block_s, rest=self._finishing):
                await connection.send(block)
            if self._finishing:
                self._eof_sent = True
                await connection.send(EOF)
            else:
                await self._more.wait()

    async def _receive(self, connection: ClientConnection) -> bool:
        """Take one answer; whether it was the last."""
        try:
            async with asyncio.timeout(self._patience.answer_s):
                text = await connection.recv()
        except TimeoutError:
            if self._tape.waiting or self._eof_sent:
                raise
            return False  # nothing was owed: the line is silent
        answer = read_answer(text)
        if not self._tape.waiting:
            self._hear(answer, self._offset_s)
            return self._eof_sent
        end_s = self._tape.answer()
        self._less.set()
        self._hear(answer, end_s)
        return False

    def _hear(self, answer: Answer, end_s: float) -> None:
        """Pass on what is new; a final settles the sound up to its end."""
        if not answer.final:
            if answer.text and answer.text != self._partial:
                self._partial = answer.text
                self._heard.put_nowait(Heard(final=False, text=answer.text))
            return
        upto_s = end_s if answer.upto_s is None else self._offset_s + answer.upto_s
        self._tape.settle(upto_s)
        # An empty final matters only where it takes back a guess.
        if answer.text or self._partial:
            words = tuple(_later(word, self._offset_s) for word in answer.words)
            self._heard.put_nowait(Heard(final=True, text=answer.text, words=words))
        self._partial = ""


def _later(word: Word, by_s: float) -> Word:
    return Word(word.word, word.start_s + by_s, word.end_s + by_s, word.confidence)
