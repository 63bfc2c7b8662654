"""Where a stretch of speech ends: soon in a dialogue, late in a dictation."""

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer

Speak = Callable[..., Path]
FIRST, SECOND = "我家停水两天了", "我想咨询社保卡怎么办理"
SECOND_OF_SOUND = 16_000


def pcm(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        return sound.readframes(sound.getnframes())


@pytest.mark.parametrize(
    ("pause_s", "silence_s", "stretches"),
    [(None, 1.0, 2), (3.0, 1.0, 1), (1.2, 2.5, 2)],
    ids=["dialogue", "dictation goes on", "dictation ends"],
)
async def test_a_pause_ends_a_stretch_or_not(
    model_dir: Path, speak: Speak, pause_s: float | None, silence_s: float, stretches: int
) -> None:
    silence = bytes(int(silence_s * SECOND_OF_SOUND))
    sound = pcm(speak(FIRST)) + silence + pcm(speak(SECOND))
    finals = []
    async with recognizer_process(model_dir) as running:
        patience = replace(RECORDED, pause_s=pause_s)
        hearing = await RemoteRecognizer([running.url], patience=patience).open(rate=8000)
        await hearing.feed(sound)
        await hearing.finish()
        async for heard in hearing.results():
            if heard.final and heard.text:
                finals.append(heard)
    assert "".join(one.text for one in finals) == FIRST + SECOND
    assert len(finals) == stretches
