"""/review/forms, /review/reviews and what comes of them: agreement, reports, evidence."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.schemas.failure import failures
from api.schemas.scoring import (
    AgreementAnswer,
    AgreementList,
    AnswersGiven,
    AppealGiven,
    CalibrationAnswer,
    CalibrationGiven,
    CalibrationList,
    CallGiven,
    DecisionGiven,
    FormAnswer,
    FormGiven,
    FormList,
    GroupedBy,
    OwnReview,
    OwnReviews,
    Report,
    ReportLine,
    ReviewAnswer,
    ReviewGiven,
    ReviewList,
    ReviewWithForm,
    SuggestionAnswer,
)
from api.schemas.shapes import CallId, Reason, RowId, ShortText
from domain.accounts.permissions import Permission
from domain.review.progress import ReviewState
from services import calibration as calibrating
from services import reviewing
from services.reports import as_pdf, as_xlsx, evidence, figures
from storage.repositories.cards import NotOnTheDesk
from storage.repositories.review import ReviewFilter, Reviews
from storage.tables.review import ReviewRow

router = APIRouter(
    prefix="/review", tags=["scoring"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reviewer = Annotated[Principal, Depends(Require(Permission.REVIEW_SCORE))]
Lead = Annotated[Principal, Depends(Require(Permission.REVIEW_LEAD))]
Prover = Annotated[Principal, Depends(Require(Permission.REVIEW_LEAD, Permission.PERSONAL_UNMASK))]
Agent = Annotated[Principal, Depends(Require(Permission.REVIEW_OWN))]
SHOWN = {ReviewState.RELEASED, ReviewState.ACKNOWLEDGED, ReviewState.APPEALED, ReviewState.DECIDED}


@router.get("/forms", summary="List forms")
async def list_forms(_principal: Reviewer, backend: BackendHere) -> FormList:
    """The newest version of each."""
    async with backend.database.session() as session:
        rows = await Reviews(session).forms()
    return FormList(forms=[FormAnswer.of(row) for row in rows])


@router.post("/forms", status_code=201, summary="Add a form or a version", responses=failures(422))
async def add_form(given: FormGiven, principal: Lead, backend: BackendHere) -> FormAnswer:
    """Every fault of the form is named. Reviews keep the version they were begun with. Audited."""
    async with backend.database.transaction() as session:
        row = await reviewing.add_form(session, given.body, principal.actor, now=backend.clock())
    return FormAnswer.of(row)


@router.post(
    "/reviews", status_code=201, summary="Begin a review", responses=failures(404, 409, 422)
)
async def begin(given: ReviewGiven, principal: Reviewer, backend: BackendHere) -> ReviewAnswer:
    """The same again gives the same review; a call that another reviews is refused."""
    async with backend.database.transaction() as session:
        row = await reviewing.begin(
            session,
            given.call_id,
            given.purpose,
            given.form,
            principal.actor,
            now=backend.clock(),
        )
    return ReviewAnswer.of(row, backend.zone)


@router.get("/reviews", summary="List reviews", responses=failures(422))
async def list_reviews(
    principal: Reviewer,
    backend: BackendHere,
    call_id: CallId | None = None,
    state: ReviewState | None = None,
    agent: ShortText | None = None,
) -> ReviewList:
    """Newest first. Blind: of a call you score yourself, others' only after you submitted."""
    wanted = ReviewFilter(agent=agent, state=state, call_id=call_id)
    leads = Permission.REVIEW_LEAD in principal.permissions
    async with backend.database.session() as session:
        rows = await Reviews(session).find(wanted)
        own = await Reviews(session).find(ReviewFilter(reviewer=principal.actor.name))
    seen = [row for row in rows if reviewing.visible(row, own, principal.actor.name, leads=leads)]
    return ReviewList(reviews=[ReviewAnswer.of(row, backend.zone) for row in seen])


@router.get("/own", summary="See the reviews of your calls")
async def own_reviews(principal: Agent, backend: BackendHere) -> OwnReviews:
    """Released ones, newest first, with what was asked."""
    name = principal.actor.name.removeprefix("account:")
    async with backend.database.session() as session:
        reviews = Reviews(session)
        rows = await reviews.find(ReviewFilter(agent=name))
        shown = [row for row in rows if row.state in SHOWN and row.purpose == calibrating.FIRST]
        forms = {
            key: FormAnswer.of(await reviews.form(*key))
            for key in {(row.form, row.form_version) for row in shown}
        }
    return OwnReviews(
        reviews=[
            OwnReview(
                review=ReviewAnswer.of(row, backend.zone), form=forms[row.form, row.form_version]
            )
            for row in shown
        ]
    )


