"""/wallboard: figures of a period, and what is going on now."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.seats import ordered
from api.schemas.failure import failures
from api.schemas.wallboard import Wallboard, board_of
from domain.accounts.permissions import Permission
from services.wallboard import figures

router = APIRouter(
    prefix="/wallboard", tags=["seats"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Watcher = Annotated[Principal, Depends(Require(Permission.LIVE_WATCH))]


@router.get("", summary="Answer shares, waiting callers, seats by state", responses=failures(422))
async def wallboard(
    principal: Watcher,
    backend: BackendHere,
    hours: Annotated[int, Query(ge=1, le=24 * 31, description="How far back")] = 24,
) -> Wallboard:
    """Exact at any moment, also after restarts: counted from the events of each call."""
    now = backend.clock()
    async with backend.database.session() as session:
        found = await figures(session, now - timedelta(hours=hours), now)
    live = await ordered(backend, principal, "seats")
    return board_of(found, live)
