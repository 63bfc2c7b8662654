"""The `recording_link` and `recording_day` tables: what was kept when, in a chain of hashes.

Rows are only ever added to `recording_link`, also when the recording itself goes by rule.
"""

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table


class RecordingLinkRow(Table):
    """`link` is sha-256 over the link before and this recording (`services.chain`)."""

    __tablename__ = "recording_link"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    call_id: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    link: Mapped[str] = mapped_column(String(64))


class RecordingDayRow(Table):
    """The end of a day's chain: how many links, the last of them, signed with the ring's key."""

    __tablename__ = "recording_day"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    links: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
