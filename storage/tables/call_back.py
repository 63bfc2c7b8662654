"""The `call_back` table: citizens to be rung back, as journalled by the engine."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class CallBackRow(Table):
    """See `domain.queueing.call_backs.CallBack`. `seq`: the journal's number of its latest state.

    A line that is replayed later than a newer one changes nothing.
    """

    __tablename__ = "call_back"

    id: Mapped[str] = mapped_column(String(90), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    call_id: Mapped[str] = mapped_column(String(80), index=True)
    caller: Mapped[str] = mapped_column(String(32), index=True)
    queue: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket_number: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    leg: Mapped[str] = mapped_column(String(100), default="")
    seat: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(String(120), default="")
    result: Mapped[str] = mapped_column(String(120), default="")
