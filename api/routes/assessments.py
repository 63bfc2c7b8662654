"""/assessments, /supervision: figures over many tickets."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.analyses import AlarmingAnswer, AnalysisAnswer
from api.schemas.assessments import AssessmentAnswer, Proposals
from api.schemas.failure import failures
from api.schemas.shapes import ShortText
from domain.accounts.permissions import Permission
from domain.calendar.limit import CHINA
from domain.tickets.assessment.figures import Span
from services.analysis import account, alarming
from services.assessment import assess
from services.supervision import proposed

router = APIRouter(tags=["assessment"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Assessor = Annotated[Principal, Depends(Require(Permission.ASSESSMENT_READ))]
Supervisor = Annotated[Principal, Depends(Require(Permission.CASE_SUPERVISE))]
City = Annotated[
    str | None, Query(pattern=r"^[a-z][a-z_]{1,31}$", description="Default: the city served here")
]


@router.get("/assessments", summary="考核 Figures of a period", responses=failures(404, 422))
async def get_assessment(
    _principal: Assessor,
    backend: BackendHere,
    start: Annotated[date, Query(alias="from", description="First day")],
    until: Annotated[date, Query(alias="to", description="Last day")],
    city: City = None,
    unit: ShortText | None = None,
) -> AssessmentAnswer:
    """Computed from the stored histories, exemptions applied; each with definition and article."""
    span = Span(_midnight(start), _midnight(until) + timedelta(days=1), backend.clock())
    async with backend.database.session() as session:
        return AssessmentAnswer.of(await assess(session, city or backend.city, span), unit)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


@router.get("/analyses", summary="分析 What came in a period", responses=failures(404, 422))
async def get_analysis(
    _principal: Assessor,
    backend: BackendHere,
    start: Annotated[date, Query(alias="from", description="First day")],
    until: Annotated[date, Query(alias="to", description="Last day")],
    city: City = None,
) -> AnalysisAnswer:
    """Counts for the regular analysis, and those that the city's text has published."""
    where, end = city or backend.city, _midnight(until) + timedelta(days=1)
    async with backend.database.session() as session:
        return AnalysisAnswer.of(where, await account(session, where, _midnight(start), end))


@router.get(
    "/analyses/alarming",
    summary="预警 Clusters and warnings of the last days",
    responses=failures(404, 422),
)
async def get_alarming(
    _principal: Assessor, backend: BackendHere, city: City = None
) -> AlarmingAnswer:
    """What stands out now, whom to warn and what to coordinate, each with its article."""
    where = city or backend.city
    async with backend.database.session() as session:
        return AlarmingAnswer.of(where, await alarming(session, where, now=backend.clock()))


@router.get(
    "/supervision/proposals", summary="督办建议 What to supervise", responses=failures(404, 422)
)
async def get_proposals(
    _principal: Supervisor, backend: BackendHere, city: City = None
) -> Proposals:
    """By the triggers of the city's text and the thresholds of its settings.

    Accept one with `POST /tickets/{id}/supervise` and its trigger.
    """
    where = city or backend.city
    async with backend.database.session() as session:
        return Proposals.of(where, await proposed(session, where, now=backend.clock()))
