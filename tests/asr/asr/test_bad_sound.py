"""Sound that is no speech, or no sound: a clear result, no crash, and nothing lost beside it."""

import json
import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.recognizer import Word
from asr.transcribe import AudioUnreadable, transcribe_file

Speak = Callable[..., Path]
TEXT = "你好我要投诉小区噪音扰民"
# Three hours take some minutes of decoding: in the long run (make soak) only.
LONG_S = 3 * 3600 if os.environ.get("HOTLINE_SOAK") else 400


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


@pytest.mark.timeout(900)
async def test_a_long_file_is_heard_to_the_end_in_little_memory(
    model_dir: Path, speak: Speak, tmp_path: Path
) -> None:
    long = tmp_path / "long.flac"
    pause = ("-f", "lavfi", "-t", str(LONG_S - 20), "-i", "anullsrc=r=8000:cl=mono")
    join = "[0:a][1:a][2:a]concat=n=3:v=0:a=1"
    one = speak(TEXT)
    ffmpeg("-i", one, *pause, "-i", one, "-filter_complex", join, long)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with recognizer_process(model_dir) as running:
        recognizer = RemoteRecognizer([running.url], patience=RECORDED, partials=False)
        words = await transcribe_file(long, recognizer)
        status = Path(f"/proc/{running.pid}/status").read_text()
    assert text(words) == TEXT * 2
    assert words[-1].end_s > LONG_S - 20
    peak_kb = int(status.split("VmHWM:")[1].split()[0])
    assert peak_kb < 400_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 100_000


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
