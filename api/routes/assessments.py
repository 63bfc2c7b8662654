"""/assessments, /supervision: figures over many tickets."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.assessments import AssessmentAnswer, Proposals
from api.schemas.failure import failures
from api.schemas.shapes import ShortText
from domain.accounts.permissions import Permission
from domain.calendar.limit import CHINA
from domain.tickets.assessment.figures import Span
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
