"""/webhooks: outside backends that want every draft. Headers: see services/webhooks.py."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.failure import failures
from api.schemas.shapes import RowId
from api.schemas.webhooks import (
    DeliveryAnswer,
    DeliveryList,
    EndpointAnswer,
    EndpointInput,
    EndpointList,
    EndpointPatch,
    EndpointWithSecret,
    endpoint_values,
)
from domain.accounts.permissions import Permission
from services.webhook_endpoints import EndpointEdit, edit_endpoint, register_endpoint
from storage.repositories.page import MAX_PAGE
from storage.repositories.webhooks import WebhookDeliveries, WebhookEndpoints

router = APIRouter(
    prefix="/webhooks",
    tags=["webhooks"],
    dependencies=SCHEMES,
    responses=failures(401, 403, 503),
)
Administrator = Annotated[Principal, Depends(Require(Permission.WEBHOOK_ADMIN))]


@router.get("", summary="List webhook endpoints")
async def list_endpoints(_principal: Administrator, backend: BackendHere) -> EndpointList:
    """In the order of registration."""
    async with backend.database.session() as session:
        rows = await WebhookEndpoints(session).every()
    return EndpointList(endpoints=[EndpointAnswer.of(row, backend.zone) for row in rows])


@router.post(
    "", status_code=201, summary="Register a webhook endpoint", responses=failures(409, 413, 422)
)
async def register(
    given: EndpointInput, principal: Administrator, backend: BackendHere
) -> EndpointWithSecret:
    """Every draft made from now on is sent there, signed, until it is accepted with 2xx."""
    secret = given.secret or f"whs_{secrets.token_urlsafe(32)}"
    async with backend.database.transaction() as session:
        row = await register_endpoint(
            session,
            given.url,
            secret,
            enabled=given.enabled,
            actor=principal.actor,
            now=backend.clock(),
        )
    shown = None if given.secret else secret
    return EndpointWithSecret(**endpoint_values(row, backend.zone), secret=shown)


@router.patch(
    "/{endpoint_id}", summary="Change a webhook endpoint", responses=failures(404, 409, 413, 422)
)
async def change(
    endpoint_id: RowId, given: EndpointPatch, principal: Administrator, backend: BackendHere
) -> EndpointAnswer:
    """Drafts that still wait are sent to the new address; switched off, they wait on."""
    edit = EndpointEdit(given.url, given.secret, given.enabled)
    async with backend.database.transaction() as session:
        row = await edit_endpoint(
            session, endpoint_id, edit, actor=principal.actor, now=backend.clock()
        )
    return EndpointAnswer.of(row, backend.zone)


@router.get(
    "/{endpoint_id}/deliveries", summary="What became of the drafts", responses=failures(404, 422)
)
async def deliveries(
    endpoint_id: RowId, _principal: Administrator, backend: BackendHere
) -> DeliveryList:
    """Newest first, at most 200."""
    async with backend.database.session() as session:
        await WebhookEndpoints(session).get(endpoint_id)
        rows = await WebhookDeliveries(session).of_endpoint(endpoint_id, limit=MAX_PAGE)
    return DeliveryList(deliveries=[DeliveryAnswer.of(row, backend.zone) for row in rows])
