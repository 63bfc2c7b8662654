import asyncio
import resource
import shutil
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from asr.cer import character_errors
from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.recognizer import RecognizerUnavailable, Word
from asr.transcribe import AudioUnreadable, probe, transcribe_file

Speak = Callable[..., Path]
LEFT, RIGHT = "你好我要投诉小区噪音扰民", "我想咨询社保卡怎么办理"


def ffmpeg(*arguments: str | Path) -> None:
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    subprocess.run(["ffmpeg", *quiet, *map(str, arguments)], check=True)


def text(words: list[Word]) -> str:
    return "".join(word.word for word in words)


@pytest.fixture(scope="module")
def stereo(speak: Speak, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stereo") / "call.wav"
    join = "[0:a][1:a]join=inputs=2:channel_layout=stereo"
    ffmpeg("-i", speak(LEFT), "-i", speak(RIGHT), "-filter_complex", join, path)
    return path


async def test_each_channel_by_itself(recorded: RemoteRecognizer, stereo: Path) -> None:
    assert (await probe(stereo)).channels == 2
    assert text(await transcribe_file(stereo, recorded, channel=0)) == LEFT
    assert text(await transcribe_file(stereo, recorded, channel=1)) == RIGHT


@pytest.mark.parametrize("kind", ["flac", "mp3", "ogg", "m4a", "al"])
async def test_any_format_ffmpeg_reads(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"- odd name; '.{kind}"
    rate = ("-ar", "44100") if kind in {"mp3", "m4a", "flac"} else ()
    ffmpeg("-i", speak(LEFT), *rate, *(("-f", "alaw") if kind == "al" else ()), f"file:{path}")
    if kind == "al":  # raw A-law has no header: nothing says that it is sound
        ffmpeg(
            "-f",
            "alaw",
            "-ar",
            "8000",
            "-i",
            f"file:{path}",
            "-c:a",
            "pcm_alaw",
            path.with_suffix(".wav"),
        )
        path = path.with_suffix(".wav")
    words = await transcribe_file(path, recorded)
    assert character_errors(LEFT, text(words)).rate <= 0.2


def write_silence(path: Path, *, length_s: int) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        for _ in range(length_s):
            out.writeframes(bytes(2 * 8000))


def broken_files(folder: Path, good: Path) -> dict[str, Path]:
    made = {name: folder / name for name in ("empty.wav", "text.wav", "video.mp4", "cut.m4a")}
    made["empty.wav"].write_bytes(b"")
    made["text.wav"].write_text("not sound at all\n" * 100)
    ffmpeg("-f", "lavfi", "-i", "color=size=16x16:duration=0.1", made["video.mp4"])
    ffmpeg("-i", good, made["cut.m4a"])
    made["cut.m4a"].write_bytes(made["cut.m4a"].read_bytes()[:3000])
    made["nowhere"] = folder / "nowhere.wav"
    made["folder"] = folder
    return made


async def test_broken_files_are_named_with_a_reason(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    for path in broken_files(tmp_path, speak(LEFT)).values():
        with pytest.raises(AudioUnreadable, match="cannot be read as sound: ") as refused:
            await transcribe_file(path, recorded)
        assert refused.value.path == path
        assert refused.value.why


async def test_a_channel_that_is_not_there(recorded: RemoteRecognizer, stereo: Path) -> None:
    for channel in (2, -1):
        with pytest.raises(AudioUnreadable, match="2 channels"):
            await transcribe_file(stereo, recorded, channel=channel)


async def test_a_recording_of_nothing_has_no_words(
    recorded: RemoteRecognizer, tmp_path: Path
) -> None:
    header_only = tmp_path / "hung-up-at-once.wav"
    write_silence(header_only, length_s=0)
    assert await transcribe_file(header_only, recorded) == []


async def test_a_recording_cut_off_by_a_crash_gives_what_there_is(
    recorded: RemoteRecognizer, speak: Speak, tmp_path: Path
) -> None:
    cut = tmp_path / "crash.wav"
    whole = speak(LEFT).read_bytes()
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert text(await transcribe_file(cut, recorded)).startswith(LEFT[:4])


async def test_a_long_file_streams_and_the_event_loop_stays_free(
    recorded: RemoteRecognizer, tmp_path: Path
) -> None:
    path = tmp_path / "long.wav"
    write_silence(path, length_s=600)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    turns = 0
    task = asyncio.create_task(transcribe_file(path, recorded))
    while not task.done():
        await asyncio.wait({task}, timeout=0.01)
        turns += 1
    assert await task == []
    assert turns > 10
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < path.stat().st_size / 1024  # the file was not read into memory


async def test_a_model_of_16_khz_hears_telephone_sound(
    model_dir: Path, speak: Speak, tmp_path: Path
) -> None:
    """Libvosk refuses to raise a rate; the process does it. Same features, so the same words."""
    wide = tmp_path / "wide"
    shutil.copytree(model_dir, wide)
    conf = wide / "conf/mfcc.conf"
    conf.write_text(conf.read_text().replace("frequency=8000", "frequency=16000"))
    async with recognizer_process(wide) as running:
        recognizer = RemoteRecognizer([running.url], patience=RECORDED, partials=False)
        words = await transcribe_file(speak(LEFT), recognizer)
        assert character_errors(LEFT, text(words)).rate <= 0.35
        assert words[-1].end_s == pytest.approx(3.3, abs=0.4)


async def test_no_recognizer_is_said(speak: Speak) -> None:
    with pytest.raises(RecognizerUnavailable, match="no recognizer answers"):
        await transcribe_file(speak(LEFT), RemoteRecognizer(["ws://127.0.0.1:1"]))
