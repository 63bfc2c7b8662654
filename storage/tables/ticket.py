"""The `ticket` table: a citizen's request, as it stands now. Its history is `ticket_event`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tickets.status import TicketStatus
from storage.tables.base import Json, Table, UtcDateTime


class TicketRow(Table):
    """`id` has twelve digits; a call's own draft bears its `ticket_number`: never two of them.

    `version` grows by one with each change, for optimistic locking.

    `entries` counts its history, `head` is the hash of the last entry: a history that lost its
    end shows.

    `fields`: name → {value, confidence 0–1, spans: [{side, start_s, end_s, words}], rule}.
    `caller_text`, `agent_text`: the words as recognised, no spaces.
    `request_key`, `request_digest`: the idempotency key of the request that made it, if any.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_created_at_id", "created_at", "id"),
        Index("ix_ticket_status_created_at", "status", "created_at", "id"),
        Index("ix_ticket_caller_created_at", "caller", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    status: Mapped[TicketStatus] = mapped_column(
        Enum(
            TicketStatus,
            native_enum=False,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
        )
    )
    city: Mapped[str] = mapped_column(String(32))
    category: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    caller: Mapped[str] = mapped_column(String(64), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    caller_text: Mapped[str] = mapped_column(Text, default="")
    agent_text: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    request_digest: Mapped[str | None] = mapped_column(String(64))
    entries: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
