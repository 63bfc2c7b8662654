import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.models.store import ensure_embedded

Speak = Callable[..., Path]

PROJECT = Path(__file__).resolve().parents[3]
SHARED = PROJECT / "../shared/asr-lab"


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with the embedded model in it; tests that change one make their own."""
    folder = tmp_path_factory.mktemp("models")
    ensure_embedded(folder)
    return folder


@pytest.fixture(scope="session")
def model_dir(models_dir: Path) -> Path:
    return ensure_embedded(models_dir)


@pytest.fixture
async def recorded(model_dir: Path) -> AsyncIterator[RemoteRecognizer]:
    """A recognizer process, as recordings use it."""
    async with recognizer_process(model_dir) as running:
        yield RemoteRecognizer([running.url], patience=RECORDED, partials=False)


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """Synthesises a sentence as a telephone recording: 8 kHz mono 16-bit wav."""
    folder = tmp_path_factory.mktemp("spoken")

    def say(text: str, *, voice: str = "", rate: int = 8000) -> Path:
        path = folder / f"{abs(hash((text, voice, rate)))}.wav"
        if path.exists():
            return path
        raw = path.with_suffix(".raw.wav")
        name = "cmn-latn-pinyin" + (f"+{voice}" if voice else "")
        subprocess.run(["espeak-ng", "-v", name, "-w", str(raw), text], check=True)
        fit = ["-ac", "1", "-ar", str(rate), "-c:a", "pcm_s16le"]
        quiet = ["-hide_banner", "-nostdin", "-loglevel", "error"]
        subprocess.run(["ffmpeg", *quiet, "-i", str(raw), *fit, str(path)], check=True)
        return path

    return say


@pytest.fixture(scope="session")
def shared() -> Path:
    """The speech laboratory beside the project; only a developer's machine has it."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not on this machine")
    return SHARED
