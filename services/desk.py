"""The review desk: work lists from sampling rules, corrected words, what a search hit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.review.finding import Wanted, stretches
from domain.review.marks import MarkKind
from domain.review.sampling import Sample, SamplingKind, SamplingRule, chosen, deal
from services.actor import Actor
from services.audit import Deed, write_down
from services.transcripts import transcript
from storage.repositories.calls import Utterances
from storage.repositories.cards import Cards
from storage.repositories.review import Desk
from storage.search.index import index_of
from storage.tables.recording_card import RecordingCardRow
from storage.tables.review import CorrectionRow, WorkItemRow
from storage.tables.utterance import UtteranceRow

CONTENT = 3  # keys of the survey: 1 to 3 are content, 4 and 5 are not
HITS = 3


@dataclass(frozen=True)
class Hit:
    """A place in a call where searched words were said; ``exact`` False: it only sounds so."""

    side: str
    at_s: float
    text: str
    exact: bool


@dataclass(frozen=True)
class Deal:
    """Fill the lists of ``reviewers`` (account:NAME) with calls begun in a time."""

    reviewers: Sequence[str]
    started_from: datetime
    started_before: datetime


async def fill_lists(session: AsyncSession, wanted: Deal, actor: Actor, *, now: datetime) -> int:
    """Deal what the rules choose; a call that was dealt or reviewed before is left out."""
    samples = await _samples(session, wanted.started_from, wanted.started_before)
    desk, dealt = Desk(session), 0
    seed = f"{wanted.started_from:%Y-%m-%d}"
    taken = await desk.dealt([one.call_id for one in samples])
    load = await desk.load()
    for row in await desk.rules():
        rule = SamplingRule(row.name, SamplingKind(row.kind), row.number)
        calls = [one for one in chosen(rule, samples, seed) if one not in taken]
        for call_id, reviewer in deal(calls, wanted.reviewers, load).items():
            desk.add(WorkItemRow(call_id=call_id, reviewer=reviewer, rule=row.name, dealt_at=now))
            taken.add(call_id)
            load[reviewer] = load.get(reviewer, 0) + 1
            dealt += 1
    deed = Deed("review.deal", "work_list", seed, detail={"calls": dealt})
    write_down(session, actor, deed, now=now)
    return dealt


async def _samples(session: AsyncSession, start: datetime, end: datetime) -> list[Sample]:
    cards = await Cards(session).between(start, end)
    tags = await Cards(session).tags_of([card.call_id for card in cards])
    had = await Cards(session).calls_of_seats_before(start)
    found = []
    for card in cards:
        had[card.seat] = had.get(card.seat, 0) + 1
        found.append(_sample(card, tags.get(card.call_id, []), had[card.seat]))
    return found


def _sample(card: RecordingCardRow, tags: Sequence[str], nth: int) -> Sample:
    return Sample(
        call_id=card.call_id,
        started_at=card.started_at,
        seat=card.seat,
        dissatisfied=(card.satisfaction or 0) > CONTENT,
        suspension=card.suspension,
        emergency=MarkKind.EMERGENCY in tags,
        confidence=card.confidence,
        nth_of_seat=nth,
    )


async def hits(
    session: AsyncSession, call_id: str, wanted: Sequence[Wanted], *, by_sound: bool
) -> list[Hit]:
    """The first places where the words were said."""
    found: list[Hit] = []
    for row in await transcript(session, call_id):
        places = stretches(row.text, wanted, by_sound=by_sound)
        if places:
            at_s = _second(row, places[0].start)
            found.append(Hit(row.side, at_s, row.text, any(one.exact for one in places)))
        if len(found) == HITS:
            break
    return found


def _second(row: UtteranceRow, place: int) -> float:
    """When the sign at this place of an utterance was said."""
    at = 0
    for word in row.words:
        at += len(str(word.get("word", "")))
        if at > place:
            return float(word["start_s"])
    return row.start_s


class WordNotThere(LookupError):
    """The utterance has no such word."""


@dataclass(frozen=True)
class Correction:
    """``place``: the how-manieth word (from 0) of an utterance of this call."""

    call_id: str
    utterance_id: int
    place: int
    corrected: str


async def correct(
    session: AsyncSession, wanted: Correction, actor: Actor, *, now: datetime
) -> CorrectionRow:
    """Write a corrected word down beside what was recognised. Raises `WordNotThere`."""
    row = await Utterances(session).get(wanted.utterance_id)
    if row is None or row.call_id != wanted.call_id or not 0 <= wanted.place < len(row.words):
        raise WordNotThere(f"utterance {wanted.utterance_id} has no word {wanted.place}")
    correction = CorrectionRow(
        call_id=wanted.call_id,
        utterance_id=row.id,
        place=wanted.place,
        original=str(row.words[wanted.place]["word"])[:200],
        corrected=wanted.corrected,
        author=actor.name,
        made_at=now,
    )
    Desk(session).add(correction)
    await session.flush()
    await _index_anew(session, wanted.call_id)
    return correction


async def _index_anew(session: AsyncSession, call_id: str) -> None:
    """What was corrected is found by its right words from now on."""
    latest = {
        (one.utterance_id, one.place): one.corrected
        for one in await Desk(session).corrections(call_id)
    }
    texts = [
        "".join(
            latest.get((row.id, place), str(word["word"])) for place, word in enumerate(row.words)
        )
        if any(key[0] == row.id for key in latest)
        else row.text
        for row in await transcript(session, call_id)
    ]
    await index_of(session).put(call_id, texts)
