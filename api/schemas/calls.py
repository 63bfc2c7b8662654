"""Calls as they are sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example, local, local_or_none
from api.schemas.tickets import View
from domain.accounts.masking import mask_number, mask_text
from storage.tables.call import CallRow
from storage.tables.recording import RecordingRow
from storage.tables.utterance import UtteranceRow

EXAMPLE_CALL: dict[str, Any] = {
    "call_id": "hl1-1763843556.12",
    "caller": "138****0000",
    "masked": True,
    "dialled": "12345",
    "ticket_number": "261122557010",
    "started_at": "2026-11-22T15:28:21+08:00",
    "answered_at": "2026-11-22T15:28:21.4+08:00",
    "ended_at": "2026-11-22T15:29:40+08:00",
    "outcome": "agent",
    "seat": "1001",
    "talked_from_s": 9.5,
    "talked_to_s": 71.0,
    "flow": "default",
    "flow_version": 1,
    "path": ["greeting", "to_agent", "satisfaction"],
    "live_complete": True,
    "recovered": False,
}
EXAMPLE_UTTERANCE = {
    "side": "caller",
    "source": "live",
    "start_s": 10.2,
    "end_s": 11.1,
    "text": "路灯不亮",
    "words": [{"word": "路灯", "start_s": 10.2, "end_s": 10.6, "confidence": 0.98}],
}
EXAMPLE_RECORDING = {
    "path": "/calls/hl1-1763843556.12/recording",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size_bytes": 2528044,
    "length_s": 79.0,
    "channels": ["caller", "heard"],
}


class CallAnswer(Output):
    """A call; seconds (`…_s`) count from `answered_at`."""

    model_config = example(**EXAMPLE_CALL)

    call_id: str
    caller: str = Field(description="Masked unless `masked` is false")
    masked: bool
    dialled: str
    ticket_number: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: str | None = Field(description="null while the call runs")
    seat: str | None
    talked_from_s: float | None
    talked_to_s: float | None
    flow: str | None
    flow_version: int | None
    path: list[str] = Field(description="Flow nodes passed, in order")
    live_complete: bool = Field(description="Live recognition missed nothing")
    recovered: bool = Field(description="Rebuilt after a crash")

    @classmethod
    def of(cls, row: CallRow, view: View) -> "CallAnswer":
        return cls.model_validate(call_values(row, view))


def call_values(row: CallRow, view: View) -> dict[str, Any]:
    return {
        "call_id": row.id,
        "caller": row.caller if view.clear else mask_number(row.caller),
        "masked": not view.clear,
        "dialled": row.dialled,
        "ticket_number": row.ticket_number,
        "started_at": local(row.started_at, view.zone),
        "answered_at": local_or_none(row.answered_at, view.zone),
        "ended_at": local_or_none(row.ended_at, view.zone),
        "outcome": row.outcome,
        "seat": row.seat,
        "talked_from_s": row.talked_from_s,
        "talked_to_s": row.talked_to_s,
        "flow": row.flow,
        "flow_version": row.flow_version,
        "path": row.path,
        "live_complete": row.live_complete,
        "recovered": row.recovered,
    }


class CallPage(Output):
    """Newest first."""

    model_config = example(calls=[EXAMPLE_CALL], after=None)

    calls: list[CallAnswer]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")


class Word(Output):
    """One word as recognised."""

    word: str
    start_s: float
    end_s: float
    confidence: float | None = None


class UtteranceAnswer(Output):
    """What one side said without a pause."""

    model_config = example(**EXAMPLE_UTTERANCE)

    side: str = Field(description="caller or agent")
    source: str = Field(description="live, or file: recognised from the recording afterwards")
    start_s: float
    end_s: float
    text: str
    words: list[Word]

    @classmethod
    def of(cls, row: UtteranceRow, view: View) -> "UtteranceAnswer":
        words = row.words if view.clear else masked_words(row.words)
        return cls(
            side=row.side,
            source=row.source,
            start_s=row.start_s,
            end_s=row.end_s,
            text=row.text if view.clear else mask_text(row.text),
            words=[Word.model_validate(word) for word in words],
        )


def masked_words(words: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mask numbers that run over several words: people say them digit by digit."""
    spoken = [str(word.get("word", "")) for word in words]
    masked = mask_text("".join(spoken))  # masking keeps the length
    result, at = [], 0
    for word, text in zip(words, spoken, strict=True):
        result.append({**word, "word": masked[at : at + len(text)]})
        at += len(text)
    return result


class RecordingAnswer(Output):
    """The kept sound of a call."""

    model_config = example(**EXAMPLE_RECORDING)

    path: str = Field(description="API path")
    sha256: str
    size_bytes: int
    length_s: float
    channels: list[str]

    @classmethod
    def of(cls, row: RecordingRow) -> "RecordingAnswer":
        return cls(
            path=f"/calls/{row.call_id}/recording",
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            length_s=row.length_s,
            channels=row.channels,
        )


class CallWithWords(CallAnswer):
    """A call with all that was said, both sides in the order in which they spoke."""

    model_config = example(
        **EXAMPLE_CALL,
        transcript=[EXAMPLE_UTTERANCE],
        recording=EXAMPLE_RECORDING,
        tickets=["261122557010"],
    )

    transcript: list[UtteranceAnswer]
    recording: RecordingAnswer | None
    tickets: list[str] = Field(description="Numbers of the tickets it became")