@router.get("/reviews/{review_id}", summary="See a review", responses=failures(404, 422))
async def see_review(review_id: RowId, principal: Reviewer, backend: BackendHere) -> ReviewWithForm:
    """With its form's own version and what the transcript suggests."""
    leads = Permission.REVIEW_LEAD in principal.permissions
    async with backend.database.session() as session:
        row = await Reviews(session).get(review_id)
        own = await Reviews(session).find(ReviewFilter(reviewer=principal.actor.name))
        if not reviewing.visible(row, own, principal.actor.name, leads=leads):
            raise NotOnTheDesk(f"review {review_id}")
        form = await Reviews(session).form(row.form, row.form_version)
        suggested = await reviewing.suggested(session, row)
    return ReviewWithForm(
        review=ReviewAnswer.of(row, backend.zone),
        form=FormAnswer.of(form),
        suggestions={key: SuggestionAnswer.of(one) for key, one in suggested.items()},
    )


@router.put(
    "/reviews/{review_id}/answers", summary="Save answers", responses=failures(404, 409, 422)
)
async def save_answers(
    review_id: RowId, given: AnswersGiven, principal: Reviewer, backend: BackendHere
) -> ReviewAnswer:
    """Yours only, until you submit."""
    async with backend.database.transaction() as session:
        row = await _yours(Reviews(session), review_id, principal)
        answers = {key: one.read() for key, one in given.answers.items()}
        await reviewing.save(session, row, answers, given.note, given.version)
    return ReviewAnswer.of(row, backend.zone)


@router.post(
    "/reviews/{review_id}/submit", summary="Submit a review", responses=failures(404, 409, 422)
)
async def submit(review_id: RowId, principal: Reviewer, backend: BackendHere) -> ReviewAnswer:
    """It is weighed; a missing answer or comment is named."""
    async with backend.database.transaction() as session:
        row = await _yours(Reviews(session), review_id, principal)
        await reviewing.submit(session, row, now=backend.clock())
    return ReviewAnswer.of(row, backend.zone)


@router.post(
    "/reviews/{review_id}/release", summary="Release a review", responses=failures(404, 409, 422)
)
async def release(review_id: RowId, principal: Lead, backend: BackendHere) -> ReviewAnswer:
    """The agent sees it from now on. Audited."""
    async with backend.database.transaction() as session:
        row = await Reviews(session).get(review_id)
        await reviewing.release(session, row, principal.actor, now=backend.clock())
    return ReviewAnswer.of(row, backend.zone)


@router.post(
    "/reviews/{review_id}/acknowledge", summary="Take note", responses=failures(404, 409, 422)
)
async def acknowledge(review_id: RowId, principal: Agent, backend: BackendHere) -> ReviewAnswer:
    """By the agent of the call."""
    async with backend.database.transaction() as session:
        row = await Reviews(session).get(review_id)
        await reviewing.acknowledge(row, principal.actor, now=backend.clock())
    return ReviewAnswer.of(row, backend.zone)


@router.post(
    "/reviews/{review_id}/appeal", summary="Object to a review", responses=failures(404, 409, 422)
)
async def appeal(
    review_id: RowId, given: AppealGiven, principal: Agent, backend: BackendHere
) -> ReviewAnswer:
    """By the agent of the call, within the time given."""
    async with backend.database.transaction() as session:
        row = await Reviews(session).get(review_id)
        await reviewing.appeal(row, principal.actor, given.why, now=backend.clock())
    return ReviewAnswer.of(row, backend.zone)


@router.post(
    "/reviews/{review_id}/decide", summary="Decide an appeal", responses=failures(404, 409, 422)
)
async def decide(
    review_id: RowId, given: DecisionGiven, principal: Lead, backend: BackendHere
) -> ReviewAnswer:
    """The second instance: not the reviewer. Upheld, or scored anew. Audited."""
    answers = None
    if given.answers is not None:
        answers = {key: one.read() for key, one in given.answers.items()}
    decision = reviewing.Decision(given.why, answers)
    async with backend.database.transaction() as session:
        row = await Reviews(session).get(review_id)
        await reviewing.decide(session, row, decision, principal.actor, now=backend.clock())
    return ReviewAnswer.of(row, backend.zone)


