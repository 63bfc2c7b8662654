"""The `flow_switch` table: what the duty officer turns on and off, such as bad weather."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class FlowSwitchRow(Table):
    __tablename__ = "flow_switch"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    on: Mapped[bool]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(120))
