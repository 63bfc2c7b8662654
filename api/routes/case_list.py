"""/cases: the list of tickets under their city's rules."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.paging import Paging
from api.schemas.cases import CaseLine, CasePage
from api.schemas.failure import failures
from api.schemas.shapes import ShortText
from domain.accounts.permissions import Permission
from domain.cities.ids import Category, Urgency
from domain.tickets.lifecycle.states import State
from storage.repositories.cases import CaseFilter, Cases
from storage.repositories.tickets import Tickets

router = APIRouter(
    prefix="/cases", tags=["cases"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.TICKET_READ))]


@dataclass(frozen=True)
class CaseQuery:
    """Query parameters of the list."""

    city: ShortText | None = None
    state: State | None = None
    unit: Annotated[
        ShortText | None, Query(description="Lead, assisting or the district's unit")
    ] = None
    category: Category | None = None
    urgency: Urgency | None = None
    running: Annotated[bool | None, Query(description="Whether time still does anything")] = None
    registered_from: AwareDatetime | None = None
    registered_before: AwareDatetime | None = None
    reached_before: Annotated[
        AwareDatetime | None, Query(description="A limit ends or a card falls before that moment")
    ] = None


@router.get("", summary="工单办理列表 Tickets under their rules", responses=failures(422))
async def list_cases(
    reader: Reader,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[CaseQuery, Depends()],
) -> CasePage:
    """Newest registered first; somebody of a unit is shown his unit's only."""
    only = CaseFilter(**{**vars(wanted), "unit": reader.actor.unit or wanted.unit})
    async with backend.database.session() as session:
        page = await Cases(session).page(only, after=paging.cursor(), limit=paging.limit)
        rows = await Tickets(session).several([case.ticket_id for case in page.rows])
    summaries = {row.id: row.summary or row.title for row in rows}
    lines = [CaseLine.of(case, summaries[case.ticket_id], backend.zone) for case in page.rows]
    return CasePage(cases=lines, after=page.after)
