"""The `flow_test` table: rehearsals kept with a flow and run at every publication."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class FlowTestRow(Table):
    """`world` and `script` as `callflow.simulate` takes them; `expects` what must come out."""

    __tablename__ = "flow_test"
    __table_args__ = (UniqueConstraint("flow", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), ForeignKey("flow.name"))
    name: Mapped[str] = mapped_column(String(200))
    world: Mapped[dict[str, Any]] = mapped_column(Json)
    script: Mapped[list[Any]] = mapped_column(Json)
    expects: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[str] = mapped_column(String(120))
