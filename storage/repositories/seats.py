"""Every query on seats' histories and agents' profiles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.agent_profile import AgentProfileRow
from storage.tables.seat_event import SeatEventRow


class SeatEvents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, values: dict[str, Any]) -> bool:
        """False if this change (by `seq`) had been applied before."""
        statement = insert_into(self._session, SeatEventRow).values(**values)
        result = await self._session.execute(
            statement.on_conflict_do_nothing(index_elements=["seq"]).returning(SeatEventRow.seq)
        )
        return result.scalar_one_or_none() is not None

    async def between(
        self, since: datetime, until: datetime, *, seat: str = "", limit: int = 1000
    ) -> Sequence[SeatEventRow]:
        """Oldest first, ``until`` excluded."""
        query = select(SeatEventRow).where(SeatEventRow.at >= since, SeatEventRow.at < until)
        if seat:
            query = query.where(SeatEventRow.seat == seat)
        return (await self._session.scalars(query.order_by(SeatEventRow.seq).limit(limit))).all()

    async def seconds_by_state(
        self, since: datetime, until: datetime
    ) -> Sequence[tuple[str, str, str, float, int]]:
        """(agent, seat, state, seconds, times) of the states that ended in this time."""
        query = (
            select(
                SeatEventRow.agent,
                SeatEventRow.seat,
                SeatEventRow.before,
                func.sum(SeatEventRow.lasted_s),
                func.count(),
            )
            .where(SeatEventRow.at >= since, SeatEventRow.at < until)
            .group_by(SeatEventRow.agent, SeatEventRow.seat, SeatEventRow.before)
            .order_by(SeatEventRow.agent, SeatEventRow.seat, SeatEventRow.before)
        )
        found = await self._session.execute(query)
        return [(row[0], row[1], row[2], float(row[3]), int(row[4])) for row in found]


class AgentProfiles:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, account: str) -> AgentProfileRow | None:
        return await self._session.get(AgentProfileRow, account)

    async def every(self) -> Sequence[AgentProfileRow]:
        return (await self._session.scalars(select(AgentProfileRow))).all()

    async def put(self, row: AgentProfileRow) -> None:
        await self._session.merge(row)
