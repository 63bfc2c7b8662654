"""The `seat_event` table: every change of a seat's state, as journalled by the engine."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class SeatEventRow(Table):
    """`seq` is the journal's number of the change: a replayed line is applied once.

    `lasted_s`: how long the state `before` held. `login`: device and profile, at a login only.
    """

    __tablename__ = "seat_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seat: Mapped[str] = mapped_column(String(32), index=True)
    agent: Mapped[str] = mapped_column(String(64), index=True)
    event: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(32))
    after: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(64), default="")
    call_id: Mapped[str] = mapped_column(String(80), default="")
    lasted_s: Mapped[float] = mapped_column(default=0.0)
    login: Mapped[dict[str, Any] | None] = mapped_column(Json)
