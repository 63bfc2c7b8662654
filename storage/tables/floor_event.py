"""The `floor_event` table: alarms, their ends, broadcasts: what concerns the floor as a whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class FloorEventRow(Table):
    """`seq` is the journal's number: a replayed line is applied once."""

    __tablename__ = "floor_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
