"""/wallboard: figures of a period, and what is going on now."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.seats import ordered
from api.schemas.failure import failures
from api.schemas.wallboard import Counted, Wallboard, board_of
from domain.accounts.permissions import Permission
from services.wallboard import figures
from storage.repositories.floor import CallBacks

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
    local = now.astimezone(backend.zone)
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    async with backend.database.session() as session:
        owed = await CallBacks(session).listed(("waiting", "dialling"), limit=10_000)
        counted = Counted(
            await figures(session, now - timedelta(hours=hours), now),
            await figures(session, now - timedelta(days=1), now),
            await figures(session, month, now),
            len(owed),
            sum(row.until < now for row in owed),
        )
    live = await ordered(backend, principal, "seats")
    return board_of(counted, live)
