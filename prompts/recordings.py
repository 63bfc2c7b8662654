"""A city's own recorded voice: read a WAV file, or say why it cannot be used."""

from pathlib import Path
from typing import TYPE_CHECKING

from prompts.levels import measure, pcm
from prompts.speech import RATE, RenderFailed, run_tool, telephone_band

if TYPE_CHECKING:
    from array import array


class RecordingRefused(Exception):
    """A recorded prompt is not fit for callers; ``reason`` says what to mend, in both languages."""

    def __init__(self, path: Path, reason: str, reason_zh: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.reason_zh = reason_zh


def refuse_unfit(path: Path, clipped: int, *, silent: bool) -> None:
    """Raises `RecordingRefused` for sound that is cut off at the top, or none at all."""
    if clipped:
        raise RecordingRefused(
            path,
            f"clipped in {clipped} places: record it again, more softly",
            f"有 {clipped} 处破音（音量过大），请小声一些重录",
        )
    if silent:
        raise RecordingRefused(path, "holds no sound above -50 dBFS", "没有声音，请检查话筒后重录")


def read_recording(path: Path) -> "array[int]":
    """8 kHz mono samples in telephone band; `RecordingRefused` if clipped, silent or unreadable.

    Clipping is looked for before resampling, which would round the cut-off wave tops.
    """
    raw = ["-e", "signed", "-b", "16", "-L", "-t", "raw", "-"]
    try:
        original = pcm(run_tool(["sox", "-D", str(path), *raw]))
        sound = telephone_band(path.read_bytes())
    except RenderFailed as failed:
        reason = f"not a readable WAV file ({failed})"
        raise RecordingRefused(path, reason, "不是能读的 WAV 文件") from failed
    levels = measure(sound, RATE)
    clipped = measure(original, RATE).clipped_runs
    refuse_unfit(path, clipped, silent=levels.lead_silence_s >= levels.length_s)
    return sound
