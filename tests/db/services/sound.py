"""Wav files as Asterisk leaves them."""

import struct
from array import array
from pathlib import Path


def tone(samples: int, height: int) -> bytes:
    return array("h", [height] * samples).tobytes()


def put_wav(path: Path, pcm: bytes, *, closed: bool = True) -> None:
    """Mono, 16 bit, 8 kHz; one that was never closed says that it is empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = len(pcm) if closed else 0
    head = (
        b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<IHHI", 16, 1, 1, 8000)
    )
    path.write_bytes(
        head + struct.pack("<IHH", 16000, 2, 16) + b"data" + struct.pack("<I", size) + pcm
    )
