"""Several reviewers score the same calls, so that they come to score alike; how far they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.permissions import Permission, permissions_of
from domain.review.agreement import kappa
from domain.review.form import form_of
from domain.review.progress import ReviewState
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.accounts import Accounts
from storage.repositories.cards import Cards, NotOnTheDesk
from storage.repositories.review import ReviewFilter, Reviews
from storage.tables.review import CalibrationRow, ReviewRow

FIRST, SECOND = "first", "second"
PREFIX = "calibration:"
PAIR = 2


class CalibrationRefused(ValueError):
    """A session cannot be started as asked; ``field`` is at fault."""

    def __init__(self, field: str, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.field, self.reason_zh = field, reason_zh


class NotCalibrated(Exception):
    """No open calibration asks this reviewer to score this call."""


@dataclass(frozen=True)
class Wanted:
    """``reviewers``: names of accounts that may score."""

    name: str
    form: str
    calls: Sequence[str]
    reviewers: Sequence[str]


async def start(
    session: AsyncSession, wanted: Wanted, actor: Actor, *, now: datetime
) -> CalibrationRow:
    """All score by the form as it is now. Raises `CalibrationRefused`. Audited."""
    reviews = Reviews(session)
    if any(row.name == wanted.name for row in await reviews.calibrations()):
        raise CalibrationRefused("name", "a calibration has this name already", "已有同名的校准")
    calls = list(dict.fromkeys(wanted.calls))
    for call_id in calls:
        await _refuse_unscorable(session, call_id)
    reviewers = list(dict.fromkeys(wanted.reviewers))
    if len(reviewers) < PAIR:
        raise CalibrationRefused("reviewers", "at least two different ones", "至少两名不同的质检员")
    for name in reviewers:
        await _refuse_who_may_not_score(session, name)
    try:
        form = await reviews.form(wanted.form)
    except NotOnTheDesk as missing:
        raise CalibrationRefused("form", "no such form", f"没有评分表“{wanted.form}”") from missing
    row = CalibrationRow(
        name=wanted.name,
        form=form.name,
        form_version=form.version,
        calls=calls,
        reviewers=[f"account:{name}" for name in reviewers],
        started_by=actor.name,
        started_at=now,
    )
    reviews.add(row)
    await session.flush()
    detail = {"name": row.name, "calls": calls, "reviewers": reviewers}
    write_down(
        session,
        actor,
        Deed("calibration.start", "calibration", str(row.id), detail=detail),
        now=now,
    )
    return row


async def close(
    session: AsyncSession, number: int, actor: Actor, *, now: datetime
) -> CalibrationRow:
    """Nobody begins another review of it; doing it again changes nothing. Audited."""
    row = await Reviews(session).calibration(number)
    if row.closed_at is None:
        row.closed_at = now
        deed = Deed("calibration.close", "calibration", str(number))
        write_down(session, actor, deed, now=now)
    return row


async def progress(
    session: AsyncSession, rows: Sequence[CalibrationRow]
) -> dict[int, dict[str, int]]:
    """Calibration → reviewer → calls scored."""
    done = await Reviews(session).submitted([purpose_of(row.id) for row in rows])
    return {
        row.id: {name: done.get((purpose_of(row.id), name), 0) for name in row.reviewers}
        for row in rows
    }


def purpose_of(number: int) -> str:
    return f"{PREFIX}{number}"


async def form_of_calibration(
    session: AsyncSession, purpose: str, call_id: str, actor: Actor
) -> tuple[str, int]:
    """The form of this calibration and its version. Raises `NotCalibrated`, `NotOnTheDesk`."""
    row = await Reviews(session).calibration(int(purpose.removeprefix(PREFIX)))
    asked = call_id in row.calls and actor.name in row.reviewers
    if row.closed_at is not None or not asked:
        raise NotCalibrated(f"calibration {row.id} does not ask {actor.name} about {call_id}")
    return row.form, row.form_version


@dataclass(frozen=True)
class Agreement:
    """``kappa`` None: fewer than two reviewers answered the same calls.

    ``calls``: call → reviewer → answer, of the calls that all of them scored.
    """

    question: str
    text: str
    reviewers: int
    kappa: float | None
    calls: Mapping[str, Mapping[str, str]]


async def agreement(session: AsyncSession, calibration: int | None) -> list[Agreement]:
    """How far reviewers agree on each question, over calls that all of them scored.

    ``calibration`` None compares first with second reviews. Raises `NotOnTheDesk`.
    """
    reviews = Reviews(session)
    if calibration is None:
        whose = [FIRST, SECOND]
        rows = [
            row
            for purpose in whose
            for row in await reviews.find(ReviewFilter(purpose=purpose), limit=5000)
        ]
    else:
        session_row = await reviews.calibration(calibration)
        whose = session_row.reviewers
        rows = list(await reviews.find(ReviewFilter(purpose=purpose_of(calibration)), limit=5000))
    by_call: dict[str, dict[str, ReviewRow]] = {}
    for row in rows:
        if row.state != ReviewState.DRAFT:
            who = row.purpose if calibration is None else row.reviewer
            by_call.setdefault(row.call_id, {})[who] = row
    shared = {call: rows_of for call, rows_of in by_call.items() if set(rows_of) == set(whose)}
    texts = await _texts(session, rows)
    questions = sorted(
        {key for rows_of in shared.values() for row in rows_of.values() for key in row.answers}
    )
    return [_agreement(key, texts.get(key, key), whose, shared) for key in questions]


def _agreement(
    question: str, text: str, whose: Sequence[str], shared: Mapping[str, Mapping[str, ReviewRow]]
) -> Agreement:
    calls = {
        call: {who: str(rows_of[who].answers[question]["answer"]) for who in whose}
        for call, rows_of in shared.items()
        if all(question in rows_of[who].answers for who in whose)
    }
    answered = [[given[who] for who in whose] for given in calls.values()]
    value = round(kappa(answered), 4) if len(whose) > 1 and answered else None
    return Agreement(question, text, len(whose), value, calls)


async def _texts(session: AsyncSession, rows: Sequence[ReviewRow]) -> dict[str, str]:
    """What the questions ask, from every form used; the newest version of a question counts."""
    texts: dict[str, str] = {}
    for name, version in sorted({(row.form, row.form_version) for row in rows}):
        form = form_of((await Reviews(session).form(name, version)).body)
        texts |= {key: question.text for key, question in form.questions.items()}
    return texts


async def _refuse_unscorable(session: AsyncSession, call_id: str) -> None:
    try:
        await Cards(session).get(call_id)
    except NotOnTheDesk as missing:
        reason = f"{call_id} is no recorded call"
        raise CalibrationRefused("calls", reason, f"没有录音 {call_id}") from missing


async def _refuse_who_may_not_score(session: AsyncSession, name: str) -> None:
    account = await Accounts(session).of_name(name)
    if account is None:
        raise CalibrationRefused("reviewers", f"no account {name}", f"没有账号 {name}")
    if Permission.REVIEW_SCORE not in permissions_of(account.roles):
        reason = f"{name} may not score calls"
        raise CalibrationRefused("reviewers", reason, f"账号 {name} 没有质检评分的权限")
