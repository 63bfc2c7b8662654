"""The `case_unit` table: which units a ticket concerns, so that each finds its own."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table


class CaseUnitRow(Table):
    """Derived from the case with each event: the lead unit, those that assist, the district's."""

    __tablename__ = "case_unit"
    __table_args__ = (Index("ix_case_unit_unit_ticket_id", "unit", "ticket_id"),)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200), primary_key=True)
