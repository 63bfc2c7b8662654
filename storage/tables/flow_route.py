"""The `flow_route` table: which flow answers a dialled number, a channel, or a test telephone."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime


class FlowRouteRow(Table):
    """An empty `dialled` or `channel` fits every one.

    With `caller` it is a test telephone, which reaches the draft; everyone else reaches the
    version in force.
    """

    __tablename__ = "flow_route"
    __table_args__ = (UniqueConstraint("dialled", "channel", "caller"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dialled: Mapped[str] = mapped_column(String(64), default="")
    channel: Mapped[str] = mapped_column(String(32), default="")
    caller: Mapped[str] = mapped_column(String(64), default="")
    flow: Mapped[str] = mapped_column(String(64), ForeignKey("flow.name"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(120))
