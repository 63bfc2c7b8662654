"""/conduct and /suspensions: what is done about abuse of the hotline."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.paging import Paging
from api.schemas.failure import failures
from api.schemas.shapes import CallId, RowId
from api.schemas.suspensions import (
    AppealDecisionInput,
    AppealInput,
    DecisionInput,
    LiftInput,
    MeasureAnswer,
    MeasureInput,
    ProposalInput,
    StandingAnswer,
    SuspensionAnswer,
    SuspensionPage,
)
from domain.accounts.permissions import Permission
from domain.callers.conduct import Conduct
from services import suspensions
from services.referrals import Referral, police_referral
from services.suspensions import Act, Decision, Place
from storage.repositories.suspensions import Suspensions
from storage.tables.suspension import SuspensionRow

router = APIRouter(
    tags=["suspensions"], dependencies=SCHEMES, responses=failures(401, 403, 422, 503)
)
Recorder = Annotated[Principal, Depends(Require(Permission.CONDUCT_RECORD))]
Decider = Annotated[Principal, Depends(Require(Permission.SUSPENSION_DECIDE))]
Referrer = Annotated[
    Principal, Depends(Require(Permission.SUSPENSION_DECIDE, Permission.PERSONAL_UNMASK))
]


def _place(backend: Backend) -> Place:
    return Place(backend.city, backend.zone)


def _answer(row: SuspensionRow, backend: Backend) -> SuspensionAnswer:
    return SuspensionAnswer.of(row, backend.zone, backend.clock())


@router.get(
    "/conduct/measures",
    summary="What may be done about this caller now",
    responses=failures(404, 409),
)
async def standing(
    _principal: Recorder,
    backend: BackendHere,
    call_id: Annotated[CallId, Query()],
    conduct: Annotated[Conduct, Query()],
) -> StandingAnswer:
    """By the text of the city; with everything done about him before."""
    async with backend.database.session() as session:
        found = await suspensions.standing_of(
            session, _place(backend), call_id, conduct, now=backend.clock()
        )
    return StandingAnswer.of(found, backend.zone)


@router.post(
    "/conduct/measures",
    status_code=201,
    summary="Write down a measure that was taken",
    responses=failures(404, 409, 413),
)
async def take(given: MeasureInput, principal: Recorder, backend: BackendHere) -> MeasureAnswer:
    """A reminder, persuasion, the consequences told, the police asked. 409 cites the article."""
    act = Act(given.call_id, given.conduct, given.note)
    async with backend.database.transaction() as session:
        row = await suspensions.take_measure(
            session,
            _place(backend),
            act,
            given.measure,
            actor=principal.actor,
            now=backend.clock(),
        )
    return MeasureAnswer.of(row, backend.zone)


@router.get("/suspensions", summary="List suspensions")
async def list_suspensions(
    _principal: Recorder, backend: BackendHere, paging: Annotated[Paging, Depends()]
) -> SuspensionPage:
    """Newest first."""
    async with backend.database.session() as session:
        page = await Suspensions(session).page(after=paging.cursor(), limit=paging.limit)
    return SuspensionPage(
        suspensions=[_answer(row, backend) for row in page.rows], after=page.after
    )


@router.post(
    "/suspensions",
    status_code=201,
    summary="Propose a suspension",
    responses=failures(404, 409, 413),
)
async def propose(
    given: ProposalInput, principal: Recorder, backend: BackendHere
) -> SuspensionAnswer:
    """409 cites the article where the city's text allows none, or none yet."""
    act = Act(given.call_id, given.conduct, given.reason)
    async with backend.database.transaction() as session:
        row = await suspensions.propose_suspension(
            session, _place(backend), act, actor=principal.actor, now=backend.clock()
        )
    return _answer(row, backend)


@router.get("/suspensions/{suspension_id}", summary="One suspension", responses=failures(404))
async def get_suspension(
    suspension_id: RowId, _principal: Recorder, backend: BackendHere
) -> SuspensionAnswer:
    """With what it rests on, who decided it, and how it stands now."""
    async with backend.database.session() as session:
        row = await Suspensions(session).get(suspension_id)
    return _answer(row, backend)


@router.post(
    "/suspensions/{suspension_id}/decision",
    summary="Decide a proposed suspension",
    responses=failures(404, 409, 413),
)
async def decide(
    suspension_id: RowId, given: DecisionInput, principal: Decider, backend: BackendHere
) -> SuspensionAnswer:
    """By another person than proposed it. It starts at once and ends by itself."""
    decision = Decision(given.suspend, given.reason, given.days)
    async with backend.database.transaction() as session:
        row = await suspensions.decide_suspension(
            session,
            _place(backend),
            suspension_id,
            decision,
            actor=principal.actor,
            now=backend.clock(),
        )
    return _answer(row, backend)


@router.post(
    "/suspensions/{suspension_id}/lift",
    summary="Lift a suspension before its end",
    responses=failures(404, 409, 413),
)
async def lift(
    suspension_id: RowId, given: LiftInput, principal: Decider, backend: BackendHere
) -> SuspensionAnswer:
    """The next call of that number is an ordinary one."""
    async with backend.database.transaction() as session:
        row = await suspensions.lift_suspension(
            session, suspension_id, given.reason, actor=principal.actor, now=backend.clock()
        )
    return _answer(row, backend)


@router.post(
    "/suspensions/{suspension_id}/appeal",
    summary="Write down an appeal",
    responses=failures(404, 409, 413),
)
async def appeal(
    suspension_id: RowId, given: AppealInput, principal: Recorder, backend: BackendHere
) -> SuspensionAnswer:
    """What the caller says against it, by whatever way it came."""
    async with backend.database.transaction() as session:
        row = await suspensions.appeal_suspension(
            session, suspension_id, given.words, actor=principal.actor, now=backend.clock()
        )
    return _answer(row, backend)


@router.post(
    "/suspensions/{suspension_id}/appeal/decision",
    summary="Decide an appeal",
    responses=failures(404, 409, 413),
)
async def decide_appeal(
    suspension_id: RowId, given: AppealDecisionInput, principal: Decider, backend: BackendHere
) -> SuspensionAnswer:
    """By a third person: neither who proposed nor who suspended."""
    async with backend.database.transaction() as session:
        row = await suspensions.decide_appeal(
            session,
            suspension_id,
            given.reason,
            lift=given.lift,
            actor=principal.actor,
            now=backend.clock(),
        )
    return _answer(row, backend)


@router.post(
    "/suspensions/{suspension_id}/referral",
    summary="Make the package for the police",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}, **failures(404, 413, 503)},
)
async def refer(
    suspension_id: RowId, given: LiftInput, principal: Referrer, backend: BackendHere
) -> Response:
    """A PDF of the case, a list of hashes and every call's evidence, unmasked. Audited."""
    async with backend.database.transaction() as session:
        content = await police_referral(
            session,
            backend.vault,
            _place(backend),
            Referral(suspension_id, given.reason),
            actor=principal.actor,
            now=backend.clock(),
        )
    name = f'attachment; filename="referral-{suspension_id}.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": name})
