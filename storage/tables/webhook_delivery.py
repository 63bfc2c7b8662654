"""The `webhook_delivery` table: one draft on its way to one outside backend."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class WebhookDeliveryRow(Table):
    """`key` is the idempotency key the receiver sees, the same at every attempt.

    `body` is the JSON as first planned: the same key never carries two contents.
    """

    __tablename__ = "webhook_delivery"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"), index=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(String(400), default="")
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
