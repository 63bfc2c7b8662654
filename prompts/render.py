"""Every sound callers can hear, as files: rendered offline once, cached by what made them.

Several processes may render into one folder at once: each file appears whole, by rename.
"""

import hashlib
import io
import os
import tempfile
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from prompts.music import hold_music
from prompts.recordings import RecordingRefused, read_recording
from prompts.shaping import DIGIT_PADS, PROMPT_PADS, Pads, fit
from prompts.speech import RATE, say
from prompts.texts import Catalogue, load_catalogue
from prompts.tones import beep, silence

if TYPE_CHECKING:
    from array import array

CACHE = ".cache"
MUSIC_KEY = "moh"
MUSIC_FILE = "moh/hold.wav"
PAUSE_MS = {"pause-200": 200, "silence-1s": 1000}

log = structlog.get_logger()

Progress = Callable[[int, int, str], None]
"""Called with (files done, files in all, key just done)."""


@dataclass(frozen=True)
class Sound:
    """One file to be: ``recipe`` names everything its samples depend on."""

    key: str
    file: str
    recipe: str
    make: Callable[[], "array[int]"]


def render(
    out_dir: Path,
    recorded_dir: Path | None = None,
    language: str = "zh-CN",
    progress: Progress = lambda done, total, key: None,
) -> dict[str, Path]:
    """Key → 8 kHz mono 16-bit WAV, at ``out_dir/<language>/<key>.wav`` (music: ``moh/hold.wav``).

    ``recorded_dir/<language>/<key>.wav`` takes the place of the synthetic voice; one that is
    clipped, silent or unreadable is reported in the log and not used.

    Raises:
        UnknownLanguage: no catalogue of that name.
        RenderFailed: espeak-ng or sox is missing or failed.
    """
    out_dir = out_dir.absolute()
    recorded = recorded_dir / language if recorded_dir else None
    sounds = list(_sounds(load_catalogue(language)))
    for folder in (out_dir / CACHE, *{(out_dir / sound.file).parent for sound in sounds}):
        folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Path] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs = {pool.submit(_place, sound, out_dir, recorded): sound.key for sound in sounds}
        for number, job in enumerate(as_completed(jobs), start=1):
            done[jobs[job]] = job.result()
            progress(number, len(sounds), jobs[job])
    return {sound.key: done[sound.key] for sound in sounds}


def render_text(text: str, language: str, path: Path) -> None:
    """Any text as a WAV that Asterisk plays, in a folder that is made if need be.

    Raises `RenderFailed`, `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = fit(say(text, load_catalogue(language).voice), RATE, PROMPT_PADS)
    _write_whole(path, _wav(sound))


def _sounds(catalogue: Catalogue) -> Iterator[Sound]:
    # The slow one first, so that it runs beside the speech.
    yield Sound(MUSIC_KEY, MUSIC_FILE, "hold music", lambda: hold_music(RATE))
    language = catalogue.language
    for texts, pads in ((catalogue.prompts, PROMPT_PADS), (catalogue.digits, DIGIT_PADS)):
        for key, text in texts.items():
            yield _spoken(catalogue, key, text, pads)
    yield Sound("beep", f"{language}/beep.wav", "beep", lambda: beep(RATE))
    for key, length_ms in PAUSE_MS.items():
        yield Sound(key, f"{language}/{key}.wav", key, _silence_of(length_ms))


def _spoken(catalogue: Catalogue, key: str, text: str, pads: Pads) -> Sound:
    return Sound(
        key=key,
        file=f"{catalogue.language}/{key}.wav",
        recipe=repr((text, catalogue.voice, pads)),
        make=lambda: fit(say(text, catalogue.voice), RATE, pads),
    )


def _silence_of(length_ms: int) -> Callable[[], "array[int]"]:
    return lambda: silence(RATE, length_ms)


def _place(sound: Sound, out_dir: Path, recorded: Path | None) -> Path:
    chosen = _with_recording(sound, recorded / f"{sound.key}.wav") if recorded else sound
    cached = out_dir / CACHE / f"{chosen.key}-{_fingerprint(chosen.recipe)}.wav"
    if not cached.exists():
        _write_whole(cached, _wav(chosen.make()))
    final = out_dir / chosen.file
    content = cached.read_bytes()
    if not final.exists() or final.read_bytes() != content:
        _write_whole(final, content)
    return final


def _with_recording(sound: Sound, path: Path) -> Sound:
    if not path.is_file():
        return sound
    try:
        samples = read_recording(path)
    except RecordingRefused as refused:
        log.warning("prompt_recording_refused", key=sound.key, reason=str(refused))
        return sound
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return Sound(sound.key, sound.file, content, lambda: fit(samples, RATE, PROMPT_PADS))


def _fingerprint(recipe: str) -> str:
    """Changes with the recipe and with the code that follows it, so no stale sound survives."""
    digest = hashlib.sha256(recipe.encode())
    for module in ("levels", "music", "render", "shaping", "speech", "tones"):
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _wav(samples: "array[int]") -> bytes:
    with io.BytesIO() as buffer:
        with wave.open(buffer, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(samples.tobytes())

        return buffer.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        # mkstemp makes files that only we can read; Asterisk runs as another user.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
