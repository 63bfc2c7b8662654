"""The `ticket_event` table: who did what to a ticket. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class TicketEventRow(Table):
    """`version` is the ticket's version after the event; `detail` depends on `what`.

    `number` counts the ticket's entries from 1. `hash` covers the entry and `previous_hash`, the
    hash of the entry before it (`domain.tickets.chain`). `at` is when it happened, `recorded_at`
    when it was written down: a limit that ended while nothing ran is told later.

    `what` = edited: `detail` is {"changes": {column: [before, after]}}. Entries of the city's
    rules have a `rules_version` and the `calendar` (edition of the working-day table) they were
    counted by; their `detail` is {by, article, reason} and, for what somebody did, `fields`.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index("ix_ticket_event_ticket_id_version", "ticket_id", "version"),
        UniqueConstraint("ticket_id", "number"),
    )

    # SQLite counts rows by itself only in a column declared INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int]
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    rules_version: Mapped[str | None] = mapped_column(String(64))
    calendar: Mapped[int | None]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
