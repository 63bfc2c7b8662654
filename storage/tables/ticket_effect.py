"""The `ticket_effect` table: what has to happen outside a ticket, and whether it has."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class TicketEffectRow(Table):
    """Written with the entry of the history that asks for it; see `domain…ticket.Effect`.

    `done_at` is None until whoever carries effects out says so.
    """

    __tablename__ = "ticket_effect"
    __table_args__ = (
        Index("ix_ticket_effect_kind_id", "kind", "id"),
        Index("ix_ticket_effect_city_kind", "city", "kind"),
    )

    # SQLite counts rows by itself only in a column declared INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    city: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(32))
    to: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(400))
    article: Mapped[str] = mapped_column(String(64))
    about: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(String(120), default="")
