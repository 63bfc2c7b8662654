"""The recogniser listens to the copy for reviewers: the number is gone, its neighbours are not."""

import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from asr.engines.remote import RemoteRecognizer
from asr.recognizer import Word
from asr.transcribe import transcribe_file
from domain.drafting.privacy import silenced
from domain.drafting.speech import Side, SpokenWord, Transcript, Utterance
from services.masked_recordings import toned

Speak = Callable[..., Path]
DIGITS = set("零〇幺一二两三四五六七八九")


def joined(parts: list[Path], target: Path) -> Path:
    """Both channels the same voice: only the first is to be masked."""
    inputs = [argument for part in parts for argument in ("-i", str(part))]
    join = "".join(f"[{number}:a]" for number in range(len(parts)))
    chain = f"{join}concat=n={len(parts)}:v=0:a=1[one];[one]asplit[a][b];[a][b]join=inputs=2"
    quiet = ("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    subprocess.run([*quiet, *inputs, "-filter_complex", chain, str(target)], check=True)
    return target


def text(words: list[Word]) -> str:
    return "".join(word.word for word in words)


def spoken(words: list[Word]) -> Utterance:
    return Utterance(
        Side.CALLER,
        tuple(SpokenWord(one.word, one.start_s, one.end_s, 1.0) for one in words),
    )


@pytest.mark.parametrize("voice", ["", "f5"])
async def test_no_digit_survives_and_the_words_around_do(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path, voice: str
) -> None:
    before, after = "我要投诉小区噪音扰民", "请尽快派人来处理"
    parts = [speak(one, voice=voice) for one in (before, "我的电话是幺三八零零幺幺二二三三", after)]
    call = joined(parts, tmp_path / "call.wav")
    heard = await transcribe_file(call, recorded, channel=0)
    hidden = silenced(Transcript.of([spoken(heard)], Side.CALLER))
    assert hidden, text(heard)
    masked = tmp_path / "masked.wav"
    with wave.open(str(call)) as sound, wave.open(str(masked), "wb") as copy:
        copy.setparams(sound.getparams())
        copy.writeframes(toned(sound.readframes(sound.getnframes()), 0, {0: hidden}))
    left = text(await transcribe_file(masked, recorded, channel=0))
    assert not DIGITS & set(left), left
    assert before[2:] in left
    assert after[3:] in left
    untouched = text(await transcribe_file(masked, recorded, channel=1))
    assert untouched == text(heard)
