"""The copy of a recording for those who must not hear private words: a tone lies over them."""

import asyncio
import hashlib
import json
import math
import os
import sys
import wave
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.privacy import silenced
from domain.drafting.speech import Side, SpokenWord, Transcript, Utterance
from services.recordings import CHANNELS
from services.transcripts import AGENT, CALLER, transcript
from storage.tables.recording import RecordingRow

Stretches = Sequence[tuple[float, float]]
# The agent is heard in the channel of what the caller heard.
CHANNEL_OF = {CALLER: CHANNELS.index("caller"), AGENT: CHANNELS.index("heard")}
FOLDER = "masked"
# Quiet enough for a headset; low enough that no recogniser takes it for speech.
# 1 kHz: the recognizer hears 440 Hz as 一, a digit that nobody said.
TONE_HZ, TONE_HEIGHT = 1000, 1200


async def hidden_stretches(session: AsyncSession, call_id: str) -> dict[int, Stretches]:
    """What to hide of a call, by channel: seconds of the recording. Empty: nothing private."""
    said = await transcript(session, call_id)
    utterances = [
        Utterance(Side(row.side), tuple(SpokenWord(**word) for word in row.words)) for row in said
    ]
    hidden = {
        CHANNEL_OF[side]: silenced(Transcript.of(utterances, Side(side))) for side in CHANNEL_OF
    }
    return {channel: stretches for channel, stretches in hidden.items() if stretches}


async def masked_copy(
    recordings: Path, row: RecordingRow, hidden: Mapping[int, Stretches]
) -> tuple[Path, str]:
    """The file to play and its fingerprint; the recording itself where nothing is hidden.

    The copy is made when it is first asked for, and again when the transcript has changed.
    """
    if not hidden:
        return recordings / row.path, row.sha256
    plan = json.dumps([row.sha256, sorted(hidden.items())])
    digest = hashlib.sha256(plan.encode()).hexdigest()
    target = recordings / FOLDER / f"{row.call_id}-{digest[:16]}.wav"
    if not target.exists():
        await asyncio.to_thread(write_masked, recordings / row.path, hidden, target)
        await asyncio.to_thread(_forget_others, target, row.call_id)
    return target, digest


def write_masked(source: Path, hidden: Mapping[int, Stretches], target: Path) -> None:
    """A copy of a 16-bit wav with a tone over stretches (seconds) of its channels."""
    with wave.open(str(source), "rb") as sound:
        parameters = sound.getparams()
        samples = array("h", sound.readframes(parameters.nframes))
    if sys.byteorder == "big":
        samples.byteswap()
    for channel, stretches in hidden.items():
        for start_s, end_s in stretches:
            first = max(0, math.floor(start_s * parameters.framerate))
            last = min(parameters.nframes, math.ceil(end_s * parameters.framerate))
            for frame in range(first, last):
                turn = 2 * math.pi * TONE_HZ * frame / parameters.framerate
                samples[frame * parameters.nchannels + channel] = round(
                    TONE_HEIGHT * math.sin(turn)
                )
    if sys.byteorder == "big":
        samples.byteswap()
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, suffix=".new", delete=False) as fresh:
        with wave.open(fresh, "wb") as copy:
            copy.setparams(parameters)
            copy.writeframes(samples.tobytes())
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).replace(target)


def _forget_others(target: Path, call_id: str) -> None:
    for other in target.parent.glob(f"{call_id}-*.wav"):
        if other != target:
            other.unlink(missing_ok=True)
