"""The audit trail: written by every use case that changes rights or shows what is protected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.actor import Actor
from storage.repositories.audit import AuditTrail
from storage.tables.audit import AuditRow


@dataclass(frozen=True)
class Deed:
    """What was done to which object; `reason` in the actor's words."""

    action: str
    object_kind: str = ""
    object_id: str = ""
    reason: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


def write_down(session: AsyncSession, actor: Actor, deed: Deed, *, now: datetime) -> None:
    """Add one row to the trail, in the transaction of the deed itself."""
    AuditTrail(session).add(
        AuditRow(
            at=now,
            actor=actor.name,
            action=deed.action,
            object_kind=deed.object_kind,
            object_id=deed.object_id,
            reason=deed.reason,
            address=actor.address,
            detail=dict(deed.detail),
        )
    )
