"""`hotline asr …` as a person runs it: a process, its two outputs, its exit status."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Speak = Callable[..., Path]
Hotline = Callable[..., subprocess.CompletedProcess[str]]
TEXT = "你好我要投诉小区噪音扰民"
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hotline(models_dir: Path, tmp_path: Path) -> Hotline:
    """Runs the sub-command with a home of its own and no recognizer at its ports."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(models_dir, home / "models")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    set_to = {
        "HOTLINE_HOME": str(home),
        "HOTLINE_RECOGNIZERS": "1",
        "HOTLINE_RECOGNIZER_PORT": str(port),
        "PYTHONPATH": str(PROJECT),
        "COLUMNS": "200",
    }

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from cli.asr import app; app()", *map(str, arguments)],
            env={**os.environ, **set_to},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_jsonl_is_one_object_per_file_and_channel(
    hotline: Hotline, speak: Speak, tmp_path: Path
) -> None:
    one = speak(TEXT)
    stereo = tmp_path / "stereo.wav"
    quiet = ["ffmpeg", "-loglevel", "error", "-nostdin"]
    subprocess.run([*quiet, "-i", one, "-ac", "2", stereo], check=True)
    done = hotline("transcribe", one, stereo, "--jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["file"], line["channel"]) for line in lines] == [
        (str(one), 0),
        (str(stereo), 0),
        (str(stereo), 1),
    ]
    assert [line["text"] for line in lines] == [TEXT] * 3
    assert lines[0]["words"][0].keys() == {"word", "start_s", "end_s", "confidence"}
    assert "".join(word["word"] for word in lines[0]["words"]) == TEXT


def test_one_broken_file_does_not_stop_the_others(
    hotline: Hotline, speak: Speak, tmp_path: Path
) -> None:
    done = hotline("transcribe", tmp_path / "none.wav", speak(TEXT))
    assert done.returncode == 1
    assert "none.wav cannot be read as sound: No such file" in done.stderr
    assert TEXT in done.stdout


def test_cer(hotline: Hotline, speak: Speak, tmp_path: Path) -> None:
    shutil.copy(speak(TEXT), tmp_path / "a.wav")
    (tmp_path / "ref.tsv").write_text(f"a.wav\t{TEXT[:-1]}人\t小区|扰人\n", encoding="utf-8")
    done = hotline("cer", tmp_path / "ref.tsv")
    assert done.returncode == 0, done.stderr
    assert "CER 8.33% (1 substituted, 0 deleted, 0 inserted of 12 characters)" in done.stdout
    assert "Entities found: 1 of 2" in done.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "is empty"), ("a.wav\n", "line 1: wanted is"), (None, "cannot be read")],
)
def test_cer_names_what_is_wrong_with_the_list(
    hotline: Hotline, tmp_path: Path, content: str | None, says: str
) -> None:
    reference = tmp_path / "ref.tsv"
    if content is not None:
        reference.write_text(content)
    done = hotline("cer", reference)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_install_use_list(hotline: Hotline, model_dir: Path) -> None:
    installed = hotline("install", model_dir, "--name", "second")
    assert (installed.returncode, installed.stderr) == (0, "")
    assert "hotline asr use second" in installed.stdout
    used = hotline("use", "second")
    assert used.returncode == 0
    assert f"Back with: hotline asr use {model_dir.name}" in used.stdout
    listed = hotline("list").stdout
    assert [line for line in listed.splitlines() if "*" in line and "second" in line]
    assert model_dir.name in listed
    assert "8000 Hz" in listed


def test_problems_are_plain_words(hotline: Hotline, tmp_path: Path) -> None:
    for arguments in (("use", "nope"), ("install", tmp_path), ("install", "/nowhere")):
        done = hotline(*arguments)
        assert done.returncode == 1
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
