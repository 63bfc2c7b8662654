"""Sound that is no speech, or no sound: a clear result, no crash, and nothing lost beside it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asr.engines.remote import RemoteRecognizer
from asr.recognizer import Word
from asr.transcribe import AudioUnreadable, transcribe_file

Speak = Callable[..., Path]
TEXT = "你好我要投诉小区噪音扰民"


def sox(*arguments: str | Path) -> None:
    subprocess.run(["sox", "-V1", *map(str, arguments)], check=True)


def ffmpeg(*arguments: str | Path) -> None:
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    subprocess.run(["ffmpeg", *quiet, *map(str, arguments)], check=True)


def text(words: list[Word]) -> str:
    return "".join(word.word for word in words)


async def test_silence_says_nothing(recorded: RemoteRecognizer, tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    sox("-n", "-r", "8000", "-b", "16", silence, "trim", "0", "60")
    assert await transcribe_file(silence, recorded) == []


async def test_music_ends_well_and_speech_after_it_is_heard(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    music, both = tmp_path / "music.wav", tmp_path / "both.wav"
    chord = ("synth", "20", "pluck", "C4", "pluck", "E4", "pluck", "G4", "tremolo", "6")
    sox("-n", "-r", "8000", "-c", "1", "-b", "16", music, *chord, "remix", "-", "norm", "-6")
    sox(music, speak(TEXT), both)
    words = await transcribe_file(both, recorded)
    assert text([word for word in words if word.start_s > 20]) == TEXT
    assert all(0 <= word.start_s <= word.end_s <= 30 for word in words)


@pytest.mark.parametrize("name", ["text.wav", "empty.wav", "head.wav", "cut.mp3", "folder", "none"])
async def test_what_is_no_sound_is_named(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    match name:
        case "text.wav":
            path.write_text("这不是声音")
        case "empty.wav":
            path.touch()
        case "head.wav":
            path.write_bytes(speak(TEXT).read_bytes()[:30])
        case "cut.mp3":
            path.write_bytes(b"ID3\x04\x00" + bytes(100))
        case "folder":
            path.mkdir()
    with pytest.raises(AudioUnreadable, match=name):
        await transcribe_file(path, recorded)


async def test_a_wav_that_breaks_off_is_heard_as_far_as_it_goes(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.wav"
    whole = speak(TEXT).read_bytes()
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    heard = text(await transcribe_file(cut, recorded))
    assert heard
    assert TEXT.startswith(heard[:4])


@pytest.mark.parametrize("rate", [6_000, 11_025, 22_050, 48_000, 96_000])
async def test_any_rate_is_heard(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path, rate: int
) -> None:
    path = tmp_path / f"{rate}.wav"
    ffmpeg("-i", speak(TEXT, rate=16_000), "-ar", str(rate), path)
    heard = text(await transcribe_file(path, recorded))
    assert heard == TEXT if rate > 8_000 else heard


async def test_a_stereo_mp3_of_44100_hz_is_two_channels(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    path = tmp_path / "music player.mp3"
    silence = ("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono")
    pan = "[0:a]aresample=44100[a];[a][1:a]join=inputs=2:channel_layout=stereo"
    ffmpeg("-i", speak(TEXT), *silence, "-filter_complex", pan, "-ar", "44100", path)
    assert text(await transcribe_file(path, recorded, channel=0)) == TEXT
    assert await transcribe_file(path, recorded, channel=1) == []


async def test_babble_is_words_or_nothing_but_json(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    backwards = tmp_path / "backwards.wav"
    sox(speak(TEXT), backwards, "reverse")
    words = await transcribe_file(backwards, recorded)
    assert all(0 <= word.confidence <= 1 for word in words)
    assert json.loads(json.dumps([vars(word) for word in words])) is not None
