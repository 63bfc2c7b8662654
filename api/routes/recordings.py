"""/calls/{id}/recording and what belongs to hearing: waveform, what was played, who listened."""

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require, refuse_without
from api.backend import Backend
from api.errors import RecordingNotFound
from api.paging import Paging
from api.schemas.failure import failures
from api.schemas.recordings import ListeningAnswer, ListeningPage, Peaks, Played
from api.schemas.shapes import CallId, Reason, ShortText
from api.sound import SoundResponse, Wanted, wanted_range
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.downloads import MarkedSound, download_code
from services.listening import DOWNLOAD, PLAYED, REDACTED, WHOLE, Stretch, write_listening
from services.masked_recordings import MaskedSound, Stretches, fingerprint, hidden_stretches
from services.recordings import peaks_of
from services.stereo import HEADER_BYTES, RATE
from services.unmasking import unmasked_until
from storage.repositories.calls import Recordings
from storage.repositories.keeping import ListeningFilter, Listenings
from storage.tables.recording import Keeping, RecordingRow
from storage.vault.sealing import Opener, SoundDamaged
from storage.vault.shelf import SoundMissing

router = APIRouter(tags=["recordings"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Listener = Annotated[Principal, Depends(Require(Permission.RECORDING_LISTEN))]
Downloader = Annotated[Principal, Depends(Require(Permission.RECORDING_DOWNLOAD))]
Auditor = Annotated[Principal, Depends(Require(Permission.AUDIT_READ))]

SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The whole recording"},
    206: {"content": {"audio/wav": {}}, "description": "The range asked for"},
    304: {"description": "You have it already"},
}
FRAME_BYTES = 4  # two voices, 16 bit


@router.head("/calls/{call_id}/recording", include_in_schema=False)
@router.get(
    "/calls/{call_id}/recording",
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

    Range requests are answered in part, so that a player can jump. Listening is logged.
    """
    if unmask is not None:
        await refuse_without(request, principal, Permission.PERSONAL_UNMASK)
    row = await kept(backend, call_id)
    hidden = await _hidden(backend, call_id, principal, clear=unmask is not None)
    etag = f'"{fingerprint(row, hidden)}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": etag})
    opened = await opened_recording(backend, row)
    wanted = wanted_range(request, opened.plain_bytes, etag)
    if wanted is None:
        return _outside(opened.plain_bytes)
    if request.method == "GET" and wanted.start == 0:
        # A player asks for one recording in many ranges; the first one tells that he listens.
        async with backend.database.transaction() as session:
            action = "recording.listen" if unmask is None else "recording.unmask"
            deed = Deed(action, "call", call_id, unmask or "", {"masked": bool(hidden)})
            write_down(session, principal.actor, deed, now=backend.clock())

    async def told(start: int, end: int) -> None:
        kind = REDACTED if hidden else WHOLE
        stretch = Stretch(call_id, kind, _second(start), _second(end))
        await write_listening(backend.database, principal.actor, stretch, now=backend.clock())

    answer = SoundResponse(MaskedSound(opened, hidden), wanted, told)
    answer.headers["ETag"] = etag
    return answer


@router.get(
    "/calls/{call_id}/recording/download",
    summary="Download a recording",
    response_class=FileResponse,
    responses={200: SOUND[200], **failures(404, 422)},
)
async def download(
    call_id: CallId, principal: Downloader, backend: BackendHere, why: Reason
) -> Response:
    """With an inaudible mark that tells whose download it was; private words as you hear them.

    Audited, and in the listening log.
    """
    row, now = await kept(backend, call_id), backend.clock()
    hidden = await _hidden(backend, call_id, principal)
    opened = await opened_recording(backend, row)
    actor = principal.actor
    async with backend.database.transaction() as session:
        write_down(session, actor, Deed("recording.download", "call", call_id, why), now=now)

    async def told(start: int, end: int) -> None:
        stretch = Stretch(call_id, DOWNLOAD, _second(start), _second(end))
        await write_listening(backend.database, actor, stretch, now=now)

    sound = MarkedSound(MaskedSound(opened, hidden), download_code(actor.name, call_id, now))
    whole = Wanted(0, opened.plain_bytes, partial=False)
    return SoundResponse(sound, whole, told, name=f"{call_id}.wav")


async def _hidden(
    backend: Backend, call_id: str, principal: Principal, *, clear: bool = False
) -> dict[int, Stretches]:
    """What this person must not hear of it now."""
    async with backend.database.session() as session:
        until = await unmasked_until(session, call_id, principal.actor, now=backend.clock())
        if clear or principal.sees_clear or until is not None:
            return {}
        return await hidden_stretches(session, call_id)


@router.get(
    "/calls/{call_id}/recording/peaks", summary="See a call's sound", responses=failures(404, 422)
)
async def peaks(call_id: CallId, _principal: Listener, backend: BackendHere) -> Peaks:
    """The loudest sample of each stretch, for both voices: a waveform before any sound is sent."""
    row = await kept(backend, call_id)
    opened = await opened_sound(backend, peaks_of(row.path), call_id)
    content = await asyncio.to_thread(lambda: b"".join(opened.pieces(0, opened.plain_bytes)))
    return Peaks.model_validate({**json.loads(content), "length_s": row.length_s})


@router.post(
    "/calls/{call_id}/recording/played",
    status_code=204,
    summary="Tell what was played",
    responses=failures(404, 422),
)
async def played(
    call_id: CallId, given: Played, principal: Listener, backend: BackendHere
) -> Response:
    """The player tells every few seconds which part it really played; that goes into the log."""
    row = await kept(backend, call_id)
    stretch = Stretch(call_id, PLAYED, given.from_s, min(given.to_s, row.length_s))
    await write_listening(backend.database, principal.actor, stretch, now=backend.clock())
    return Response(status_code=204)


async def wanted_listening(
    actor: ShortText | None = None,
    call_id: CallId | None = None,
    kind: ShortText | None = None,
    at_from: AwareDatetime | None = None,
    at_before: AwareDatetime | None = None,
) -> ListeningFilter:
    return ListeningFilter(actor, call_id, kind, at_from, at_before)


@router.get("/listening", summary="Read who listened", responses=failures(422))
async def read_listening(
    _principal: Auditor,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[ListeningFilter, Depends(wanted_listening)],
) -> ListeningPage:
    """Who heard which part of what, when and from where; newest first."""
    async with backend.database.session() as session:
        page = await Listenings(session).page(wanted, after=paging.cursor(), limit=paging.limit)
    entries = [ListeningAnswer.of(row, backend.zone) for row in page.rows]
    return ListeningPage(entries=entries, after=page.after)


async def kept(backend: Backend, call_id: str) -> RecordingRow:
    """The row of a recording that can be heard. Raises `RecordingNotFound`."""
    async with backend.database.session() as session:
        row = await Recordings(session).of_call(call_id)
    if row is None or row.keeping != Keeping.KEPT:
        raise RecordingNotFound(call_id)
    return row


async def opened_recording(backend: Backend, row: RecordingRow) -> Opener:
    """Raises `SoundDamaged` also for one cut off where a sealed piece ends."""
    opened = await opened_sound(backend, row.path, row.call_id)
    if opened.plain_bytes != row.size_bytes:
        why = f"{opened.plain_bytes} bytes instead of {row.size_bytes}"
        raise SoundDamaged(row.path, why)
    return opened


async def opened_sound(backend: Backend, name: str, call_id: str) -> Opener:
    try:
        return await asyncio.to_thread(backend.vault.open, name)
    except SoundMissing:
        raise RecordingNotFound(call_id) from None


def _outside(size: int) -> Response:
    return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})


def _second(byte: int) -> float:
    return max(byte - HEADER_BYTES, 0) / FRAME_BYTES / RATE
