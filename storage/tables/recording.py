"""The `recording` table: the kept sound of a call."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class RecordingRow(Table):
    """`path` is relative to the recordings folder; `channels` names each channel in order."""

    __tablename__ = "recording"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    length_s: Mapped[float]
    channels: Mapped[list[str]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
