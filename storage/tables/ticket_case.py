"""The `ticket_case` table: where a ticket stands under its city, derived from its history."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class TicketCaseRow(Table):
    """Written in the transaction of the entry that changes it; a replay gives the same row.

    `settings`: the city's own choices when the ticket was registered ({} or {handle_limit,
    provincial_default}). `calendar`: the edition of the working-day table its limits are counted
    by. `advanced_to`: the moment until which time has passed for it; `next_at`: when time will do
    something next, None if nothing runs. `snapshot`: `domain.tickets.lifecycle.ticket.Ticket`
    without its history.
    """

    __tablename__ = "ticket_case"
    __table_args__ = (
        Index("ix_ticket_case_state_unit", "state", "unit"),
        Index("ix_ticket_case_registered_at", "registered_at", "ticket_id"),
        Index("ix_ticket_case_city_registered_at", "city", "registered_at"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    city: Mapped[str] = mapped_column(String(32))
    rules_version: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    calendar: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(32))
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    advanced_to: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
