"""The `agent_profile` table: what an agent can serve, set by a supervisor."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class AgentProfileRow(Table):
    """`profile` is `domain.queueing.seats.Profile` as JSON; `account`: the account's name."""

    __tablename__ = "agent_profile"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    profile: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(120))
