"""Two spool files of one voice each, woven into one stereo wav, piece by piece.

A call of three hours is 350 MB: it never stands in memory whole.
"""

import audioop
import struct
import time
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

log = structlog.get_logger()

RATE = 8000
HEADER_BYTES = 44
# MixMonitor's thread writes the sizes into the header when it closes the file, some milliseconds
# after the hang-up; a file that never gets them belonged to an Asterisk that was killed.
CLOSED_WITHIN_S = 3.0
PIECE_FRAMES = 32_768
MOST_PEAKS = 20_000  # of one side: more than any screen has columns, even zoomed in
FULL = 32_768


class Stereo:
    """Reads the sides; `pieces` gives the wav file, and afterwards `peaks` stand."""

    def __init__(self, sides: Sequence[Path]) -> None:
        self._sides = sides
        self._frames = [_frames(side) for side in sides]
        self.frames = max(self._frames)
        self._window = max(RATE // 100, -(-self.frames // MOST_PEAKS))
        self._peaks: list[list[int]] = [[], []]

    @property
    def has_sound(self) -> bool:
        return any(frames > 0 for frames in self._frames)

    @property
    def length_s(self) -> float:
        return self.frames / RATE

    @property
    def size_bytes(self) -> int:
        return HEADER_BYTES + 4 * self.frames

    def peaks(self) -> dict[str, object]:
        """Loudest sample of each stretch in percent of full scale, for the two sides."""
        caller, heard = self._peaks
        return {"per_second": RATE / self._window, "caller": caller, "heard": heard}

    def pieces(self) -> Iterator[bytes]:
        """Header, then samples: left the caller, right what the caller heard."""
        self._peaks = [[], []]
        yield header(2, 4 * self.frames)
        # Whole windows in each piece, so that no peak is torn apart.
        at_once = self._window * max(1, PIECE_FRAMES // self._window)
        voices = [_blocks(side, at_once) for side in self._sides]
        for first in range(0, self.frames, at_once):
            frames = min(at_once, self.frames - first)
            both = array("h", bytes(4 * frames))
            for place, voice in enumerate(voices):
                # One side may be shorter by a frame, or missing after a crash: silence fills it up.
                mono = next(voice, b"")[: 2 * frames].ljust(2 * frames, b"\0")
                self._measure(place, mono)
                both[place::2] = array("h", mono)
            yield both.tobytes()

    def _measure(self, place: int, mono: bytes) -> None:
        size = 2 * self._window
        self._peaks[place] += [
            round(100 * audioop.max(mono[at : at + size], 2) / FULL)
            for at in range(0, len(mono), size)
        ]


def header(channels: int, data_bytes: int) -> bytes:
    """RIFF WAVE, 8 kHz, 16 bit."""
    width = 2 * channels
    shape = struct.pack("<IHHIIHH", 16, 1, channels, RATE, RATE * width, width, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + data_bytes) + b"WAVEfmt " + shape
        + b"data" + struct.pack("<I", data_bytes)
    )  # fmt: skip


def _frames(path: Path) -> int:
    """Whole samples in one spool file (8 kHz mono, 16 bit); 0 when there is none."""
    if not path.exists():
        return 0
    deadline = time.monotonic() + CLOSED_WITHIN_S
    while not _is_closed(path) and time.monotonic() < deadline:
        time.sleep(0.02)
    frames = max(path.stat().st_size - HEADER_BYTES, 0) // 2
    if not _is_closed(path):
        log.warning("recording was never closed", file=path.name, frames=frames)
    return frames


def _blocks(path: Path, frames: int) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(HEADER_BYTES)
        while block := file.read(2 * frames):
            yield block[: len(block) // 2 * 2]


def _is_closed(path: Path) -> bool:
    """Whether the data chunk's length in the header is that of the file (RIFF WAVE, 44 bytes)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        return False
    (data_bytes,) = struct.unpack("<I", head[40:44])
    return bool(data_bytes == size - HEADER_BYTES and size > HEADER_BYTES)
