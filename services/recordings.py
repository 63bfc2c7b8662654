"""From Asterisk's two spool files to the one kept recording of a call.

Two voices stay two channels: left the caller, right what the caller heard. A file is complete
under its final name or not there at all; spool files go only after the database has the row.
"""

import asyncio
import hashlib
import os
import struct
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from pydub import AudioSegment

from storage.database import Database
from storage.repositories.calls import Calls, Recordings
from storage.tables.recording import RecordingRow

log = structlog.get_logger()

SIDES = ("caller", "heard")
CHANNELS = ["caller", "heard"]
WAV_HEADER_BYTES = 44
# MixMonitor's thread writes the sizes into the header when it closes the file, some milliseconds
# after the hang-up; a file that never gets them belonged to an Asterisk that was killed.
CLOSED_WITHIN_S = 3.0


class RecordingMissing(LookupError):
    """Neither a kept recording nor Asterisk's files are there."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"call {call_id} has no recording")


@dataclass(frozen=True)
class Places:
    """``spool``: where Asterisk writes; ``kept``: where recordings stay."""

    spool: Path
    kept: Path

    def side(self, call_id: str, side: str) -> Path:
        return self.spool / "recordings" / f"{call_id}-{side}.wav"

    def slip(self, call_id: str) -> Path:
        return self.spool / "slips" / f"{call_id}.slip"


async def keep_recording(
    database: Database, places: Places, call_id: str, *, now: datetime
) -> Path:
    """Mux, hash, register; the path of the kept file. Doing it again changes nothing.

    Raises `RecordingMissing`.
    """
    async with database.session() as session:
        call = await Calls(session).get(call_id)
        known = await Recordings(session).of_call(call_id)
    if known is None:
        relative = f"{call.started_at:%Y/%m/%d}/{call_id}.wav"
        try:
            row = await asyncio.to_thread(_mux, places, call_id, relative)
        except RecordingMissing:
            # The call is on record: its slip has done its work.
            places.slip(call_id).unlink(missing_ok=True)
            raise
        row.made_at = now
        async with database.transaction() as session:
            await Recordings(session).put(row)
        known = row
    await asyncio.to_thread(_clear_spool, places, call_id)
    return places.kept / known.path


def cut(path: Path, channel: int, from_s: float, to_s: float, into: Path) -> None:
    """One channel between two moments, as a mono wav."""
    with path.open("rb") as file:
        part: AudioSegment = AudioSegment.from_wav(file).split_to_mono()[channel]
    with into.open("wb") as file:
        part[round(from_s * 1000) : round(to_s * 1000)].export(file, format="wav")


def _mux(places: Places, call_id: str, relative: str) -> RecordingRow:
    voices = [_voice(places.side(call_id, side)) for side in SIDES]
    if not any(voices):
        raise RecordingMissing(call_id)
    length = max(len(voice) for voice in voices)
    # One side may be shorter by a frame, or missing after a crash: silence fills it up.
    stereo = AudioSegment.from_mono_audiosegments(
        *(
            AudioSegment(voice.ljust(length, b"\0"), sample_width=2, frame_rate=8000, channels=1)
            for voice in voices
        )
    )
    target = places.kept / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        stereo.export(file, format="wav")
        file.flush()
        os.fsync(file.fileno())
    content = fresh.read_bytes()
    fresh.replace(target)
    _sync_folder(target.parent)
    return RecordingRow(
        call_id=call_id,
        path=relative,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        length_s=length / 16_000,
        channels=list(CHANNELS),
    )


def _voice(path: Path) -> bytes:
    """The samples of one spool file (8 kHz mono, 16 bit); empty when there are none."""
    if not path.exists():
        return b""
    deadline = time.monotonic() + CLOSED_WITHIN_S
    while not _is_closed(path) and time.monotonic() < deadline:
        time.sleep(0.02)
    sound = path.read_bytes()[WAV_HEADER_BYTES:]
    if not _is_closed(path):
        log.warning("recording was never closed", file=path.name, bytes=len(sound))
    return sound[: len(sound) // 2 * 2]


def _is_closed(path: Path) -> bool:
    """Whether the data chunk's length in the header is that of the file (RIFF WAVE, 44 bytes)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(WAV_HEADER_BYTES)
    if len(header) < WAV_HEADER_BYTES:
        return False
    (data_bytes,) = struct.unpack("<I", header[40:44])
    return bool(data_bytes == size - WAV_HEADER_BYTES and size > WAV_HEADER_BYTES)


def _sync_folder(folder: Path) -> None:
    """Only now does the file's new name survive a power cut, and the spool may be cleared."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _clear_spool(places: Places, call_id: str) -> None:
    # The message is a part of what the caller said, which is kept.
    for side in (*SIDES, "message"):
        places.side(call_id, side).unlink(missing_ok=True)
    places.slip(call_id).unlink(missing_ok=True)
