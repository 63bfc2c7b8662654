"""The `flow_version` table: published flows. Rows are never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class FlowVersionRow(Table):
    """`graph` as it was drawn; `linked` with its sub-flows in place, as the engine runs it.

    `authors` drew it, `published_by` took the responsibility; `coverage` of its tests.
    """

    __tablename__ = "flow_version"
    __table_args__ = (UniqueConstraint("flow", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), ForeignKey("flow.name"))
    number: Mapped[int]
    graph: Mapped[dict[str, Any]] = mapped_column(Json)
    linked: Mapped[dict[str, Any]] = mapped_column(Json)
    authors: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(400))
    coverage: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(120))
