"""One card for each recording: gathered from call, words and ticket, so that lists are quick.

Made when the draft is made and whenever words or ticket have changed; making it again is harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.drafting.places import district_named
from domain.review.marks import (
    Fact,
    Mark,
    MarkKind,
    Said,
    longest_silence_s,
    marks_of,
    overlap_s,
)
from services.transcripts import transcript
from storage.repositories.calls import CallEvents, Calls, Recordings
from storage.repositories.tickets import Tickets
from storage.search.index import index_of
from storage.tables.call import CallRow
from storage.tables.call_event import CallEventRow
from storage.tables.conduct_measure import ConductMeasureRow
from storage.tables.recording_card import CardTagRow, RecordingCardRow
from storage.tables.seat_event import SeatEventRow
from storage.tables.suspension import SuspensionRow
from storage.tables.ticket import TicketRow
from storage.tables.utterance import UtteranceRow


async def call_marks(session: AsyncSession, call_id: str) -> list[Mark]:
    """Everything a reviewer should look at in this call."""
    call = await Calls(session).get(call_id)
    events = await CallEvents(session).of_call(call_id)
    deeds = await _deeds(session, call_id)
    return _marks(call, await transcript(session, call_id), events, deeds)


async def file_card(session: AsyncSession, call_id: str) -> None:
    """Write the card of a call that has a recording, and index its words."""
    recording = await Recordings(session).of_call(call_id)
    if recording is None:
        return
    call = await Calls(session).get(call_id)
    events = await CallEvents(session).of_call(call_id)
    said = await transcript(session, call_id)
    ticket = await Tickets(session).find(call.ticket_number)
    marks = _marks(call, said, events, await _deeds(session, call_id))
    known = await session.get(RecordingCardRow, call_id)
    await session.merge(
        RecordingCardRow(
            call_id=call_id,
            started_at=call.started_at,
            caller=call.caller,
            seat=call.seat or "",
            agent=await agent_of(session, call),
            queue=_queue(events),
            outcome=call.outcome or "",
            length_s=recording.length_s,
            answer_s=_answer_s(call, events),
            silence_s=longest_silence_s(marks),
            talk_over_s=overlap_s(marks),
            confidence=_confidence(said),
            satisfaction=_satisfaction(events),
            suspension=any(mark.kind is MarkKind.SUSPENSION for mark in marks),
            score=known.score if known else None,
            keeping=recording.keeping,
            **_of_ticket(ticket),
        )
    )
    await session.execute(delete(CardTagRow).where(CardTagRow.call_id == call_id))
    for tag in sorted(_tags(marks)):
        session.add(CardTagRow(call_id=call_id, tag=tag[:120], started_at=call.started_at))
    await index_of(session).put(call_id, [row.text for row in said])


async def agent_of(session: AsyncSession, call: CallRow) -> str:
    """The account that sat at the seat during the call; "" when nobody had logged in."""
    query = select(SeatEventRow.agent).where(
        SeatEventRow.call_id == call.id, SeatEventRow.seat == (call.seat or "")
    )
    return str(await session.scalar(query.limit(1)) or "")


@dataclass(frozen=True)
class _Deed:
    """What was done about the caller's conduct in this call."""

    kind: str
    at: datetime
    label: str


async def _deeds(session: AsyncSession, call_id: str) -> list[_Deed]:
    measures = select(ConductMeasureRow).where(ConductMeasureRow.call_id == call_id)
    proposed = select(SuspensionRow).where(SuspensionRow.call_id == call_id)
    return [
        *(_Deed("warned", row.at, row.measure) for row in await session.scalars(measures)),
        *(
            _Deed("suspended", row.proposed_at, row.conduct)
            for row in await session.scalars(proposed)
        ),
    ]


def _marks(
    call: CallRow,
    said: Sequence[UtteranceRow],
    events: Sequence[CallEventRow],
    deeds: Sequence[_Deed],
) -> list[Mark]:
    began = call.answered_at or call.started_at
    facts = [
        Fact(event.kind, max((event.at - began).total_seconds(), 0.0), event.body)
        for event in events
    ]
    for deed in deeds:
        # What was written down after the call belongs to its end.
        at = min(deed.at, call.ended_at or deed.at)
        at_s = max((at - began).total_seconds(), 0.0)
        facts.append(Fact(deed.kind, at_s, {"label": deed.label}))
    spoken = [Said(row.side, row.start_s, row.end_s, row.text) for row in said]
    talked = [
        (float(event.body["from_s"]), float(event.body["to_s"]))
        for event in events
        if event.kind == "talked"
    ]
    return marks_of(spoken, facts, talked)


def _tags(marks: Sequence[Mark]) -> set[str]:
    kinds = {mark.kind.value for mark in marks if mark.kind is not MarkKind.NODE}
    return kinds | {
        f"node:{mark.label.split(' ')[0]}" for mark in marks if mark.kind is MarkKind.NODE
    }


def _queue(events: Sequence[CallEventRow]) -> str:
    named = [str(event.body["queue"]) for event in events if event.body.get("queue")]
    return named[0] if named else ""


def _answer_s(call: CallRow, events: Sequence[CallEventRow]) -> float | None:
    """Seconds from the first ringing of a seat to an agent's voice."""
    rung = next((event.at for event in events if event.kind == "ringing"), None)
    if rung is None or call.talked_from_s is None:
        return None
    began = call.answered_at or call.started_at
    return max(call.talked_from_s - (rung - began).total_seconds(), 0.0)


def _confidence(said: Sequence[UtteranceRow]) -> float:
    sure = [
        float(word["confidence"])
        for row in said
        for word in row.words
        if word.get("confidence") is not None
    ]
    return round(fmean(sure), 4) if sure else 0.0


def _satisfaction(events: Sequence[CallEventRow]) -> int | None:
    for event in reversed(events):
        state = event.body.get("state") if event.kind == "stepped" else None
        grade = state.get("notes", {}).get("satisfaction") if isinstance(state, dict) else None
        if grade is not None and str(grade).isdecimal():
            return int(grade)
    return None


def _of_ticket(ticket: TicketRow | None) -> dict[str, Any]:
    if ticket is None:
        return {}
    topic = ticket.fields.get("topic", {}).get("value") or ""
    address = ticket.fields.get("address", {}).get("value") or ""
    return {
        "ticket_id": ticket.id,
        "category": ticket.category,
        "topic": str(topic)[:200],
        "district": (district_named(str(address), "") or "")[:64],
    }