@router.get("/calibrations", summary="List calibrations")
async def list_calibrations(principal: Reviewer, backend: BackendHere) -> CalibrationList:
    """Newest first; whoever does not lead sees those that ask for his reviews."""
    leads = Permission.REVIEW_LEAD in principal.permissions
    async with backend.database.session() as session:
        rows = [
            row
            for row in await Reviews(session).calibrations()
            if leads or principal.actor.name in row.reviewers
        ]
        done = await calibrating.progress(session, rows)
    return CalibrationList(
        calibrations=[CalibrationAnswer.of(row, done[row.id], backend.zone) for row in rows]
    )


@router.post(
    "/calibrations", status_code=201, summary="Start a calibration", responses=failures(422)
)
async def start_calibration(
    given: CalibrationGiven, principal: Lead, backend: BackendHere
) -> CalibrationAnswer:
    """Every reviewer named scores every call, blind. Audited."""
    wanted = calibrating.Wanted(given.name, given.form, given.calls, given.reviewers)
    async with backend.database.transaction() as session:
        row = await calibrating.start(session, wanted, principal.actor, now=backend.clock())
    return CalibrationAnswer.of(row, {}, backend.zone)


@router.post(
    "/calibrations/{calibration_id}/close",
    summary="Close a calibration",
    responses=failures(404, 422),
)
async def close_calibration(
    calibration_id: RowId, principal: Lead, backend: BackendHere
) -> CalibrationAnswer:
    """What is scored stays; nobody begins another review of it. Audited."""
    async with backend.database.transaction() as session:
        row = await calibrating.close(session, calibration_id, principal.actor, now=backend.clock())
        done = await calibrating.progress(session, [row])
    return CalibrationAnswer.of(row, done[row.id], backend.zone)


@router.get("/agreement", summary="How far reviewers agree", responses=failures(404, 422))
async def agreement(
    _principal: Lead,
    backend: BackendHere,
    calibration: Annotated[
        int | None, Query(ge=1, description="Its number; without: first beside second reviews")
    ] = None,
) -> AgreementList:
    """Cohen's kappa for two, Fleiss' for more, per question, over calls that all have scored."""
    async with backend.database.session() as session:
        found = await calibrating.agreement(session, calibration)
    return AgreementList(questions=[_agreement(one) for one in found])


def _agreement(one: calibrating.Agreement) -> AgreementAnswer:
    return AgreementAnswer(
        question=one.question,
        text=one.text,
        reviewers=one.reviewers,
        kappa=one.kappa,
        calls=[CallGiven(call_id=call, answers=dict(given)) for call, given in one.calls.items()],
    )


@router.get("/report", summary="Figures from reviews", responses=failures(422))
async def report(
    _principal: Lead,
    backend: BackendHere,
    by: GroupedBy,
    start: AwareDatetime,
    end: AwareDatetime,
) -> Report:
    """Per agent, team, question, reviewer (severity) or week (trend)."""
    async with backend.database.session() as session:
        lines = await figures(session, by, start, end)
    return Report(by=by, lines=[ReportLine(**vars(line)) for line in lines])


FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@router.get(
    "/report.{kind}",
    summary="Figures as a file",
    response_class=Response,
    responses={200: {"content": {name: {} for name in FILES.values()}}, **failures(422)},
)
async def report_file(
    kind: Annotated[str, Path(pattern="^(xlsx|pdf)$")],
    _principal: Lead,
    backend: BackendHere,
    by: GroupedBy,
    start: AwareDatetime,
    end: AwareDatetime,
) -> Response:
    """XLSX with a chart, or PDF."""
    async with backend.database.session() as session:
        lines = await figures(session, by, start, end)
    title = f"质检评分 {start:%Y-%m-%d} – {end:%Y-%m-%d}（{by}）"
    content = await asyncio.to_thread(as_xlsx if kind == "xlsx" else as_pdf, title, lines)
    return Response(content, media_type=FILES[kind])


@router.get(
    "/calls/{call_id}/evidence",
    summary="Make a package of evidence",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}, **failures(404, 422)},
)
async def evidence_package(
    call_id: CallId, principal: Prover, backend: BackendHere, why: Reason
) -> Response:
    """Recording, words, log and hashes with a signed manifest, unmasked. Audited."""
    content = await _package(backend, call_id, principal, why)
    name = f'attachment; filename="{call_id}.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": name})


async def _package(backend: Backend, call_id: str, principal: Principal, why: str) -> bytes:
    async with backend.database.transaction() as session:
        return await evidence(
            session, backend.vault, call_id, principal.actor, why=why, now=backend.clock()
        )


async def _yours(reviews: Reviews, review_id: int, principal: Principal) -> ReviewRow:
    """Raises `NotYours`."""
    row = await reviews.get(review_id)
    if row.reviewer != principal.actor.name:
        raise reviewing.NotYours("only its reviewer changes a review")
    return row
