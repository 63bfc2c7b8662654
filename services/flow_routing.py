"""Which flow answers a call: by dialled number and channel; test telephones reach the draft."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.flows import Flows
from storage.tables.flow_route import FlowRouteRow


@dataclass(frozen=True)
class Route:
    """Empty fits every one. With ``caller`` it is a test telephone, which reaches the draft."""

    flow: str
    dialled: str = ""
    channel: str = ""
    caller: str = ""


async def set_route(
    session: AsyncSession, route: Route, *, actor: Actor, now: datetime
) -> FlowRouteRow:
    """One flow for each combination; set again, it leads elsewhere. Raises `FlowNotFound`."""
    flows = Flows(session)
    await flows.get(route.flow)
    row = await flows.route_of(route.dialled, route.channel, route.caller)
    before = row.flow if row is not None else None
    if row is None:
        row = FlowRouteRow(dialled=route.dialled, channel=route.channel, caller=route.caller)
        flows.add(row)
    row.flow, row.set_at, row.set_by = route.flow, now, actor.name
    await session.flush()
    place = {"dialled": route.dialled, "channel": route.channel, "test": bool(route.caller)}
    detail = {**place, "before": before, "after": route.flow}
    write_down(session, actor, Deed("flow.route.set", "flow", route.flow, detail=detail), now=now)
    return row


async def remove_route(
    session: AsyncSession, route_id: int, *, actor: Actor, now: datetime
) -> None:
    """Raises `FlowRouteNotFound`."""
    flows = Flows(session)
    row = await flows.route(route_id)
    await flows.remove_route(route_id)
    detail = {"dialled": row.dialled, "channel": row.channel, "test": bool(row.caller)}
    write_down(session, actor, Deed("flow.route.remove", "flow", row.flow, detail=detail), now=now)


async def turn_switch(
    session: AsyncSession, name: str, *, on: bool, actor: Actor, now: datetime
) -> None:
    """Bad weather and the like; flows that look at it follow with the next call."""
    await Flows(session).turn(name, on=on, by=actor.name, now=now)
    write_down(session, actor, Deed("flow.switch", "switch", name, detail={"on": on}), now=now)
