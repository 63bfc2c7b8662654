"""/audit: for auditors, who see who did what, but not the thing itself."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.paging import Paging
from api.schemas.audit import AuditEntry, AuditPage
from api.schemas.failure import failures
from api.schemas.shapes import ShortText
from domain.accounts.permissions import Permission
from storage.repositories.audit import AuditFilter, AuditTrail

router = APIRouter(
    prefix="/audit", tags=["audit"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Auditor = Annotated[Principal, Depends(Require(Permission.AUDIT_READ))]


async def wanted_entries(
    actor: ShortText | None = None,
    action: ShortText | None = None,
    object_kind: ShortText | None = None,
    object_id: ShortText | None = None,
    at_from: AwareDatetime | None = None,
    at_before: AwareDatetime | None = None,
) -> AuditFilter:
    return AuditFilter(actor, action, object_kind, object_id, at_from, at_before)


@router.get("", summary="Read the audit trail", responses=failures(422))
async def read_trail(
    _principal: Auditor,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[AuditFilter, Depends(wanted_entries)],
) -> AuditPage:
    """Newest first."""
    async with backend.database.session() as session:
        page = await AuditTrail(session).page(wanted, after=paging.cursor(), limit=paging.limit)
    entries = [AuditEntry.of(row, backend.zone) for row in page.rows]
    return AuditPage(entries=entries, after=page.after)
