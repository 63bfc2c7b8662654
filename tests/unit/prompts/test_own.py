"""A city's own prompts: any format in, 8 and 16 kHz out, refused with the reason."""

import math
import subprocess
import wave
from array import array
from pathlib import Path

import pytest

from prompts.levels import measure, pcm
from prompts.own import speak_text, take_upload
from prompts.recordings import RecordingRefused


def tone(tmp_path: Path, name: str, *, level: float = 0.2, length_s: float = 1.0) -> bytes:
    """A tone in the format of the name's suffix."""
    raw = array(
        "h",
        (
            max(-32768, min(32767, round(32767 * level * math.sin(0.15 * n))))
            for n in range(int(22_050 * length_s))
        ),
    )
    source, target = tmp_path / "tone.wav", tmp_path / name
    with wave.open(str(source), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22_050)
        out.writeframes(raw.tobytes())
    if target != source:
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, target], check=True)
    return target.read_bytes()


@pytest.mark.parametrize("name", ["tone.wav", "tone.ogg", "tone.flac", "tone.mp3", "tone.m4a"])
def test_any_format_becomes_both_rates_at_one_loudness(tmp_path: Path, name: str) -> None:
    seconds = take_upload(tone(tmp_path, name), "greeting", tmp_path / "out")
    assert 0.9 < seconds < 1.6
    for suffix, rate in (("wav", 8000), ("wav16", 16_000)):
        with wave.open(str(tmp_path / "out" / f"greeting.{suffix}")) as made:
            assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (rate, 1, 2)
            levels = measure(pcm(made.readframes(made.getnframes())), rate)
        assert abs(levels.speech_dbfs - -19) < 2
        assert levels.clipped_runs == 0


@pytest.mark.parametrize(
    ("level", "length_s", "why"),
    [(3.0, 1.0, "clipped in"), (0.0001, 1.0, "no sound above"), (0.2, 0.05, "lasts 0.1 s"),
     (0.2, 200.0, "lasts 181.0 s")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, level: float, length_s: float, why: str
) -> None:
    with pytest.raises(RecordingRefused, match=why):
        take_upload(tone(tmp_path, "tone.wav", level=level, length_s=length_s), "x", tmp_path)
    assert not (tmp_path / "x.wav").exists()


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF" + bytes(40)])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RecordingRefused, match="not a sound file"):
        take_upload(content, "x", tmp_path)


def test_texts_of_a_flow_get_a_sound_in_each_language(tmp_path: Path) -> None:
    speak_text("text-1", {"zh-CN": "您好。", "en": "Hello.", "xx": "?"}, tmp_path)
    made = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.wav"))
    assert made == ["en/text-1.wav", "zh-CN/text-1.wav"]
