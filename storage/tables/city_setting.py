"""The `city_setting` table: what a city fixed where its text is open. Rows are only added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class CitySettingRow(Table):
    """The newest row of a city is in force. `thresholds`: 多次, 集中, 多个 in figures."""

    __tablename__ = "city_setting"
    __table_args__ = (Index("ix_city_setting_city_id", "city", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(String(32))
    handle_limit: Mapped[str | None] = mapped_column(String(8))
    provincial_default: Mapped[bool]
    thresholds: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
