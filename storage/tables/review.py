"""Tables of the review desk: searches, work lists, forms, reviews, comments, corrections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class SavedSearchRow(Table):
    """`question`: the parameters of `GET /review/calls`."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(120))
    question: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SamplingRuleRow(Table):
    """`kind`: see `domain.review.sampling`."""

    __tablename__ = "sampling_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkItemRow(Table):
    """A call on a reviewer's list. One call stands on one list only: the key says so."""

    __tablename__ = "work_item"
    __table_args__ = (Index("ix_work_item_reviewer_done_at", "reviewer", "done_at"),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(120))
    dealt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewFormRow(Table):
    """One version of a form; never changed once it is there."""

    __tablename__ = "review_form"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewRow(Table):
    """One reviewer's scoring of one call for one purpose: first, second, or calibration:N.

    `answers`: question → {answer, comment, at_s}; `score` of 100, with the form's version beside.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("call_id", "reviewer", "purpose"),
        Index("ix_review_seat_submitted_at", "seat", "submitted_at"),
        Index("ix_review_reviewer_submitted_at", "reviewer", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    seat: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(64), default="", index=True)
    reviewer: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(32))
    form: Mapped[str] = mapped_column(String(120))
    form_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    score: Mapped[float | None]
    failed_by: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")


class CalibrationRow(Table):
    """A session in which every one of `reviewers` scores every one of `calls`.

    Its reviews have the purpose ``calibration:<id>`` and all the same version of the form.
    """

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    form: Mapped[str] = mapped_column(String(120))
    form_version: Mapped[int]
    calls: Mapped[list[str]] = mapped_column(Json)
    reviewers: Mapped[list[str]] = mapped_column(Json)
    started_by: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallCommentRow(Table):
    """What somebody remarked at a second of a call."""

    __tablename__ = "call_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    at_s: Mapped[float]
    author: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionRow(Table):
    """A corrected word. The utterance itself keeps what was recognised; the newest counts."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_call_id_id", "call_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    utterance_id: Mapped[int] = mapped_column(ForeignKey("utterance.id"))
    place: Mapped[int]
    original: Mapped[str] = mapped_column(String(200))
    corrected: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
