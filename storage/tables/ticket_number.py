"""The `ticket_number` table: how many numbers of a day went to tickets that had no call."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table


class TicketNumberRow(Table):
    """`day` is YYMMDD in the city's time zone; `issued` grows by one per ticket."""

    __tablename__ = "ticket_number"

    day: Mapped[str] = mapped_column(String(6), primary_key=True)
    issued: Mapped[int]
