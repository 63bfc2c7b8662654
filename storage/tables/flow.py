"""The `flow` table: a call flow and the draft that editors work on."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class FlowRow(Table):
    """`draft` is the graph as last saved, sound or not; `draft_version` grows with each save.

    `authors`: the actors who changed the draft since the last publication.
    """

    __tablename__ = "flow"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    draft_version: Mapped[int] = mapped_column(default=1)
    authors: Mapped[list[str]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120))
