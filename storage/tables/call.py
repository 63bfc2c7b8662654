"""The `call` table: one row per call that reached us, whatever became of it."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class CallRow(Table):
    """`id` is the switch's unique id; seconds (`…_s`) count from `answered_at`.

    `outcome` is None while the call runs. `live_complete` says that live recognition missed
    nothing; `recovered` that the row was rebuilt after a crash.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_started_at_id", "started_at", "id"),
        Index("ix_call_caller_started_at", "caller", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    caller: Mapped[str] = mapped_column(String(64))
    dialled: Mapped[str] = mapped_column(String(64))
    ticket_number: Mapped[str] = mapped_column(String(12), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str | None] = mapped_column(String(32), index=True)
    seat: Mapped[str | None] = mapped_column(String(64), index=True)
    talked_from_s: Mapped[float | None]
    talked_to_s: Mapped[float | None]
    flow: Mapped[str | None] = mapped_column(String(64))
    flow_version: Mapped[int | None]
    path: Mapped[list[str]] = mapped_column(Json, default=list)
    live_complete: Mapped[bool] = mapped_column(default=False)
    recovered: Mapped[bool] = mapped_column(default=False)
