"""/flows: drafts of call flows, checking them and rehearsing them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.schemas.failure import failures
from api.schemas.flows import (
    DraftInput,
    FlowAnswer,
    FlowInput,
    FlowList,
    FlowName,
    FlowSummary,
    summary_values,
)
from api.schemas.rehearsals import (
    CheckInput,
    FaultAnswer,
    NodeTypeAnswer,
    NodeTypeList,
    ReportAnswer,
    RunAnswer,
    SimulateInput,
)
from callflow.check import check, parts_of
from callflow.flow import Flow, FlowUnreadable, from_library, library, read
from callflow.nodes import NODE_TYPES, describe
from callflow.nodes.base import Words
from callflow.simulate import simulate
from domain.accounts.permissions import Permission
from prompts.own import speak_text
from services.flow_publishing import in_force, linked_draft
from services.flows import DraftEdit, create_flow, drawing_of, save_draft
from storage.repositories.flows import Flows
from storage.tables.flow import FlowRow

router = APIRouter(tags=["flows"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Editor = Annotated[Principal, Depends(Require(Permission.FLOW_EDIT))]


@router.get("/flow-nodes", summary="All node types of the flow language")
async def node_types(_principal: Reader) -> NodeTypeList:
    """Forms, palette and help of an editor are made from this: it never lists types itself."""
    types = [NodeTypeAnswer.model_validate(describe(node)) for node in NODE_TYPES]
    own = Flow.model_json_schema()
    own["properties"].pop("nodes")
    own.pop("$defs", None)
    return NodeTypeList(node_types=types, flow=own)


@router.get("/flows", summary="List call flows")
async def list_flows(_principal: Reader, backend: BackendHere) -> FlowList:
    """By name."""
    async with backend.database.session() as session:
        rows = await Flows(session).every()
        found = [FlowSummary(**await _values(session, row, backend)) for row in rows]
    return FlowList(flows=found, templates=library())


@router.post("/flows", status_code=201, summary="Begin a flow", responses=failures(409, 413, 422))
async def create(
    given: FlowInput, principal: Editor, backend: BackendHere, response: Response
) -> FlowAnswer:
    """From a drawing or a template; without either from the template `default`."""
    graph = given.graph
    if graph is None:
        graph = drawing_of(from_library(given.template or "default"))
    async with backend.database.transaction() as session:
        row = await create_flow(
            session, given.name, graph, actor=principal.actor, now=backend.clock()
        )
        values = await _values(session, row, backend)
    response.headers["Location"] = f"/flows/{row.name}"
    return FlowAnswer(**values, graph=row.draft)


@router.get("/flows/{name}", summary="A flow with its draft", responses=failures(404, 422))
async def get_flow(name: FlowName, _principal: Reader, backend: BackendHere) -> FlowAnswer:
    """`draft_version` has to be sent back when the draft is saved or published."""
    async with backend.database.session() as session:
        row = await Flows(session).get(name)
        return FlowAnswer(**await _values(session, row, backend), graph=row.draft)


@router.put("/flows/{name}/draft", summary="Save the draft", responses=failures(404, 409, 413, 422))
async def save(
    name: FlowName, given: DraftInput, principal: Editor, backend: BackendHere
) -> FlowAnswer:
    """409 `FlowChangedMeanwhile` if somebody saved since: it says who and when."""
    edit = DraftEdit(given.graph, given.draft_version, given.reason)
    async with backend.database.transaction() as session:
        row = await save_draft(session, name, edit, actor=principal.actor, now=backend.clock())
        values = await _values(session, row, backend)
    await spoken(name, backend)
    return FlowAnswer(**values, graph=row.draft)


@router.post("/flows/{name}/check", summary="Prove a draft safe", responses=failures(404, 413, 422))
async def check_flow(
    name: FlowName, given: CheckInput, _principal: Reader, backend: BackendHere
) -> ReportAnswer:
    """Every fault with node, reason and a shortest example; what cannot be read is told too."""
    try:
        flow = await drawn(name, given.graph, backend)
    except FlowUnreadable as unreadable:
        faults = [FaultAnswer.of_misread(fault) for fault in unreadable.faults]
        return ReportAnswer(publishable=False, faults=faults, figures={})
    sounds = await run_in_threadpool(backend.sounds)
    return ReportAnswer.of(await run_in_threadpool(check, flow, sounds))


@router.post("/flows/{name}/simulate", summary="Talk to a flow", responses=failures(404, 413, 422))
async def simulate_flow(
    name: FlowName, given: SimulateInput, _principal: Reader, backend: BackendHere
) -> RunAnswer:
    """A virtual clock; the whole script is run anew each time, which takes milliseconds."""
    if given.graph is None and given.number is not None:
        async with backend.database.session() as session:
            flow = read((await Flows(session).version(name, given.number)).linked)
    else:
        flow = await drawn(name, given.graph, backend)
    sounds = await run_in_threadpool(backend.sounds)
    run = simulate(flow, given.world, given.script, sounds, to_the_end=given.to_the_end)
    return RunAnswer.of(run)


async def drawn(name: str, graph: dict[str, object] | None, backend: Backend) -> Flow:
    """The given drawing, or the draft as saved, with its sub-flows. Raises `FlowUnreadable`."""
    async with backend.database.session() as session:
        flows = Flows(session)
        chosen = (await flows.get(name)).draft if graph is None else graph
        return await linked_draft(flows, {**chosen, "name": name, "version": 0}, backend.clock())


async def spoken(name: str, backend: Backend) -> None:
    """Give the texts of the draft a sound, so that test telephones and callers can hear them."""
    try:
        flow = await drawn(name, None, backend)
    except FlowUnreadable:
        return  # half drawn: nobody hears it yet
    for node in flow.nodes.values():
        for part in parts_of(node):
            if isinstance(part, Words):
                await run_in_threadpool(speak_text, part.prompt, part.text, backend.prompts_dir)


async def _values(session: AsyncSession, row: FlowRow, backend: Backend) -> dict[str, object]:
    now = backend.clock()
    flows = Flows(session)
    releases = list(await flows.releases(row.name))
    values = summary_values(row, releases, in_force(releases, now), backend.zone, now)
    return {**values, "last_number": await flows.last_number(row.name)}
