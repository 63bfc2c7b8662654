"""Caching, recorded voices, and several processes rendering at once."""

import math
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from prompts.levels import measure, pcm
from prompts.render import render


def record(path: Path, peak: float, rate: int = 44100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    loud = (peak * math.sin(math.tau * 700 * n / rate) for n in range(rate * 2))
    samples = array("h", (round(max(-32768, min(32767, value))) for value in loud))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())


def test_all_prompts_are_rendered_once(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    first = render(tmp_path, progress=lambda done, total, key: seen.append((done, total, key)))
    assert [done for done, _, _ in seen] == list(range(1, len(first) + 1))
    assert {key for _, _, key in seen} == first.keys()
    stamps = {key: path.stat().st_mtime_ns for key, path in first.items()}
    again = render(tmp_path)
    assert {key: path.stat().st_mtime_ns for key, path in again.items()} == stamps


def test_files_are_named_by_language_and_key_and_readable_by_all(chinese: dict[str, Path]) -> None:
    assert chinese["greeting"].parts[-2:] == ("zh-CN", "greeting.wav")
    assert chinese["moh"].parts[-2:] == ("moh", "hold.wav")
    assert {path.stat().st_mode & 0o777 for path in chinese.values()} == {0o644}


def test_a_recorded_voice_wins_and_is_brought_to_the_line(tmp_path: Path) -> None:
    recorded = tmp_path / "recorded"
    record(recorded / "zh-CN" / "goodbye.wav", peak=3000)
    files = render(tmp_path / "out", recorded)
    with wave.open(str(files["goodbye"])) as sound:
        assert sound.getframerate() == 8000
        samples = pcm(sound.readframes(sound.getnframes()))
    assert measure(samples, 8000).speech_dbfs == pytest.approx(-19, abs=0.5)
    assert measure(samples, 8000).length_s == pytest.approx(2.3, abs=0.05)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: record(path, peak=50000), "clipped"),
        (lambda path: record(path, peak=3), "no sound"),
        (lambda path: path.write_bytes(b"ID3 not a wave"), "not a readable WAV"),
    ],
)
def test_an_unfit_recording_is_reported_and_not_used(
    tmp_path: Path, spoil, reason: str, chinese: dict[str, Path]
) -> None:
    recorded = tmp_path / "recorded"
    (recorded / "zh-CN").mkdir(parents=True)
    spoil(recorded / "zh-CN" / "goodbye.wav")
    with capture_logs() as logs:
        files = render(tmp_path / "out", recorded)
    assert files["goodbye"].read_bytes() == chinese["goodbye"].read_bytes()
    assert [(line["event"], line["key"]) for line in logs] == [
        ("prompt_recording_refused", "goodbye")
    ]
    assert reason in logs[0]["reason"]


def test_two_processes_render_into_one_folder(tmp_path: Path, chinese: dict[str, Path]) -> None:
    script = (
        "import sys, pathlib; from prompts.render import render; render(pathlib.Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    for key, path in chinese.items():
        assert (tmp_path / path.relative_to(path.parents[1])).read_bytes() == path.read_bytes(), key
    assert list(tmp_path.rglob(".*.wav.*")) == []
