"""Which outside backends want the drafts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.webhooks import WebhookEndpoints
from storage.tables.webhook_endpoint import WebhookEndpointRow


class UrlTaken(Exception):
    """There is a webhook endpoint with this address."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is registered already")


@dataclass(frozen=True)
class EndpointEdit:
    """What to change; None leaves it. `url` has passed `services.webhooks.check_url`."""

    url: str | None = None
    secret: str | None = None
    enabled: bool | None = None


async def register_endpoint(
    session: AsyncSession, url: str, secret: str, *, enabled: bool, actor: Actor, now: datetime
) -> WebhookEndpointRow:
    """Raises `UrlTaken`."""
    endpoints = WebhookEndpoints(session)
    if await endpoints.of_url(url) is not None:
        raise UrlTaken(url)
    row = WebhookEndpointRow(
        url=url, secret=secret, enabled=enabled, created_at=now, created_by=actor.name
    )
    endpoints.add(row)
    try:
        await session.flush()
    except IntegrityError:  # another administrator was faster
        raise UrlTaken(url) from None
    write_down(
        session, actor, Deed("webhook.create", "webhook", str(row.id), detail={"url": url}), now=now
    )
    return row


async def edit_endpoint(
    session: AsyncSession, endpoint_id: int, edit: EndpointEdit, *, actor: Actor, now: datetime
) -> WebhookEndpointRow:
    """Raises `EndpointNotFound` or `UrlTaken`. Drafts already planned go to the new address."""
    endpoints = WebhookEndpoints(session)
    row = await endpoints.get(endpoint_id)
    changed: dict[str, object] = {}
    if edit.url is not None and edit.url != row.url:
        if await endpoints.of_url(edit.url) is not None:
            raise UrlTaken(edit.url)
        changed["url"] = {"before": row.url, "after": edit.url}
        row.url = edit.url
    if edit.secret is not None:
        row.secret = edit.secret
        changed["secret_was_changed"] = True
    if edit.enabled is not None:
        row.enabled = edit.enabled
        changed["enabled"] = edit.enabled
    deed = Deed("webhook.edit", "webhook", str(endpoint_id), detail=changed)
    write_down(session, actor, deed, now=now)
    return row
