"""/flow-routes and /flow-switches: which flow answers which number, and what is turned on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.failure import failures
from api.schemas.flows import (
    RouteAnswer,
    RouteInput,
    RouteList,
    SwitchAnswer,
    SwitchInput,
    SwitchList,
)
from api.schemas.shapes import RowId
from domain.accounts.permissions import Permission
from services.flow_routing import Route, remove_route, set_route, turn_switch
from storage.repositories.flows import Flows

router = APIRouter(tags=["flows"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Publisher = Annotated[Principal, Depends(Require(Permission.FLOW_PUBLISH))]
Switcher = Annotated[Principal, Depends(Require(Permission.FLOW_SWITCH))]
SwitchName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["bad-weather"])]


@router.get("/flow-routes", summary="Which flow answers which number")
async def list_routes(_principal: Reader, backend: BackendHere) -> RouteList:
    """The most exact one counts: test telephone, dialled number, channel, then the default."""
    async with backend.database.session() as session:
        rows = await Flows(session).routes()
    return RouteList(
        routes=[RouteAnswer.of(row, backend.zone) for row in rows],
        default_flow=backend.default_flow,
    )


@router.put("/flow-routes", summary="Set a route", responses=failures(404, 413, 422))
async def put_route(given: RouteInput, principal: Publisher, backend: BackendHere) -> RouteAnswer:
    """The same number, channel and caller again leads elsewhere. New calls follow."""
    route = Route(given.flow, given.dialled, given.channel, given.caller)
    async with backend.database.transaction() as session:
        row = await set_route(session, route, actor=principal.actor, now=backend.clock())
    return RouteAnswer.of(row, backend.zone)


@router.delete(
    "/flow-routes/{route_id}",
    status_code=204,
    summary="Remove a route",
    responses=failures(404, 422),
)
async def delete_route(route_id: RowId, principal: Publisher, backend: BackendHere) -> None:
    """Calls that it led are then led by the next fitting route, or the default flow."""
    async with backend.database.transaction() as session:
        await remove_route(session, route_id, actor=principal.actor, now=backend.clock())


@router.get("/flow-switches", summary="Switches that flows look at")
async def switches(_principal: Reader, backend: BackendHere) -> SwitchList:
    """Such as bad weather; they can be turned by telephone too."""
    async with backend.database.session() as session:
        rows = await Flows(session).switches()
    return SwitchList(switches=[SwitchAnswer.of(row, backend.zone) for row in rows])


@router.put("/flow-switches/{name}", summary="Turn a switch", responses=failures(413, 422))
async def put_switch(
    name: SwitchName, given: SwitchInput, principal: Switcher, backend: BackendHere
) -> SwitchAnswer:
    """The next call follows; who turned it is audited."""
    now = backend.clock()
    async with backend.database.transaction() as session:
        await turn_switch(session, name, on=given.on, actor=principal.actor, now=now)
        row = next(row for row in await Flows(session).switches() if row.name == name)
    return SwitchAnswer.of(row, backend.zone)
