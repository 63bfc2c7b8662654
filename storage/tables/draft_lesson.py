"""The `draft_lesson` table: what agents' corrections taught, one row each time it was learnt."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class DraftLessonRow(Table):
    """The newest row that is not withdrawn is in force.

    `figures`: field → {requests, before, after, adopted}; `lessons`: see `learning.lessons`.
    """

    __tablename__ = "draft_lesson"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(120))
    examples: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    lessons: Mapped[dict[str, Any]] = mapped_column(Json)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
