"""Every query on call flows, their versions, releases, routes, tests and switches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.base import Table
from storage.tables.flow import FlowRow
from storage.tables.flow_release import FlowReleaseRow
from storage.tables.flow_route import FlowRouteRow
from storage.tables.flow_switch import FlowSwitchRow
from storage.tables.flow_test import FlowTestRow
from storage.tables.flow_version import FlowVersionRow


class FlowNotFound(LookupError):
    """No flow has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no flow {name}")


class FlowVersionNotFound(LookupError):
    """The flow has no version of this number."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"flow {name} has no version {number}")


class FlowTestNotFound(LookupError):
    """The flow has no test of this number."""

    def __init__(self, name: str, test_id: int) -> None:
        super().__init__(f"flow {name} has no test {test_id}")


class FlowRouteNotFound(LookupError):
    """No route has this number."""

    def __init__(self, route_id: int) -> None:
        super().__init__(f"no route {route_id}")


class Flows:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: Table) -> None:
        """A flow, version, release, route or test."""
        self._session.add(row)

    async def find(self, name: str) -> FlowRow | None:
        return await self._session.get(FlowRow, name)

    async def get(self, name: str, *, to_change: bool = False) -> FlowRow:
        """Raises `FlowNotFound`."""
        row = await self._session.get(FlowRow, name, with_for_update=to_change or None)
        if row is None:
            raise FlowNotFound(name)
        return row

    async def every(self) -> Sequence[FlowRow]:
        return (await self._session.scalars(select(FlowRow).order_by(FlowRow.name))).all()

    async def version(self, name: str, number: int) -> FlowVersionRow:
        """Raises `FlowVersionNotFound`."""
        query = select(FlowVersionRow).where(
            FlowVersionRow.flow == name, FlowVersionRow.number == number
        )
        row = (await self._session.scalars(query)).one_or_none()
        if row is None:
            raise FlowVersionNotFound(name, number)
        return row

    async def versions(self, name: str) -> Sequence[FlowVersionRow]:
        """Newest first."""
        query = select(FlowVersionRow).where(FlowVersionRow.flow == name)
        return (await self._session.scalars(query.order_by(FlowVersionRow.number.desc()))).all()

    async def last_number(self, name: str) -> int:
        """0 when nothing was published yet."""
        query = select(func.max(FlowVersionRow.number)).where(FlowVersionRow.flow == name)
        return (await self._session.scalar(query)) or 0

    async def releases(self, name: str = "") -> Sequence[FlowReleaseRow]:
        """Oldest first by the time from which they count; of one flow or of all."""
        query = select(FlowReleaseRow).where(FlowReleaseRow.withdrawn_at.is_(None))
        if name:
            query = query.where(FlowReleaseRow.flow == name)
        order = (FlowReleaseRow.effective_from, FlowReleaseRow.id)
        return (await self._session.scalars(query.order_by(*order))).all()

    async def routes(self) -> Sequence[FlowRouteRow]:
        query = select(FlowRouteRow).order_by(FlowRouteRow.id)
        return (await self._session.scalars(query)).all()

    async def route(self, route_id: int) -> FlowRouteRow:
        """Raises `FlowRouteNotFound`."""
        row = await self._session.get(FlowRouteRow, route_id)
        if row is None:
            raise FlowRouteNotFound(route_id)
        return row

    async def route_of(self, dialled: str, channel: str, caller: str) -> FlowRouteRow | None:
        query = select(FlowRouteRow).where(
            FlowRouteRow.dialled == dialled,
            FlowRouteRow.channel == channel,
            FlowRouteRow.caller == caller,
        )
        return (await self._session.scalars(query)).one_or_none()

    async def remove_route(self, route_id: int) -> None:
        await self._session.execute(delete(FlowRouteRow).where(FlowRouteRow.id == route_id))

    async def tests(self, name: str) -> Sequence[FlowTestRow]:
        query = select(FlowTestRow).where(FlowTestRow.flow == name).order_by(FlowTestRow.name)
        return (await self._session.scalars(query)).all()

    async def test(self, name: str, test_id: int) -> FlowTestRow:
        """Raises `FlowTestNotFound`."""
        row = await self._session.get(FlowTestRow, test_id)
        if row is None or row.flow != name:
            raise FlowTestNotFound(name, test_id)
        return row

    async def remove_test(self, test_id: int) -> None:
        await self._session.execute(delete(FlowTestRow).where(FlowTestRow.id == test_id))

    async def switches(self) -> Sequence[FlowSwitchRow]:
        query = select(FlowSwitchRow).order_by(FlowSwitchRow.name)
        return (await self._session.scalars(query)).all()

    async def turn(self, name: str, *, on: bool, by: str, now: datetime) -> None:
        """Set a switch; one that did not exist is made."""
        values = {"name": name, "on": on, "set_at": now, "set_by": by}
        statement = insert_into(self._session, FlowSwitchRow).values(**values)
        changed = {key: value for key, value in values.items() if key != "name"}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_=changed)
        )
