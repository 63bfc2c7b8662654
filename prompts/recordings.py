"""A city's own recorded voice: read a WAV file, or say why it cannot be used."""

from pathlib import Path
from typing import TYPE_CHECKING

from prompts.levels import measure, pcm
from prompts.speech import RATE, RenderFailed, run_tool, telephone_band

if TYPE_CHECKING:
    from array import array


class RecordingRefused(Exception):
    """A recorded prompt is not fit for callers; ``reason`` says what to mend."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read_recording(path: Path) -> "array[int]":
    """8 kHz mono samples in telephone band; `RecordingRefused` if clipped, silent or unreadable.

    Clipping is looked for before resampling, which would round the cut-off wave tops.
    """
    raw = ["-e", "signed", "-b", "16", "-L", "-t", "raw", "-"]
    try:
        original = pcm(run_tool(["sox", "-D", str(path), *raw]))
        sound = telephone_band(path.read_bytes())
    except RenderFailed as failed:
        raise RecordingRefused(path, f"not a readable WAV file ({failed})") from failed
    levels = measure(sound, RATE)
    if clipped := measure(original, RATE).clipped_runs:
        raise RecordingRefused(path, f"clipped in {clipped} places: record it again, more softly")
    if levels.lead_silence_s >= levels.length_s:
        raise RecordingRefused(path, "holds no sound above -50 dBFS")
    return sound
