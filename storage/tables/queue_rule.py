"""The `queue_rule` table: how each queue is served, set by a supervisor at run time."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class QueueRuleRow(Table):
    """`rule` is `domain.queueing.rules.QueueRule` as JSON."""

    __tablename__ = "queue_rule"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(120))
