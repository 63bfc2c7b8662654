"""Seats in the database: their history from the journal, and what each agent can serve.

A record of a seat has the call id `SEATS`, the kind ``seat`` and `SeatEventRow`'s values as body.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from domain.queueing.seats import Profile, Transition
from services.actor import Actor
from services.audit import Deed, write_down
from services.journal import Record
from storage.repositories.seats import AgentProfiles, SeatEvents
from storage.tables.agent_profile import AgentProfileRow

SEATS = "seats"
KIND = "seat"
PROFILE = TypeAdapter(Profile)
# Of an agent for whom no supervisor has said otherwise.
USUAL = Profile(wrap_up=timedelta(seconds=30))


@dataclass
class SeatRecords:
    """Numbers changes by their time in µs: rising, also over restarts and lost segments."""

    last: int = 0

    def of(self, change: Transition, login: Mapping[str, Any] | None) -> Record:
        self.last = max(self.last + 1, round(change.at.timestamp() * 1e6))
        body = {
            "seat": change.seat_id,
            "agent": change.agent,
            "event": change.event.value,
            "before": change.before.value,
            "after": change.after.value,
            "reason": str(change.reason),
            "call_id": change.call_id,
            "lasted_s": round(change.lasted_s, 3),
            "login": login and dict(login),
        }
        return Record(SEATS, self.last, change.at, KIND, body)


async def apply(session: AsyncSession, record: Record) -> bool:
    """Write one change down; False if it had been before."""
    return await SeatEvents(session).append({"seq": record.seq, "at": record.at, **record.body})


async def profile_of(session: AsyncSession, account: str) -> Profile:
    row = await AgentProfiles(session).find(account)
    return USUAL if row is None else PROFILE.validate_python(row.profile)


async def teams(session: AsyncSession) -> dict[str, str]:
    """Account → team, of those who are in one."""
    rows = await AgentProfiles(session).every()
    found = {row.account: PROFILE.validate_python(row.profile).team for row in rows}
    return {account: team for account, team in found.items() if team}


async def set_profile(
    session: AsyncSession, account: str, profile: Profile, *, actor: Actor, now: datetime
) -> None:
    """What this agent serves from the next login on; audited."""
    values = PROFILE.dump_python(profile, mode="json")
    await AgentProfiles(session).put(
        AgentProfileRow(account=account, profile=values, changed_at=now, changed_by=actor.name)
    )
    deed = Deed("agent.profile", "account", account, detail=values)
    write_down(session, actor, deed, now=now)
