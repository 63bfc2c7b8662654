"""What was said in a call: the live words where they are whole, else those of the recording."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from asr.recognizer import Word
from asr.transcribe import AudioUnreadable, PacedRecognizer, transcribe_file
from services.recordings import CHANNELS, cut
from storage.database import Database
from storage.repositories.calls import CallEvents, Calls, Utterance, Utterances
from storage.tables.call import CallRow
from storage.tables.utterance import UtteranceRow

log = structlog.get_logger()

CALLER, AGENT = "caller", "agent"
# A leg is heard from the moment its tap stands; what is missing before is the greeting's beginning.
TAP_WITHIN_S = 1.5
# A pause this long ends an utterance (Kaldi's endpoint rules work with 0.5 to 1 s).
PAUSE_S = 0.8


async def transcript(session: AsyncSession, call_id: str) -> Sequence[UtteranceRow]:
    """Both sides in the order of speaking. A side's recording, once transcribed, is the truth."""
    rows = await Utterances(session).of_call(call_id)
    from_file = {row.side for row in rows if row.source == "file"}
    return [row for row in rows if row.source == "file" or row.side not in from_file]


async def transcribe_missing(
    database: Database, recognizer: PacedRecognizer, recording: Path, call_id: str
) -> list[str]:
    """Transcribe the sides of which live recognition missed something; names them.

    Raises `RecognizerUnavailable`: try again later.
    """
    async with database.session() as session:
        call = await Calls(session).get(call_id)
        stretches = {CALLER: (0.0, None)} | _conversations(call)
        heard = await _heard_live(session, call)
    missing = [side for side in stretches if side not in heard]
    for side in missing:
        await _transcribe(database, recognizer, recording, call, side)
    return missing


def _conversations(call: CallRow) -> dict[str, tuple[float, float | None]]:
    if call.talked_from_s is None:
        return {}
    return {AGENT: (call.talked_from_s, call.talked_to_s)}


async def _heard_live(session: AsyncSession, call: CallRow) -> set[str]:
    """Sides of which every second went through live recognition."""
    begins = {CALLER: 0.0, AGENT: call.talked_from_s or 0.0}
    whole = set()
    for event in await CallEvents(session).of_call(call.id):
        if event.kind == "listened" and event.body["complete"]:
            side = event.body["side"]
            if event.body["from_s"] - begins[side] <= TAP_WITHIN_S:
                whole.add(side)
    return whole


async def _transcribe(
    database: Database, recognizer: PacedRecognizer, recording: Path, call: CallRow, side: str
) -> None:
    """The caller's channel as it is; of what the caller heard, only the conversation."""
    from_s = 0.0
    try:
        if side == CALLER:
            words = await transcribe_file(recording, recognizer, channel=CHANNELS.index(CALLER))
        else:
            from_s, to_s = call.talked_from_s or 0.0, call.talked_to_s or 0.0
            with tempfile.TemporaryDirectory() as folder:
                part = Path(folder) / "agent.wav"
                cut(recording, CHANNELS.index("heard"), from_s, to_s, part)
                words = await transcribe_file(part, recognizer)
    except AudioUnreadable as failure:
        log.error("recording unreadable", call=call.id, side=side, why=failure.why)  # noqa: TRY400
        return
    async with database.transaction() as session:
        for utterance in utterances(side, words, from_s):
            await Utterances(session).put(call.id, utterance)


def utterances(side: str, words: Iterable[Word], from_s: float) -> list[Utterance]:
    """Words of a file, in utterances as live speech would have come; ``from_s`` is added."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.start_s - groups[-1][-1].end_s < PAUSE_S:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        Utterance(
            side=side,
            source="file",
            seq=seq,
            start_s=group[0].start_s + from_s,
            end_s=group[-1].end_s + from_s,
            text="".join(word.word for word in group),
            words=[
                vars(word) | {"start_s": word.start_s + from_s, "end_s": word.end_s + from_s}
                for word in group
            ],
        )
        for seq, group in enumerate(groups)
    ]
