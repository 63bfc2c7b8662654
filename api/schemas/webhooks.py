"""Webhook endpoints and deliveries as they are sent and received."""

from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.schemas.shapes import Input, Output, example, input_example, local, local_or_none
from services.webhooks import check_url
from storage.tables.webhook_delivery import WebhookDeliveryRow
from storage.tables.webhook_endpoint import WebhookEndpointRow

Url = Annotated[str, Field(max_length=500), AfterValidator(check_url)]
Secret = Annotated[str, Field(min_length=16, max_length=200, pattern=r"^[\x21-\x7e]+$")]
EXAMPLE_ENDPOINT: dict[str, Any] = {
    "id": 1,
    "url": "https://backend.example/drafts",
    "enabled": True,
    "created_at": "2026-11-22T09:00:00+08:00",
    "created_by": "account:admin",
}
EXAMPLE_DELIVERY: dict[str, Any] = {
    "key": "draft-261122557010-1",
    "ticket_id": "261122557010",
    "attempts": 2,
    "created_at": "2026-11-22T15:29:41+08:00",
    "accepted_at": "2026-11-22T15:29:47+08:00",
    "last_status": 200,
    "last_error": "",
    "next_try_at": None,
}


class EndpointInput(Input):
    """http and https; loopback and private addresses are allowed, link-local ones are not.

    Without `secret` one is made up and shown once.
    """

    model_config = input_example(url="https://backend.example/drafts")

    url: Url
    secret: Secret | None = None
    enabled: bool = True


class EndpointPatch(Input):
    model_config = input_example(enabled=False)

    url: Url | None = None
    secret: Secret | None = None
    enabled: bool | None = None


class EndpointAnswer(Output):
    model_config = example(**EXAMPLE_ENDPOINT)

    id: int
    url: str
    enabled: bool
    created_at: datetime
    created_by: str

    @classmethod
    def of(cls, row: WebhookEndpointRow, zone: tzinfo) -> "EndpointAnswer":
        return cls.model_validate(endpoint_values(row, zone))


def endpoint_values(row: WebhookEndpointRow, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": row.url,
        "enabled": row.enabled,
        "created_at": local(row.created_at, zone),
        "created_by": row.created_by,
    }


class EndpointWithSecret(EndpointAnswer):
    """The secret is shown here and never again."""

    model_config = example(**EXAMPLE_ENDPOINT, secret="whs_…")  # noqa: S106

    secret: str | None = Field(description="null if it was given in the request")


class EndpointList(Output):
    model_config = example(endpoints=[EXAMPLE_ENDPOINT])

    endpoints: list[EndpointAnswer]


class DeliveryAnswer(Output):
    model_config = example(**EXAMPLE_DELIVERY)

    key: str = Field(description="The receiver sees it as the header Idempotency-Key")
    ticket_id: str
    attempts: int
    created_at: datetime
    accepted_at: datetime | None
    last_status: int | None
    last_error: str
    next_try_at: datetime | None

    @classmethod
    def of(cls, row: WebhookDeliveryRow, zone: tzinfo) -> "DeliveryAnswer":
        return cls(
            key=row.key,
            ticket_id=row.ticket_id,
            attempts=row.attempts,
            created_at=local(row.created_at, zone),
            accepted_at=local_or_none(row.accepted_at, zone),
            last_status=row.last_status,
            last_error=row.last_error,
            next_try_at=local_or_none(row.next_try_at, zone),
        )


class DeliveryList(Output):
    """Newest first, at most 200."""

    model_config = example(deliveries=[EXAMPLE_DELIVERY])

    deliveries: list[DeliveryAnswer]
