"""/calls: call records, transcripts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
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
from services.masked_recordings import hidden_stretches, masked_copy
from services.transcripts import transcript
from storage.repositories.calls import CallFilter, Calls, Recordings
from storage.repositories.tickets import Tickets

router = APIRouter(
    prefix="/calls", tags=["calls"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.CALL_READ))]


def wanted_calls(
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
    principal: Reader,
    backend: BackendHere,
    unmask: Annotated[
        Reason | None, Query(description="Why the number is needed: shows it, and is audited")
    ] = None,
) -> CallWithWords:
    """Both sides in the order in which they spoke; where the recording is; what it became."""
    if unmask is not None:
        refuse_without(principal, Permission.PERSONAL_UNMASK)
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


SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The whole recording"},
    206: {"content": {"audio/wav": {}}, "description": "The range asked for"},
    304: {"description": "You have it already"},
}


@router.head("/{call_id}/recording", include_in_schema=False)
@router.get(
    "/{call_id}/recording",
    summary="Listen to a call",
    response_class=FileResponse,
    responses={**SOUND, **failures(404, 416, 422)},
)
async def listen(
    call_id: CallId,
    request: Request,
    principal: Listener,
    backend: BackendHere,
    unmask: Annotated[
        Reason | None, Query(description="Why private words must be heard: audited")
    ] = None,
) -> Response:
    """A tone lies over private words (numbers, names, plates) unless `unmask` gives a reason.

    Range requests are answered in part, so that a player can jump. Listening is audited.
    """
    if unmask is not None:
        refuse_without(principal, Permission.PERSONAL_UNMASK)
    clear = principal.sees_clear or unmask is not None
    async with backend.database.session() as session:
        row = await Recordings(session).of_call(call_id)
        hidden = {} if clear else await hidden_stretches(session, call_id)
    if row is None:
        raise RecordingNotFound(call_id)
    file = _inside(backend.recordings_dir, row.path)
    if file is None or not file.is_file():
        raise RecordingNotFound(call_id)
    file, fingerprint = await masked_copy(backend.recordings_dir, row, hidden)
    etag = f'"{fingerprint}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": etag})
    if request.method == "GET" and _from_start(request):
        async with backend.database.transaction() as session:
            action = "recording.listen" if unmask is None else "recording.unmask"
            deed = Deed(action, "call", call_id, unmask or "", {"masked": bool(hidden)})
            write_down(session, principal.actor, deed, now=backend.clock())
    return FileResponse(file, media_type="audio/wav", headers={"ETag": etag})


def _from_start(request: Request) -> bool:
    # A player asks for one recording in many ranges; the first one tells that he listens.
    wanted = request.headers.get("range", "bytes=0-")
    return wanted.startswith("bytes=0-") or "," in wanted


def _inside(folder: Path, path: str) -> Path | None:
    """The file, if it really lies in the folder."""
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) else None
