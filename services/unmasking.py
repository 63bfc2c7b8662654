"""One call in clear, for one person, for a while: with a reason, on the trail."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.calls import Calls
from storage.repositories.keeping import Unmaskings
from storage.tables.unmasking import UnmaskingRow

# Ours, not law: long enough to hear a call of usual length once more, and to check a number.
UNMASKED_FOR = timedelta(minutes=10)


async def unmask_call(
    session: AsyncSession, call_id: str, actor: Actor, reason: str, *, now: datetime
) -> UnmaskingRow:
    """From now on and for `UNMASKED_FOR`. Raises `CallNotFound`."""
    await Calls(session).get(call_id)
    row = UnmaskingRow(
        call_id=call_id,
        actor=actor.name,
        reason=reason,
        given_at=now,
        until=now + UNMASKED_FOR,
    )
    Unmaskings(session).add(row)
    deed = Deed("call.unmask", "call", call_id, reason, {"until": row.until.isoformat()})
    write_down(session, actor, deed, now=now)
    return row


async def unmasked_until(
    session: AsyncSession, call_id: str, actor: Actor, *, now: datetime
) -> datetime | None:
    """None: private words are hidden from this person."""
    return await Unmaskings(session).until(call_id, actor.name, now)
