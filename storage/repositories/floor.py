"""Every query on queues, rosters, policy, numbers that go first, call-backs and floor events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.call_back import CallBackRow
from storage.tables.floor_event import FloorEventRow
from storage.tables.floor_policy import FloorPolicyRow
from storage.tables.priority_caller import PriorityCallerRow
from storage.tables.queue_rule import QueueRuleRow
from storage.tables.roster_duty import RosterDutyRow


class QueueNotFound(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"no queue {name}")


class DutyNotFound(LookupError):
    def __init__(self, duty_id: int) -> None:
        super().__init__(f"no duty {duty_id} on the roster")


class CallBackNotFound(LookupError):
    def __init__(self, call_back_id: str) -> None:
        super().__init__(f"no call-back {call_back_id}")


class Queues:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def every(self) -> Sequence[QueueRuleRow]:
        query = select(QueueRuleRow).order_by(QueueRuleRow.name)
        return (await self._session.scalars(query)).all()

    async def get(self, name: str) -> QueueRuleRow:
        """Raises `QueueNotFound`."""
        row = await self._session.get(QueueRuleRow, name)
        if row is None:
            raise QueueNotFound(name)
        return row

    async def put(self, row: QueueRuleRow) -> None:
        await self._session.merge(row)

    async def delete(self, name: str) -> None:
        """Raises `QueueNotFound`."""
        await self._session.delete(await self.get(name))


class Policies:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self) -> FloorPolicyRow | None:
        return await self._session.get(FloorPolicyRow, 1)

    async def put(self, row: FloorPolicyRow) -> None:
        await self._session.merge(row)


class Rosters:
    """Duties that were called off are listed only where asked for."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def between(
        self, since: datetime, until: datetime, *, account: str = "", called_off: bool = False
    ) -> Sequence[RosterDutyRow]:
        """Duties that touch this time, in order of their start; ``until`` excluded."""
        query = select(RosterDutyRow).where(
            RosterDutyRow.ends_at > since, RosterDutyRow.starts_at < until
        )
        if account:
            query = query.where(RosterDutyRow.account == account)
        if not called_off:
            query = query.where(RosterDutyRow.called_off_at.is_(None))
        ordered = query.order_by(RosterDutyRow.starts_at, RosterDutyRow.id)
        return (await self._session.scalars(ordered)).all()

    async def get(self, duty_id: int) -> RosterDutyRow:
        """Raises `DutyNotFound`."""
        row = await self._session.get(RosterDutyRow, duty_id)
        if row is None:
            raise DutyNotFound(duty_id)
        return row

    def add(self, row: RosterDutyRow) -> None:
        self._session.add(row)


class PriorityCallers:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def every(self) -> Sequence[PriorityCallerRow]:
        query = select(PriorityCallerRow).order_by(PriorityCallerRow.caller)
        return (await self._session.scalars(query)).all()

    async def put(self, row: PriorityCallerRow) -> None:
        await self._session.merge(row)

    async def delete(self, caller: str) -> bool:
        """False if it was not registered."""
        row = await self._session.get(PriorityCallerRow, caller)
        if row is not None:
            await self._session.delete(row)
        return row is not None


class CallBacks:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, values: dict[str, Any]) -> bool:
        """The state of one call-back, unless a newer one (by `seq`) is known; False then."""
        statement = insert_into(self._session, CallBackRow).values(**values)
        changed = {name: statement.excluded[name] for name in values if name != "id"}
        result = await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_=changed,
                where=CallBackRow.seq < statement.excluded.seq,
            ).returning(CallBackRow.id)
        )
        return result.scalar_one_or_none() is not None

    async def get(self, call_back_id: str) -> CallBackRow:
        """Raises `CallBackNotFound`."""
        row = await self._session.get(CallBackRow, call_back_id)
        if row is None:
            raise CallBackNotFound(call_back_id)
        return row

    async def listed(
        self, states: Sequence[str] = (), *, caller: str = "", limit: int = 200
    ) -> Sequence[CallBackRow]:
        """The earliest due first."""
        query = select(CallBackRow)
        if states:
            query = query.where(CallBackRow.state.in_(states))
        if caller:
            query = query.where(CallBackRow.caller == caller)
        ordered = query.order_by(CallBackRow.due_at, CallBackRow.id).limit(limit)
        return (await self._session.scalars(ordered)).all()

    async def counted(self, since: datetime, until: datetime) -> dict[tuple[str, str, str], int]:
        """(queue, cause, state) → how many were wanted in this time."""
        query = (
            select(CallBackRow.queue, CallBackRow.cause, CallBackRow.state, func.count())
            .where(CallBackRow.since >= since, CallBackRow.since < until)
            .group_by(CallBackRow.queue, CallBackRow.cause, CallBackRow.state)
        )
        found = await self._session.execute(query)
        return {(row[0], row[1], row[2]): int(row[3]) for row in found}


class FloorEvents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, values: dict[str, Any]) -> bool:
        """False if this event (by `seq`) had been applied before."""
        statement = insert_into(self._session, FloorEventRow).values(**values)
        result = await self._session.execute(
            statement.on_conflict_do_nothing(index_elements=["seq"]).returning(FloorEventRow.seq)
        )
        return result.scalar_one_or_none() is not None

    async def latest(self, kind: str, limit: int = 100) -> Sequence[FloorEventRow]:
        query = select(FloorEventRow).where(FloorEventRow.kind == kind)
        ordered = query.order_by(FloorEventRow.seq.desc()).limit(limit)
        return (await self._session.scalars(ordered)).all()
