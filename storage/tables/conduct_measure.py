"""The `conduct_measure` table: what was done about abuse of the hotline. Rows are only added."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class ConductMeasureRow(Table):
    """`conduct` and `measure` as in `domain.callers.conduct`; the call's recording is the proof."""

    __tablename__ = "conduct_measure"

    # SQLite counts rows by itself only in a column declared INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    caller: Mapped[str] = mapped_column(String(40), index=True)
    city: Mapped[str] = mapped_column(String(32))
    rules_version: Mapped[str] = mapped_column(String(64))
    article: Mapped[str] = mapped_column(String(64))
    conduct: Mapped[str] = mapped_column(String(16))
    measure: Mapped[str] = mapped_column(String(32))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    note: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120))
