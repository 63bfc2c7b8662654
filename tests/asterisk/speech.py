"""Sound for callers and agents: sentences spoken by espeak-ng, and samples."""

import subprocess
from pathlib import Path

from asr.cer import character_errors
from cli import phone

SHARED = Path(__file__).parents[3] / "shared"


def say(text: str, target: Path, voice: str = "cmn-latn-pinyin") -> Path:
    """An 8 kHz mono wav of ``text`` (figures written as characters)."""
    raw = target.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(raw), text], check=True)
    convert = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(raw)]
    subprocess.run([*convert, "-ac", "1", "-ar", "8000", str(target)], check=True)
    return target


def heard_right(said: str, text: str) -> bool:
    """Nothing lost, nothing doubled.

    One wrong character in seven is the recogniser's own affair: a frame that came late on a busy
    machine is enough for it.
    """
    return character_errors(said, text).rate <= 0.15


def speakable(wav: Path, folder: Path) -> tuple[Path, float]:
    """The wav with silence behind it, as a softphone wants it, and the length of the speech."""
    target = folder / f"{wav.stem}.speakable.wav"
    return target, phone.speech(wav, target)


def alaw(wav: Path) -> tuple[Path, float]:
    """Raw A-law as SIPp streams it, and its length in seconds."""
    target = wav.with_suffix(".alaw")
    convert = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(wav)]
    subprocess.run([*convert, "-ac", "1", "-ar", "8000", "-f", "alaw", str(target)], check=True)
    return target, target.stat().st_size / 8000
