"""The `call_event` table: the journal of a call as applied to the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class CallEventRow(Table):
    """(`call_id`, `seq`) is the idempotence key: a replayed journal line is applied once."""

    __tablename__ = "call_event"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
