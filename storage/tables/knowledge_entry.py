"""The `knowledge_entry` table: what agents answer from."""

from datetime import date, datetime

from sqlalchemy import Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class KnowledgeEntryRow(Table):
    """`key` names an entry over imports; `city` "" is for every city; `topic`: path by "/".

    `kind`, `stage`: as in `domain.knowledge.entry`; `content`: element of the city's text → text.
    `source_changed_at`: when the matter itself changed, or a fault in the entry was reported.
    `public_at`: when a policy is published; `special`: it could not be told of before.
    """

    __tablename__ = "knowledge_entry"
    __table_args__ = (UniqueConstraint("city", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str] = mapped_column(String(400), default="")
    topic: Mapped[str] = mapped_column(String(120), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    valid_until: Mapped[date | None] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16), default="matter")
    stage: Mapped[str] = mapped_column(String(16), default="collected")
    staged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    staged_by: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    needs_papers: Mapped[bool] = mapped_column(default=False)
    source_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    public_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    special: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120))
