"""/calls: call records, transcripts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require, refuse_without
from api.paging import Paging
from api.schemas.calls import (
    CallAnswer,
    CallPage,
    CallWithWords,
    RecordingAnswer,
    UtteranceAnswer,
    call_values,
)
from api.schemas.failure import failures
from api.schemas.shapes import CallId, Phone, Reason, ShortText
from api.schemas.tickets import View
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.transcripts import transcript
from storage.repositories.calls import CallFilter, Calls, Recordings
from storage.repositories.tickets import Tickets

router = APIRouter(
    prefix="/calls", tags=["calls"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.CALL_READ))]


async def wanted_calls(
    caller: Annotated[Phone | None, Query(description="The whole number")] = None,
    outcome: ShortText | None = None,
    seat: ShortText | None = None,
    started_from: AwareDatetime | None = None,
    started_before: AwareDatetime | None = None,
    running: bool | None = None,
) -> CallFilter:
    return CallFilter(caller, outcome, seat, started_from, started_before, running)


@router.get("", summary="List calls", responses=failures(422))
async def list_calls(
    principal: Reader,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[CallFilter, Depends(wanted_calls)],
) -> CallPage:
    """Newest first."""
    async with backend.database.session() as session:
        page = await Calls(session).page(wanted, after=paging.cursor(), limit=paging.limit)
    view = View(backend.zone, principal.sees_clear)
    return CallPage(calls=[CallAnswer.of(row, view) for row in page.rows], after=page.after)


@router.get("/{call_id}", summary="One call with its transcript", responses=failures(404, 422))
async def get_call(
    call_id: CallId,
    request: Request,
    principal: Reader,
    backend: BackendHere,
    unmask: Annotated[
        Reason | None, Query(description="Why the number is needed: shows it, and is audited")
    ] = None,
) -> CallWithWords:
    """Both sides in the order in which they spoke; where the recording is; what it became."""
    if unmask is not None:
        await refuse_without(request, principal, Permission.PERSONAL_UNMASK)
        async with backend.database.transaction() as session:
            await Calls(session).get(call_id)
            deed = Deed("call.unmask", "call", call_id, unmask)
            write_down(session, principal.actor, deed, now=backend.clock())
    view = View(backend.zone, clear=principal.sees_clear or unmask is not None)
    async with backend.database.session() as session:
        row = await Calls(session).get(call_id)
        words = await transcript(session, call_id)
        recording = await Recordings(session).of_call(call_id)
        tickets = await Tickets(session).of_call(call_id)
    return CallWithWords(
        **call_values(row, view),
        transcript=[UtteranceAnswer.of(utterance, view) for utterance in words],
        recording=None if recording is None else RecordingAnswer.of(recording),
        tickets=[ticket.id for ticket in tickets],
    )
