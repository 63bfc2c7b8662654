"""The `utterance` table: what was said, by whom, when, according to the recognizer."""

from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table


class UtteranceRow(Table):
    """`side` is caller or agent; `source` live or file; times in seconds since answering.

    `words` is a list of {word, start_s, end_s, confidence}, as recognised.
    """

    __tablename__ = "utterance"
    __table_args__ = (UniqueConstraint("call_id", "side", "source", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    side: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int]
    start_s: Mapped[float]
    end_s: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
