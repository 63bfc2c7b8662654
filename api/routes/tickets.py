"""/tickets: from draft to signed."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import SCHEMES, BackendHere, Principal, Require, refuse_without
from api.paging import Paging
from api.schemas.failure import failures
from api.schemas.shapes import Phone, Reason, ShortText, TicketId
from api.schemas.tickets import (
    TicketAnswer,
    TicketConflict,
    TicketEventAnswer,
    TicketHistory,
    TicketInput,
    TicketPage,
    TicketPatch,
    UnmaskInput,
    View,
)
from domain.accounts.permissions import Permission
from domain.tickets.category import Category
from domain.tickets.status import TicketStatus
from services.tickets import edit_ticket, register_ticket, unmask_ticket
from storage.repositories.calls import Recordings
from storage.repositories.ticket_events import TicketEvents, first_broken
from storage.repositories.tickets import TicketFilter, Tickets
from storage.tables.ticket import TicketRow

router = APIRouter(
    prefix="/tickets", tags=["tickets"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.TICKET_READ))]
Creator = Annotated[Principal, Depends(Require(Permission.TICKET_CREATE))]
Editor = Annotated[Principal, Depends(Require(Permission.TICKET_EDIT))]
Unmasker = Annotated[Principal, Depends(Require(Permission.PERSONAL_UNMASK))]
RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,60}$",
        description="The same key and content again give the same ticket: safe to repeat",
    ),
]


@dataclass(frozen=True)
class TicketQuery:
    """Query parameters of the list."""

    status: TicketStatus | None = None
    category: Category | None = None
    city: ShortText | None = None
    origin: ShortText | None = None
    caller: Annotated[Phone | None, Query(description="The whole number")] = None
    call_id: ShortText | None = None
    created_from: AwareDatetime | None = None
    created_before: AwareDatetime | None = None
    unit: Annotated[
        ShortText | None, Query(description="Lead, assisting or the district's unit")
    ] = None
    q: Annotated[
        ShortText | None, Query(description="Words in title, summary, what was said, or number")
    ] = None

    def as_filter(self) -> TicketFilter:
        return TicketFilter(
            status=self.status,
            category=None if self.category is None else self.category.value,
            city=self.city,
            origin=self.origin,
            caller=self.caller,
            call_id=self.call_id,
            created_from=self.created_from,
            created_before=self.created_before,
            words=self.q,
            unit=self.unit,
        )


@router.post(
    "",
    status_code=201,
    summary="Register a request that did not come as a call",
    responses={
        200: {"model": TicketAnswer, "description": "The same request came before: its ticket"},
        **failures(409, 413, 422),
    },
)
async def register(
    given: TicketInput,
    principal: Creator,
    backend: BackendHere,
    request: Request,
    response: Response,
    request_key: RequestKey = None,
) -> TicketAnswer:
    """It becomes a draft with a number of its own."""
    async with backend.database.transaction() as session:
        row, is_new = await register_ticket(
            session,
            given.as_new_ticket(city=backend.city),
            actor=principal.actor,
            now=backend.clock(),
            zone=backend.zone,
            request_key=request_key,
        )
    response.headers["Location"] = f"/tickets/{row.id}"
    if is_new:
        request.app.state.metrics.tickets_registered.inc()
    else:
        response.status_code = 200
    return TicketAnswer.of(row, View(backend.zone, principal.sees_clear), recorded=False)


@router.get("", summary="List and search tickets", responses=failures(422))
async def list_tickets(
    principal: Reader,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[TicketQuery, Depends()],
) -> TicketPage:
    """Newest first; somebody of a unit is shown his unit's only."""
    only = replace(wanted.as_filter(), unit=principal.actor.unit or wanted.unit)
    async with backend.database.session() as session:
        page = await Tickets(session).page(only, after=paging.cursor(), limit=paging.limit)
        calls = [row.call_id for row in page.rows if row.call_id]
        recorded = await Recordings(session).exist_for(calls) if calls else set()
    view = View(backend.zone, principal.sees_clear)
    return TicketPage(
        tickets=[TicketAnswer.of(row, view, recorded=row.call_id in recorded) for row in page.rows],
        after=page.after,
    )


@router.get("/{ticket_id}", summary="One ticket", responses=failures(404, 422))
async def get_ticket(
    ticket_id: TicketId,
    request: Request,
    principal: Reader,
    backend: BackendHere,
    unmask: Annotated[
        Reason | None, Query(description="Why the number is needed: shows it, and is audited")
    ] = None,
) -> TicketAnswer:
    """The caller's number is masked unless `unmask` gives a reason."""
    if unmask is not None:
        await refuse_without(request, principal, Permission.PERSONAL_UNMASK)
        return await _unmasked(ticket_id, unmask, principal, backend)
    async with backend.database.session() as session:
        row = await Tickets(session).get(ticket_id)
        recorded = await _is_recorded(session, row)
    return TicketAnswer.of(row, View(backend.zone, principal.sees_clear), recorded=recorded)


@router.post(
    "/{ticket_id}/unmask", summary="One ticket in clear", responses=failures(404, 413, 422)
)
async def unmask_one(
    ticket_id: TicketId, given: UnmaskInput, principal: Unmasker, backend: BackendHere
) -> TicketAnswer:
    """For whoever handles the request and has to ring back. Who, when and why is audited."""
    return await _unmasked(ticket_id, given.reason, principal, backend)


@router.get(
    "/{ticket_id}/history", summary="What happened to a ticket", responses=failures(404, 422)
)
async def history(ticket_id: TicketId, principal: Reader, backend: BackendHere) -> TicketHistory:
    """Oldest first, with the proof that nothing was changed: each hash covers the one before."""
    async with backend.database.session() as session:
        ticket = await Tickets(session).get(ticket_id)
        rows = await TicketEvents(session).of_ticket(ticket_id)
    view = View(backend.zone, principal.sees_clear)
    broken = first_broken(ticket, rows)
    return TicketHistory(
        events=[TicketEventAnswer.of(row, view) for row in rows],
        intact=broken is None,
        broken_at=broken,
        head=ticket.head,
    )


@router.patch(
    "/{ticket_id}",
    summary="Change a ticket",
    responses={
        **failures(404, 413, 422),
        409: {"model": TicketConflict, "description": "Somebody else was faster, or wrong status"},
    },
)
async def change(
    ticket_id: TicketId, given: TicketPatch, principal: Editor, backend: BackendHere
) -> TicketAnswer:
    """`version` is the one you had before you; if it is not the present one, 409 tells the rest."""
    async with backend.database.transaction() as session:
        row = await edit_ticket(
            session, ticket_id, given.as_edit(), actor=principal.actor, now=backend.clock()
        )
        recorded = await _is_recorded(session, row)
    return TicketAnswer.of(row, View(backend.zone, principal.sees_clear), recorded=recorded)


async def _unmasked(
    ticket_id: str, reason: str, principal: Principal, backend: BackendHere
) -> TicketAnswer:
    async with backend.database.transaction() as session:
        row = await unmask_ticket(
            session, ticket_id, reason=reason, actor=principal.actor, now=backend.clock()
        )
        recorded = await _is_recorded(session, row)
    return TicketAnswer.of(row, View(backend.zone, clear=True), recorded=recorded)


async def _is_recorded(session: AsyncSession, row: TicketRow) -> bool:
    return row.call_id is not None and bool(await Recordings(session).exist_for([row.call_id]))
