"""The `flow_release` table: from when which version of a flow answers. Rows are only added."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class FlowReleaseRow(Table):
    """In force is the row with the latest `effective_from` not after now, the last added of equals.

    A rollback is a further row with an older version. `withdrawn_at`: it never came into force.
    """

    __tablename__ = "flow_release"
    __table_args__ = (Index("ix_flow_release_flow_effective_from", "flow", "effective_from", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), ForeignKey("flow.name"))
    number: Mapped[int]
    effective_from: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(400), default="")
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
