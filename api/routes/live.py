"""WebSocket /live: calls and words as they happen."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, WebSocket
from fastapi.responses import JSONResponse

from api.auth import Principal, is_own_origin, principal_of, refuse_without
from api.errors import ForgedRequest, NotAllowed, NotSignedIn, PasswordMustChange
from api.live import SIGNED_OUT, LiveHub, Watcher
from api.schemas.failure import Failure
from domain.accounts.permissions import Permission

router = APIRouter()
# How long a revoked session or token may go on watching.
CHECKED_EVERY = timedelta(seconds=30)


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Call and transcript events as JSON texts.

    Signed in by the session's cookie (then the Origin must be ours) or by a token in the
    Authorization header. A text ``{"calls": ["…"], "seats": ["1001"]}`` from the watcher narrows
    what follows to these and to what concerns everybody; ``{"all": true}`` widens it again; an
    event ``watching`` repeats what now holds. What is neither is answered by an event ``refused``
    and changes nothing. Close codes: 4008 did not keep up, 4401 the session or token ended,
    1001 the service stops.
    """
    try:
        principal = await _watching(socket)
    except (NotSignedIn, NotAllowed, ForgedRequest, PasswordMustChange) as failure:
        status = 401 if isinstance(failure, NotSignedIn) else 403
        body = Failure(error=type(failure).__name__, message=str(failure), message_zh="无权查看")
        await socket.send_denial_response(JSONResponse(body.model_dump(), status))
        return
    await socket.accept()
    watcher = Watcher(clear=principal.sees_clear)
    checking = asyncio.ensure_future(_end_with_session(socket, watcher))
    hub: LiveHub = socket.app.state.live
    try:
        await hub.serve(socket, watcher)
    finally:
        checking.cancel()
        await asyncio.gather(checking, return_exceptions=True)


async def _watching(socket: WebSocket) -> Principal:
    principal = await principal_of(socket)
    if principal.session_id is not None and not is_own_origin(socket):
        raise ForgedRequest
    if principal.must_change_password:
        raise PasswordMustChange
    await refuse_without(socket, principal, Permission.LIVE_WATCH)
    return principal


async def _end_with_session(socket: WebSocket, watcher: Watcher) -> None:
    checked_every: timedelta = socket.app.state.live_checked_every
    while True:
        await asyncio.sleep(checked_every.total_seconds())
        try:
            await _watching(socket)
        except (NotSignedIn, NotAllowed):
            watcher.let_go(SIGNED_OUT)
            return
