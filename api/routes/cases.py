"""/tickets/{id}/…: a ticket's life under its city's rules, one route for each event."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.acts import ACTS, Act
from api.schemas.cases import CaseAnswer, ExplainAnswer
from api.schemas.failure import failures
from api.schemas.shapes import TicketId
from api.schemas.tickets import TicketConflict
from domain.accounts.permissions import Permission
from domain.tickets.authority import NEEDS
from domain.tickets.explaining import explain
from domain.tickets.lifecycle.states import Verb
from services.cases import Deed, act, look

router = APIRouter(
    prefix="/tickets", tags=["cases"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.TICKET_READ))]
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {
        "model": TicketConflict,
        "description": "The rules do not allow it now (`article`, `allowed`), or somebody else was "
        "faster (`changed_since`)",
    }
}


@router.get(
    "/{ticket_id}/case", summary="办理状态 Where a ticket stands", responses=failures(404, 409, 422)
)
async def get_case(ticket_id: TicketId, _reader: Reader, backend: BackendHere) -> CaseAnswer:
    """State, limits, duties, proposals and cards at this moment."""
    async with backend.database.session() as session:
        return CaseAnswer.of(await look(session, ticket_id, now=backend.clock()))


@router.get(
    "/{ticket_id}/explain",
    summary="为什么 Why each limit ends when it does",
    responses=failures(404, 409, 422),
)
async def explain_case(ticket_id: TicketId, _reader: Reader, backend: BackendHere) -> ExplainAnswer:
    """Every limit with its article, what it runs from, the days counted and how it was moved."""
    async with backend.database.session() as session:
        case = await look(session, ticket_id, now=backend.clock())
    return ExplainAnswer.of(case, explain(case.ticket, case.edition.calendar))


def _route(verb: Verb, model: type[Act], summary: str) -> None:
    allowed = Annotated[Principal, Depends(Require(NEEDS[verb]))]

    async def endpoint(
        ticket_id: TicketId, given: Act, principal: Principal, backend: BackendHere
    ) -> CaseAnswer:
        fields = given.model_dump(mode="json", exclude_none=True, exclude={"version"})
        async with backend.database.transaction() as session:
            case = await act(
                session,
                ticket_id,
                Deed(verb, given.version, fields),
                actor=principal.actor,
                now=backend.clock(),
            )
            return CaseAnswer.of(case)

    named: Callable[..., Awaitable[CaseAnswer]] = endpoint
    named.__name__ = verb.value
    named.__annotations__ |= {"given": model, "principal": allowed}
    router.add_api_route(
        f"/{{ticket_id}}/{verb.value}",
        named,
        methods=["POST"],
        summary=summary,
        description=f"Needs the permission `{NEEDS[verb].value}`.",
        responses={**failures(404, 413, 422), **CONFLICT},
    )


for _verb, (_model, _summary) in ACTS.items():
    _route(_verb, _model, _summary)
