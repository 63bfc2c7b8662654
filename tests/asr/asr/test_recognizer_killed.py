"""kill -9 of the real recognizer process in the middle of a sentence."""

import asyncio
import os
import signal
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from asr.engines.process import RecognizerProcess, recognizer_process
from asr.engines.remote import RemoteHearing, RemoteRecognizer
from asr.live import Coverage, Leg, hear_leg
from asr.recognizer import Heard, Word

Speak = Callable[..., Path]

SENTENCES = ("你好我要投诉小区噪音扰民", "我家停水两天了什么时候能来水", "我想咨询社保卡怎么办理")
BLOCK = 1600
PAUSE = bytes(16_000)


@pytest.fixture(scope="module")
def sound(speak: Speak) -> bytes:
    parts = []
    for text in SENTENCES:
        with wave.open(str(speak(text))) as one:
            parts.append(one.readframes(one.getnframes()))
    return PAUSE.join(parts) + PAUSE


class Ear:
    """Feeds at the recognizer's pace and keeps all that was heard, telling each change."""

    def __init__(self, hearing: RemoteHearing) -> None:
        self.hearing = hearing
        self.heard: list[Heard] = []
        self._changed = asyncio.Condition()
        self.task = asyncio.create_task(self._listen())

    async def feed(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), BLOCK):
            await self.hearing.room()
            await self.hearing.feed(pcm[at : at + BLOCK])

    async def until_said(self, text: str) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: any(text in one.text for one in self.heard))

    async def _listen(self) -> None:
        async for one in self.hearing.results():
            async with self._changed:
                self.heard.append(one)
                self._changed.notify_all()

    @property
    def words(self) -> list[Word]:
        return [word for one in self.heard if one.final for word in one.words]


async def hear_whole(recognizer: RemoteRecognizer, sound: bytes) -> list[Word]:
    ear = Ear(await recognizer.open(rate=8000))
    await ear.feed(sound)
    await ear.hearing.finish()
    await ear.task
    return ear.words


def kill(running: RecognizerProcess) -> None:
    os.kill(running.pid, signal.SIGKILL)


@pytest.mark.parametrize("guess", ["噪音", "两天", "咨询"])
async def test_another_process_takes_over_and_no_word_is_lost_or_doubled(
    model_dir: Path, sound: bytes, guess: str
) -> None:
    async with recognizer_process(model_dir) as one, recognizer_process(model_dir) as two:
        undisturbed = await hear_whole(RemoteRecognizer([two.url]), sound)
        ear = Ear(await RemoteRecognizer([one.url, two.url]).open(rate=8000))
        third = len(sound) // 3
        for part in (sound[:third], sound[third : 2 * third], sound[2 * third :]):
            await ear.feed(part)
            if any(guess in heard.text for heard in ear.heard):
                kill(one)
                guess = "\0"  # once
        assert guess == "\0"
        await ear.hearing.finish()
        await ear.task
    assert "".join(word.word for word in ear.words) == "".join(SENTENCES)
    assert [word.word for word in ear.words] == [word.word for word in undisturbed]
    for word, same in zip(ear.words, undisturbed, strict=True):
        assert word.start_s == pytest.approx(same.start_s, abs=0.06)


async def test_a_leg_goes_on_when_the_only_process_dies(model_dir: Path, sound: bytes) -> None:
    async with recognizer_process(model_dir) as only:
        said = asyncio.Event()
        read = 0

        async def line() -> AsyncIterator[bytes]:
            nonlocal read
            for at in range(0, len(sound), BLOCK):
                yield sound[at : at + BLOCK]
                read = at
                await asyncio.sleep(0)
                if at == BLOCK * 15:  # below the two seconds a live leg may be behind
                    await said.wait()
                    kill(only)

        items: list[Heard | Coverage] = []
        async for item in hear_leg(line(), RemoteRecognizer([only.url]), Leg(starts_at_s=100.0)):
            items.append(item)
            if isinstance(item, Heard) and "你好" in item.text:
                said.set()
    coverage = items[-1]
    assert read == (len(sound) - 1) // BLOCK * BLOCK
    assert coverage == Coverage(100.0, 100.0 + len(sound) / 16_000, complete=False)
