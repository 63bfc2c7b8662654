"""The `recording` table: the kept sound of a call."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class Keeping(StrEnum):
    """Whether the sound is there. A deletion goes through ``going``, so that a kill is mended."""

    KEPT = "kept"
    GOING = "going"
    GONE = "gone"


class RecordingRow(Table):
    """`path` is the sound's name in the vault; `channels` names each channel in order.

    `sha256` and `size_bytes` are those of the plain wav file.
    """

    __tablename__ = "recording"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    length_s: Mapped[float]
    channels: Mapped[list[str]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    keeping: Mapped[str] = mapped_column(String(8), default=Keeping.KEPT.value)
