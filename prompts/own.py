"""Prompts of a city's own: uploaded recordings, and texts of flows spoken by the synthetic voice.

Each becomes a file at 8 kHz and one at 16 kHz (``.wav16``, what Asterisk plays on wideband calls),
at the loudness of all other prompts.
"""

import io
import os
import tempfile
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path

from prompts.levels import measure, pcm
from prompts.recordings import RecordingRefused, refuse_unfit
from prompts.shaping import PROMPT_PADS, fit
from prompts.speech import RATE, RenderFailed, run_tool, say
from prompts.texts import languages, load_catalogue

WIDEBAND = 16_000
LONGEST_S = 180.0
SHORTEST_S = 0.2


def take_upload(content: bytes, key: str, folder: Path) -> float:
    """Keep a recording of any format that ffmpeg reads as the prompt ``key``; its seconds.

    Raises `RecordingRefused` when it is clipped, silent, too long, too short or no sound at all.
    """
    path = Path(key)
    original = _decoded(content, path, WIDEBAND)
    levels = measure(original, WIDEBAND)
    silent = levels.lead_silence_s >= levels.length_s
    refuse_unfit(path, _clipped(content, path), silent=silent)
    if not SHORTEST_S <= levels.length_s <= LONGEST_S:
        raise RecordingRefused(
            path,
            f"lasts {levels.length_s:.1f} s; {SHORTEST_S:g} to {LONGEST_S:g} s are wanted",
            f"长 {levels.length_s:.1f} 秒；应为 {SHORTEST_S:g} 至 {LONGEST_S:g} 秒",
        )
    narrow = fit(_decoded(content, path, RATE), RATE, PROMPT_PADS)
    _keep(folder / f"{key}.wav16", fit(original, WIDEBAND, PROMPT_PADS), WIDEBAND)
    _keep(folder / f"{key}.wav", narrow, RATE)
    return len(narrow) / RATE


def speak_text(key: str, texts: Mapping[str, str], folder: Path) -> None:
    """Render a text of a flow in each language that has a voice, where it is not there yet.

    Raises `RenderFailed`.
    """
    for language in sorted(set(texts) & set(languages())):
        file = folder / language / f"{key}.wav"
        if not file.exists():
            sound = fit(say(texts[language], load_catalogue(language).voice), RATE, PROMPT_PADS)
            _keep(file, sound, RATE)


def speak_prompt(key: str, words: str, language: str, folders: tuple[Path, ...]) -> float:
    """The words as the prompt ``key``, by the synthetic voice, in each folder; its seconds.

    The words are kept beside the sound: no catalogue knows them. Raises `RenderFailed`.
    """
    sound = fit(say(words, load_catalogue(language).voice), RATE, PROMPT_PADS)
    for folder in folders:
        _keep(folder / f"{key}.wav", sound, RATE)
        (folder / f"{key}.wav16").unlink(missing_ok=True)  # of the recording it takes the place of
        (folder / f"{key}.txt").write_text(words, "utf-8")
    return len(sound) / RATE


def own_words(folder: Path) -> dict[str, str]:
    """Key → words of the prompts that `speak_prompt` made there."""
    return {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.txt"))}


def _decoded(content: bytes, path: Path, rate: int) -> "array[int]":
    shape = ["-f", "s16le", "-ac", "1", "-ar", str(rate), "pipe:1"]
    return pcm(_ffmpeg(content, path, shape))


def _clipped(content: bytes, path: Path) -> int:
    """Counted at the recording's own rate: resampling would round the cut-off wave tops."""
    raw = pcm(_ffmpeg(content, path, ["-f", "s16le", "-ac", "1", "pipe:1"]))
    return measure(raw, RATE).clipped_runs


def _ffmpeg(content: bytes, path: Path, shape: list[str]) -> bytes:
    """Decode from a file: some formats cannot be read from a pipe."""
    with tempfile.NamedTemporaryFile(prefix="prompt-") as file:
        file.write(content)
        file.flush()
        # Only the file itself: a play list inside it must not make ffmpeg fetch anything.
        command = ["ffmpeg", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", file.name]
        try:
            return run_tool([*command, "-map", "0:a:0", "-t", str(LONGEST_S + 1), *shape])
        except RenderFailed as failed:
            reason = "not a sound file that can be read"
            raise RecordingRefused(path, reason, "不是能读的声音文件") from failed


def _keep(file: Path, sound: "array[int]", rate: int) -> None:
    """The file appears whole, readable for the switch."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        with wave.open(buffer, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(sound.tobytes())
        content = buffer.getvalue()
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    Path(fresh).chmod(0o644)
    Path(fresh).replace(file)
