"""The `suspension` table: a number that may not occupy the telephone for a while."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class SuspensionRow(Table):
    """`evidence` lists the calls it rests on. `ends_at` stays empty when it was not granted.

    Its status follows from these columns and the time (`domain.callers.suspension`).
    """

    __tablename__ = "suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(String(40), index=True)
    city: Mapped[str] = mapped_column(String(32))
    rules_version: Mapped[str] = mapped_column(String(64))
    article: Mapped[str] = mapped_column(String(64))
    conduct: Mapped[str] = mapped_column(String(16))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    evidence: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(400))
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(String(400), default="")
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    notice: Mapped[str] = mapped_column(String(1000), default="")
    lifted_by: Mapped[str | None] = mapped_column(String(120))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_reason: Mapped[str] = mapped_column(String(400), default="")
    appeal: Mapped[str] = mapped_column(String(2000), default="")
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal_decided_by: Mapped[str | None] = mapped_column(String(120))
    appeal_decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal_reason: Mapped[str] = mapped_column(String(400), default="")
