"""The `unmasking` table: who may hear and read one call in clear, until when, and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class UnmaskingRow(Table):
    """Never changed: it ends by itself at `until`."""

    __tablename__ = "unmasking"
    __table_args__ = (Index("ix_unmasking_call_id_actor_until", "call_id", "actor", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    actor: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
