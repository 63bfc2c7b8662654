"""From Asterisk's two spool files to the one kept recording of a call.

Two voices stay two channels: left the caller, right what the caller heard. The sound goes into the
vault sealed, never onto the disk plain; spool files go only after the database has the row.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydub import AudioSegment

from services.chain import append_link
from services.stereo import Stereo
from storage.database import Database
from storage.repositories.calls import Calls, Recordings
from storage.tables.recording import RecordingRow
from storage.vault.vault import Vault

SIDES = ("caller", "heard")
CHANNELS = ["caller", "heard"]
SOUND, PEAKS = ".wav", ".peaks"


class RecordingMissing(LookupError):
    """Neither a kept recording nor Asterisk's files are there."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"call {call_id} has no recording")


@dataclass(frozen=True)
class Places:
    """``spool``: where Asterisk writes; ``vault``: where recordings stay."""

    spool: Path
    vault: Vault

    def side(self, call_id: str, side: str) -> Path:
        return self.spool / "recordings" / f"{call_id}-{side}.wav"

    def slip(self, call_id: str) -> Path:
        return self.spool / "slips" / f"{call_id}.slip"


def peaks_of(name: str) -> str:
    """Where the precomputed waveform of a recording lies."""
    return name.removesuffix(SOUND) + PEAKS


async def keep_recording(
    database: Database, places: Places, call_id: str, *, now: datetime
) -> RecordingRow:
    """Weave, hash, seal, register, chain. Doing it again changes nothing.

    Raises `RecordingMissing`.
    """
    async with database.session() as session:
        call = await Calls(session).get(call_id)
        known = await Recordings(session).of_call(call_id)
    if known is None:
        name = f"{call.started_at:%Y/%m/%d}/{call_id}{SOUND}"
        try:
            known = await asyncio.to_thread(_keep, places, call_id, name)
        except RecordingMissing:
            # The call is on record: its slip has done its work.
            places.slip(call_id).unlink(missing_ok=True)
            raise
        known.made_at = now
        async with database.transaction() as session:
            await Recordings(session).put(known)
            await append_link(session, places.vault.ring, known)
    await asyncio.to_thread(_clear_spool, places, call_id)
    return known


def cut(path: Path, channel: int, from_s: float, to_s: float, into: Path) -> None:
    """One channel between two moments, as a mono wav."""
    with path.open("rb") as file:
        part: AudioSegment = AudioSegment.from_wav(file).split_to_mono()[channel]
    with into.open("wb") as file:
        part[round(from_s * 1000) : round(to_s * 1000)].export(file, format="wav")


def _keep(places: Places, call_id: str, name: str) -> RecordingRow:
    stereo = Stereo([places.side(call_id, side) for side in SIDES])
    if not stereo.has_sound:
        raise RecordingMissing(call_id)
    digest = hashlib.sha256()
    places.vault.store(name, _hashed(stereo.pieces(), digest.update))
    places.vault.store(peaks_of(name), [json.dumps(stereo.peaks()).encode()])
    return RecordingRow(
        call_id=call_id,
        path=name,
        sha256=digest.hexdigest(),
        size_bytes=stereo.size_bytes,
        length_s=stereo.length_s,
        channels=list(CHANNELS),
    )


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def _clear_spool(places: Places, call_id: str) -> None:
    # The message is a part of what the caller said, which is kept.
    for side in (*SIDES, "message"):
        places.side(call_id, side).unlink(missing_ok=True)
    places.slip(call_id).unlink(missing_ok=True)
