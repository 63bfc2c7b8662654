"""Scoring calls: forms with versions, blind double review, release, appeal, agreement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.review.form import Form, form_of
from domain.review.marks import Said
from domain.review.progress import ReviewState, ReviewStep, after
from domain.review.scoring import Answer, score
from domain.review.suggest import Heard, Suggestion, suggestions
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from services.calibration import FIRST, SECOND, form_of_calibration
from services.transcripts import transcript
from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.cards import Cards, NotOnTheDesk
from storage.repositories.review import Desk, ReviewFilter, Reviews
from storage.tables.review import ReviewFormRow, ReviewRow

# Ours, not law: an agent has this long to object to a released review.
APPEAL_WITHIN = timedelta(days=7)


class ReviewedAlready(Exception):
    """Somebody reviews this call for this purpose; a second review is asked for as one."""

    def __init__(self, call_id: str, reviewer: str) -> None:
        super().__init__(f"call {call_id} is reviewed by {reviewer} already")


class NotYours(Exception):
    """Only the reviewer changes a review, only the agent answers it, only another one decides."""


class ReviewChangedMeanwhile(Exception):
    """The version given is not the newest."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the review has version {current} by now")


class AppealTooLate(Exception):
    """The time for objections is over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"objections were possible until {until.isoformat()}")


async def ensure_default_form(database: Database, *, now: datetime) -> None:
    """The form after GB/T 33358, where there is no form yet."""
    async with database.transaction() as session:
        if await Reviews(session).forms():
            return
        await add_form(session, default_form(), SYSTEM, now=now)


def default_form() -> dict[str, Any]:
    text = files("domain.review.forms").joinpath("default.json").read_text("utf-8")
    return dict(json.loads(text))


async def add_form(
    session: AsyncSession, body: Mapping[str, Any], actor: Actor, *, now: datetime
) -> ReviewFormRow:
    """A new form, or a new version of it. Raises `FormRefused`."""
    form = form_of(dict(body))
    try:
        version = (await Reviews(session).form(form.name)).version + 1
    except NotOnTheDesk:
        version = 1
    row = ReviewFormRow(
        name=form.name, version=version, body=dict(body), made_by=actor.name, made_at=now
    )
    Reviews(session).add(row)
    deed = Deed("review.form", "review_form", form.name[:120], detail={"version": version})
    write_down(session, actor, deed, now=now)
    return row


async def begin(
    session: AsyncSession, call_id: str, purpose: str, form: str, actor: Actor, *, now: datetime
) -> ReviewRow:
    """Begin to score a call. Doing it again gives the same review.

    Raises `ReviewedAlready` when somebody else has the first (or second) review, and
    `NotCalibrated` for a calibration that does not ask for it; it is scored by the form and the
    version with which it was started.
    """
    card = await Cards(session).get(call_id)
    reviews = Reviews(session)
    others = await reviews.find(ReviewFilter(call_id=call_id))
    for other in others:
        if other.reviewer == actor.name and other.purpose == purpose:
            return other
        alone = purpose in {FIRST, SECOND}
        if alone and (other.purpose == purpose or other.reviewer == actor.name):
            raise ReviewedAlready(call_id, other.reviewer)
    if purpose in {FIRST, SECOND}:
        version = (await reviews.form(form)).version
    else:
        form, version = await form_of_calibration(session, purpose, call_id, actor)
    row = ReviewRow(
        call_id=call_id,
        seat=card.seat,
        agent=card.agent,
        reviewer=actor.name,
        purpose=purpose,
        form=form,
        form_version=version,
        state=ReviewState.DRAFT,
        answers={},
        begun_at=now,
        version=1,
    )
    reviews.add(row)
    await session.flush()
    return row


async def save(
    session: AsyncSession, row: ReviewRow, answers: Mapping[str, Answer], note: str, version: int
) -> None:
    """Keep what the reviewer has so far; nothing is checked but that nobody else saved."""
    if row.version != version:
        raise ReviewChangedMeanwhile(row.version)
    after(ReviewState(row.state), ReviewStep.SUBMIT)
    row.answers = {key: vars(answer) for key, answer in answers.items()}
    row.note = note
    row.version += 1


async def submit(session: AsyncSession, row: ReviewRow, *, now: datetime) -> None:
    """Weigh it. Raises `AnswersRefused`; the work item, if there is one, is done."""
    state = after(ReviewState(row.state), ReviewStep.SUBMIT)
    result = score(await form_version(session, row), answers_of(row))
    row.state, row.submitted_at = state, now
    row.score, row.failed_by = result.points, result.failed_by
    row.version += 1
    item = await Desk(session).item(row.call_id)
    if item is not None and item.reviewer == row.reviewer:
        item.done_at = now


async def release(session: AsyncSession, row: ReviewRow, actor: Actor, *, now: datetime) -> None:
    """Show it to the agent; from now on it counts, and objections are possible for a while."""
    row.state = after(ReviewState(row.state), ReviewStep.RELEASE)
    row.released_at, row.appeal_until = now, now + APPEAL_WITHIN
    row.version += 1
    await _count(session, row)
    write_down(session, actor, Deed("review.release", "review", str(row.id)), now=now)


async def acknowledge(row: ReviewRow, actor: Actor, *, now: datetime) -> None:
    _own(row, actor)
    row.state = after(ReviewState(row.state), ReviewStep.ACKNOWLEDGE)
    row.acknowledged_at = now
    row.version += 1


async def appeal(row: ReviewRow, actor: Actor, why: str, *, now: datetime) -> None:
    """Raises `AppealTooLate`, `NotYours`."""
    _own(row, actor)
    following = after(ReviewState(row.state), ReviewStep.APPEAL)
    if row.appeal_until is not None and now > row.appeal_until:
        raise AppealTooLate(row.appeal_until)
    row.state, row.appeal, row.appealed_at = following, why, now
    row.version += 1


@dataclass(frozen=True)
class Decision:
    """``answers`` None: upheld as it was."""

    why: str
    answers: Mapping[str, Answer] | None = None


async def decide(
    session: AsyncSession, row: ReviewRow, decision: Decision, actor: Actor, *, now: datetime
) -> None:
    """The second instance: somebody who did not score it. Raises `NotYours`, `AnswersRefused`."""
    if actor.name == row.reviewer:
        raise NotYours("whoever scored a call does not decide about the objection")
    row.state = after(ReviewState(row.state), ReviewStep.DECIDE)
    if decision.answers is not None:
        result = score(await form_version(session, row), decision.answers)
        row.answers = {key: vars(answer) for key, answer in decision.answers.items()}
        row.score, row.failed_by = result.points, result.failed_by
    row.decided_by, row.decided_at, row.decision = actor.name, now, decision.why
    row.version += 1
    await _count(session, row)
    deed = Deed("review.decide", "review", str(row.id), decision.why[:400])
    write_down(session, actor, deed, now=now)


async def _count(session: AsyncSession, row: ReviewRow) -> None:
    """The first review's score is the recording's."""
    if row.purpose == FIRST:
        (await Cards(session).get(row.call_id)).score = row.score


async def form_version(session: AsyncSession, row: ReviewRow) -> Form:
    """The form as it was when the review was begun."""
    return form_of((await Reviews(session).form(row.form, row.form_version)).body)


def answers_of(row: ReviewRow) -> dict[str, Answer]:
    return {key: Answer(**value) for key, value in row.answers.items()}


async def suggested(session: AsyncSession, row: ReviewRow) -> dict[str, Suggestion]:
    """What the transcript suggests. Nothing of it counts until the reviewer answers."""
    call = await Calls(session).get(row.call_id)
    card = await Cards(session).get(row.call_id)
    said = [
        Said(one.side, one.start_s, one.end_s, one.text)
        for one in await transcript(session, row.call_id)
    ]
    heard = Heard(said, call.talked_from_s or 0.0, card.answer_s)
    return suggestions(await form_version(session, row), heard)


def visible(row: ReviewRow, others: Sequence[ReviewRow], reader: str, *, leads: bool) -> bool:
    """Double reviews and calibrations are blind: who has not submitted his own sees no other."""
    if leads or row.reviewer == reader:
        return True
    own = [one for one in others if one.reviewer == reader and one.call_id == row.call_id]
    return bool(own) and all(one.state != ReviewState.DRAFT for one in own)


def _own(row: ReviewRow, actor: Actor) -> None:
    if not row.agent or actor.name != f"account:{row.agent}":
        raise NotYours("only the agent of the call answers its review")
