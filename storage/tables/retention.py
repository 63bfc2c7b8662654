"""Tables of what must be kept and what must go: rules, holds, deletions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Json, Table, UtcDateTime


class RetentionRuleRow(Table):
    """`conditions`: see `domain.retention.Rule`; `keep_days` None means for ever."""

    __tablename__ = "retention_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    conditions: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    keep_days: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(16), default="city")
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LegalHoldRow(Table):
    """While `lifted_at` is None, nothing of this call goes."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    placed_by: Mapped[str] = mapped_column(String(120))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(120))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeletionRow(Table):
    """One deletion: proposed by one, confirmed by another, carried out, certified."""

    __tablename__ = "deletion"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(120))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certificate: Mapped[str] = mapped_column(Text, default="")
    signature: Mapped[str] = mapped_column(Text, default="")


class DeletionItemRow(Table):
    """One recording of a deletion; `spared` says why it stayed after all."""

    __tablename__ = "deletion_item"
    __table_args__ = (Index("ix_deletion_item_call_id", "call_id"),)

    deletion_id: Mapped[int] = mapped_column(ForeignKey("deletion.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    spared: Mapped[str] = mapped_column(String(200), default="")
