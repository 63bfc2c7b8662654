"""The `working_year` table: every edition of a year's working days. Rows are only ever added."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class WorkingYearRow(Table):
    """`edition` counts the changes of the whole table from 1; the newest of a year is in force.

    `days_off` are weekdays that are off, `days_worked` weekend days that are worked, as ISO dates.
    """

    __tablename__ = "working_year"

    edition: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    days_off: Mapped[list[str]] = mapped_column(Json)
    days_worked: Mapped[list[str]] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
