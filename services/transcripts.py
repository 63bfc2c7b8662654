"""What was said in a call: the live words where they are whole, else those of the recording."""

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from asr.recognizer import Word
from asr.transcribe import AudioUnreadable, PacedRecognizer, transcribe_file
from services.recordings import CHANNELS, cut
from storage.database import Database
from storage.repositories.calls import CallEvents, Calls, Recordings, Utterance, Utterances
from storage.search.index import index_of
from storage.tables.call_event import CallEventRow
from storage.tables.recording import RecordingRow
from storage.tables.review import CallCommentRow, CorrectionRow
from storage.tables.utterance import UtteranceRow

log = structlog.get_logger()

CALLER, AGENT = "caller", "agent"
Sound = Callable[[], AbstractContextManager[Path]]
"""The recording as a wav file, for as long as it is needed."""
# A leg is heard from the moment its tap stands; what is missing before is the greeting's beginning.
TAP_WITHIN_S = 1.5
# A network that held sound back and then sends it at once makes MixMonitor's files longer than the
# call (measured: by all that was held back): live words then stand beside their sound. So far is
# bearable: what is clicked is what is heard.
LONGER_S = 0.3
# A pause this long ends an utterance (Kaldi's endpoint rules work with 0.5 to 1 s).
PAUSE_S = 0.8


async def transcript(session: AsyncSession, call_id: str) -> Sequence[UtteranceRow]:
    """Both sides in the order of speaking. A side's recording, once transcribed, is the truth."""
    rows = await Utterances(session).of_call(call_id)
    from_file = {row.side for row in rows if row.source == "file"}
    return [row for row in rows if row.source == "file" or row.side not in from_file]


async def forget_words(session: AsyncSession, call_id: str) -> None:
    """What was said goes with the sound: words, their index, corrections, remarks.

    The ticket that came of the call, and the facts of its way, stay.
    """
    for table in (CorrectionRow, CallCommentRow, UtteranceRow):
        await session.execute(delete(table).where(table.call_id == call_id))
    await CallEvents(session).forget_words(call_id)
    await index_of(session).put(call_id, [])


async def transcribe_missing(
    database: Database, recognizer: PacedRecognizer, sound: Sound, call_id: str
) -> list[str]:
    """Transcribe the sides of which live recognition missed something; names them.

    All sides are, where the recording's seconds are not those of the call. Raises
    `RecognizerUnavailable`: try again later.
    """
    async with database.session() as session:
        await Calls(session).get(call_id)
        events = await CallEvents(session).of_call(call_id)
        recorded = await Recordings(session).of_call(call_id)
    longer_s = _longer_s(events, recorded)
    spoken = _stretches(events, longer_s)
    missing = [side for side in spoken if longer_s or not _heard(events, spoken[side])]
    if missing:
        with ExitStack() as opened:
            recording = await asyncio.to_thread(opened.enter_context, sound())
            for side in missing:
                await _transcribe(database, recognizer, recording, call_id, spoken[side])
    return missing


@dataclass(frozen=True)
class _Stretch:
    """When one side could speak, in call time; ``to_s`` None: to the end."""

    side: str
    from_s: float
    to_s: float | None = None


def _longer_s(events: Sequence[CallEventRow], recorded: RecordingRow | None) -> float:
    """By how much the recording is longer than its call; 0 where that is bearable."""
    ended = [event.body["length_s"] for event in events if event.kind == "ended"]
    longer_s = recorded.length_s - ended[-1] if recorded is not None and ended else 0.0
    return longer_s if longer_s > LONGER_S else 0.0


def _stretches(events: Sequence[CallEventRow], longer_s: float) -> dict[str, list[_Stretch]]:
    """The caller speaks all the time, agents in their conversations, of which there may be many.

    What came late may stand by ``longer_s`` after its second of the call, and before the next talk.
    """
    talks = [event.body for event in events if event.kind == "talked"]
    spoken = {CALLER: [_Stretch(CALLER, 0.0)]}
    if talks:
        following = [*(talk["from_s"] for talk in talks[1:]), inf]
        spoken[AGENT] = [
            _Stretch(AGENT, talk["from_s"], max(talk["to_s"], min(talk["to_s"] + longer_s, next_s)))
            for talk, next_s in zip(talks, following, strict=True)
        ]
    return spoken


def _heard(events: Sequence[CallEventRow], spoken: Sequence[_Stretch]) -> bool:
    """Whether every second of these stretches went through live recognition."""
    whole = [event.body for event in events if event.kind == "listened" and event.body["complete"]]
    return all(
        any(
            leg["side"] == stretch.side and abs(leg["from_s"] - stretch.from_s) <= TAP_WITHIN_S
            for leg in whole
        )
        for stretch in spoken
    )


async def _transcribe(
    database: Database,
    recognizer: PacedRecognizer,
    recording: Path,
    call_id: str,
    spoken: Sequence[_Stretch],
) -> None:
    """All stretches of one side: words of a file take the place of what was heard live."""
    words: list[Word] = []
    try:
        for stretch in spoken:
            words += await _words(recognizer, recording, stretch)
    except AudioUnreadable as failure:
        log.error("recording unreadable", call=call_id, side=spoken[0].side, why=failure.why)  # noqa: TRY400
        return
    async with database.transaction() as session:
        for utterance in utterances(spoken[0].side, words):
            await Utterances(session).put(call_id, utterance)


async def _words(recognizer: PacedRecognizer, recording: Path, stretch: _Stretch) -> list[Word]:
    """In call time. The caller's channel as it is; of what the caller heard, only the talk."""
    if stretch.to_s is None:
        return await transcribe_file(recording, recognizer, channel=CHANNELS.index(CALLER))
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "agent.wav"
        await asyncio.to_thread(
            cut, recording, CHANNELS.index("heard"), stretch.from_s, stretch.to_s, part
        )
        words = await transcribe_file(part, recognizer)
    return [
        replace(word, start_s=word.start_s + stretch.from_s, end_s=word.end_s + stretch.from_s)
        for word in words
    ]


def utterances(side: str, words: Iterable[Word]) -> list[Utterance]:
    """Words of a file, in utterances as live speech would have come."""
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
            start_s=group[0].start_s,
            end_s=group[-1].end_s,
            text="".join(word.word for word in group),
            words=[vars(word) for word in group],
        )
        for seq, group in enumerate(groups)
    ]
