"""The `listening` table: who heard what of which recording. Rows are only ever added."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class ListeningRow(Table):
    """`kind` is whole, redacted, download or played (what the player says it really played).

    `from_s` to `to_s`: the part of the recording that was sent or played, in seconds.
    """

    __tablename__ = "listening"
    __table_args__ = (
        Index("ix_listening_at_id", "at", "id"),
        Index("ix_listening_call_id_at", "call_id", "at"),
        Index("ix_listening_actor_at", "actor", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(64), default="")
    call_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    from_s: Mapped[float]
    to_s: Mapped[float]
