"""The `priority_caller` table: numbers registered to go before others, such as the elderly's."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class PriorityCallerRow(Table):
    __tablename__ = "priority_caller"

    caller: Mapped[str] = mapped_column(String(32), primary_key=True)
    note: Mapped[str] = mapped_column(String(400), default="")
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(120))
