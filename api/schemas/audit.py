"""The audit trail as it is sent."""

from datetime import datetime, tzinfo
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example, local
from storage.tables.audit import AuditRow

EXAMPLE_ENTRY: dict[str, Any] = {
    "id": 17,
    "at": "2026-11-22T15:31:02+08:00",
    "actor": "account:li.hong",
    "action": "ticket.unmask",
    "object_kind": "ticket",
    "object_id": "261122557010",
    "reason": "回拨核实地址",
    "address": "10.1.2.3",
    "detail": {},
}


class AuditEntry(Output):
    model_config = example(**EXAMPLE_ENTRY)

    id: int
    at: datetime
    actor: str = Field(description="account:NAME, token:NAME or system")
    action: str
    object_kind: str
    object_id: str
    reason: str
    address: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: AuditRow, zone: tzinfo) -> "AuditEntry":
        return cls(
            id=row.id,
            at=local(row.at, zone),
            actor=row.actor,
            action=row.action,
            object_kind=row.object_kind,
            object_id=row.object_id,
            reason=row.reason,
            address=row.address,
            detail=row.detail,
        )


class AuditPage(Output):
    """Newest first."""

    model_config = example(entries=[EXAMPLE_ENTRY], after=None)

    entries: list[AuditEntry]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")
