"""Tones by which a party is known, and whether a telephone hears them just now."""

import math
import struct
import subprocess
import wave
from pathlib import Path

from cli.phone import Phone

RATE = 8000
LOOKED_AT_S = 0.6
# A tone of -15 dBFS, over a line of G.711: what is left of it after mixing is well above this;
# what other tones and music leave at this frequency is well below (both measured in these tests).
LEAST_SHARE = 0.05


def tone(path: Path, hz: int, length_s: float = 120) -> Path:
    """A WAV of one steady tone."""
    source = f"sine=frequency={hz}:sample_rate={RATE}:duration={length_s}"
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source]
    subprocess.run([*command, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


def hears(phone: Phone, hz: int) -> bool:
    """Whether this tone is in the last 0.6 s of what the telephone has heard."""
    heard = phone.heard()
    return heard is not None and share(last(heard), hz) > LEAST_SHARE


def last(path: Path) -> tuple[int, ...]:
    """The newest samples of a WAV that is still being written."""
    wanted = int(RATE * LOOKED_AT_S) * 2
    content = path.read_bytes()[44:]
    tail = content[len(content) % 2 :][-wanted:]
    return struct.unpack(f"<{len(tail) // 2}h", tail)


def share(samples: tuple[int, ...], hz: int) -> float:
    """How much of the power lies at this frequency (Goertzel), 0 to 1."""
    power = sum(one * one for one in samples)
    if not samples or power == 0:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hz / RATE)
    before, now = 0.0, 0.0
    for one in samples:
        before, now = now, one + turn * now - before
    found = now * now + before * before - turn * now * before
    return 2 * found / (len(samples) * power)


def samples_of(path: Path) -> tuple[int, ...]:
    """Every sample of a mono WAV."""
    with wave.open(str(path)) as file:
        content = file.readframes(file.getnframes())
    return struct.unpack(f"<{len(content) // 2}h", content)
