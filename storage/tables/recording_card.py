"""The `recording_card` and `card_tag` tables: by what a recording is found, in one row each.

Gathered from call, words and ticket when the draft is made, so that a list of a million
recordings is filtered without joining the tables it comes from.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Table, UtcDateTime

# Each index ends in the order of the list: a filtered page is read off its index.
FILTERED = ("caller", "seat", "agent", "queue", "topic", "district", "category", "satisfaction")
# Asked for from or up to a value: an index finds the few recordings that are out of the ordinary.
RANGED = ("score", "silence_s", "talk_over_s", "length_s", "confidence")


class RecordingCardRow(Table):
    """`topic` is its whole way (`城市管理/路灯`); `score` of 100, released only; times in seconds.

    `silence_s`: longest silence; `talk_over_s`: both voices at once; `confidence`: mean over words.
    `keeping`: as in `recording`.
    """

    __tablename__ = "recording_card"
    __table_args__ = (
        Index("ix_recording_card_started_at_call_id", "started_at", "call_id"),
        *(
            Index(f"ix_recording_card_{name}_started_at", name, "started_at", "call_id")
            for name in (*FILTERED, *RANGED)
        ),
        Index("ix_recording_card_ticket_id", "ticket_id"),
    )

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    caller: Mapped[str] = mapped_column(String(64), default="")
    seat: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(64), default="")
    queue: Mapped[str] = mapped_column(String(64), default="")
    topic: Mapped[str] = mapped_column(String(200), default="")
    district: Mapped[str] = mapped_column(String(64), default="")
    category: Mapped[str] = mapped_column(String(32), default="")
    ticket_id: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[str] = mapped_column(String(32), default="")
    length_s: Mapped[float] = mapped_column(default=0.0)
    answer_s: Mapped[float | None]
    silence_s: Mapped[float] = mapped_column(default=0.0)
    talk_over_s: Mapped[float] = mapped_column(default=0.0)
    confidence: Mapped[float] = mapped_column(default=0.0)
    satisfaction: Mapped[int | None]
    score: Mapped[float | None]
    suspension: Mapped[bool] = mapped_column(default=False)
    keeping: Mapped[str] = mapped_column(String(8), default="kept")


class CardTagRow(Table):
    """One mark of a recording: emergency, abusive, warning, talk_over, node:<node>."""

    __tablename__ = "card_tag"
    __table_args__ = (Index("ix_card_tag_tag_started_at", "tag", "started_at", "call_id"),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
