"""A recording for those who must not hear private words: a tone lies over them as it is sent."""

import hashlib
import json
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.privacy import silenced
from domain.drafting.speech import Side, SpokenWord, Transcript, Utterance
from services.recordings import CHANNELS
from services.stereo import HEADER_BYTES, RATE
from services.transcripts import AGENT, CALLER, transcript
from storage.tables.recording import RecordingRow
from storage.vault.sealing import Opener

Stretches = Sequence[tuple[float, float]]
# The agent is heard in the channel of what the caller heard.
CHANNEL_OF = {CALLER: CHANNELS.index("caller"), AGENT: CHANNELS.index("heard")}
CHANNEL_COUNT = len(CHANNELS)
FRAME_BYTES = 2 * CHANNEL_COUNT
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


def fingerprint(row: RecordingRow, hidden: Mapping[int, Stretches]) -> str:
    """Another one whenever something else is hidden: the transcript may change."""
    if not hidden:
        return row.sha256
    plan = json.dumps([row.sha256, sorted(hidden.items())])
    return hashlib.sha256(plan.encode()).hexdigest()


class MaskedSound:
    """Reads a sealed recording with a tone over stretches of its channels; nothing is stored."""

    def __init__(self, opened: Opener, hidden: Mapping[int, Stretches]) -> None:
        self._opened = opened
        self._hidden = hidden
        self.plain_bytes = opened.plain_bytes

    def pieces(self, start: int, length: int) -> Iterator[bytes]:
        """As `Opener.pieces`. Whole frames are read, so that a range may begin within one."""
        end = min(start + length, self.plain_bytes)
        at = start // FRAME_BYTES * FRAME_BYTES
        # Header and chunks are whole frames long: so is every piece but the last.
        through = min(-(-end // FRAME_BYTES) * FRAME_BYTES, self.plain_bytes)
        for piece in self._opened.pieces(at, through - at):
            head = max(HEADER_BYTES - at, 0)
            first = max(at - HEADER_BYTES, 0) // FRAME_BYTES
            masked = piece[:head] + toned(piece[head:], first, self._hidden)
            yield masked[max(start - at, 0) : end - at]
            at += len(piece)


def toned(frames: bytes, first: int, hidden: Mapping[int, Stretches]) -> bytes:
    """Stereo frames (8 kHz, 16 bit) with the tone; ``first``: number of the first of them."""
    whole = len(frames) // FRAME_BYTES * FRAME_BYTES
    samples = array("h", frames[:whole])
    number = len(samples) // CHANNEL_COUNT
    for channel, stretches in hidden.items():
        for start_s, end_s in stretches:
            begin = max(0, math.floor(start_s * RATE) - first)
            until = min(number, math.ceil(end_s * RATE) - first)
            for frame in range(begin, until):
                turn = 2 * math.pi * TONE_HZ * (first + frame) / RATE
                samples[frame * CHANNEL_COUNT + channel] = round(TONE_HEIGHT * math.sin(turn))
    return samples.tobytes() + frames[whole:]
