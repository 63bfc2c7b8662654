"""The `floor_policy` table: what supervisors set for all queues. One row, number 1."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class FloorPolicyRow(Table):
    """`policy` is `domain.queueing.policy.Policy` as JSON."""

    __tablename__ = "floor_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(120))
