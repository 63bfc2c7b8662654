"""/flows/{name}/tests: rehearsals kept with a flow, run at every publication."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.flows import drawn
from api.schemas.failure import failures
from api.schemas.flows import (
    CoverageAnswer,
    FlowName,
    TestAnswer,
    TestInput,
    TestList,
    TestRunAnswer,
    VerdictAnswer,
)
from api.schemas.rehearsals import CheckInput, ComparisonAnswer, ReplayAnswer, ReplayInput
from api.schemas.shapes import RowId
from callflow.trial import Trial
from domain.accounts.permissions import Permission
from services.flow_replay import recorded_calls, replayed
from services.flow_tests import remove_test, run_tests, save_test
from storage.repositories.flows import Flows

router = APIRouter(
    prefix="/flows/{name}",
    tags=["flows"],
    dependencies=SCHEMES,
    responses=failures(401, 403, 503),
)
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Editor = Annotated[Principal, Depends(Require(Permission.FLOW_EDIT))]


@router.get("/tests", summary="Tests of a flow", responses=failures(404, 422))
async def list_tests(name: FlowName, _principal: Reader, backend: BackendHere) -> TestList:
    """By name."""
    async with backend.database.session() as session:
        flows = Flows(session)
        await flows.get(name)
        rows = await flows.tests(name)
    return TestList(tests=[TestAnswer.of(row, backend.zone) for row in rows])


@router.put("/tests", summary="Save a test", responses=failures(404, 413, 422))
async def save(
    name: FlowName, given: TestInput, principal: Editor, backend: BackendHere
) -> TestAnswer:
    """What was rehearsed, with what must come out of it; the same name is replaced."""
    trial = Trial(given.name, given.world, tuple(given.script), given.expects)
    async with backend.database.transaction() as session:
        row = await save_test(session, name, trial, actor=principal.actor, now=backend.clock())
    return TestAnswer.of(row, backend.zone)


@router.delete(
    "/tests/{test_id}", status_code=204, summary="Remove a test", responses=failures(404, 422)
)
async def remove(name: FlowName, test_id: RowId, principal: Editor, backend: BackendHere) -> None:
    """It is no longer run; the audit trail keeps who removed it."""
    async with backend.database.transaction() as session:
        await remove_test(session, name, test_id, actor=principal.actor, now=backend.clock())


@router.post("/tests/run", summary="Run all tests", responses=failures(404, 413, 422))
async def run(
    name: FlowName, given: CheckInput, _principal: Reader, backend: BackendHere
) -> TestRunAnswer:
    """Of the given drawing or the saved draft, with the nodes and edges they cover."""
    async with backend.database.session() as session:
        flows = Flows(session)
        tests = await flows.tests(name)
    flow = await drawn(name, given.graph, backend)
    sounds = await run_in_threadpool(backend.sounds)
    ran = await run_in_threadpool(run_tests, flow, tests, sounds)
    return TestRunAnswer(
        passed=ran.passed,
        verdicts=[VerdictAnswer.of(verdict) for verdict in ran.verdicts],
        coverage=CoverageAnswer.of(ran.coverage),
    )


@router.post("/replay", summary="Run past calls through a draft", responses=failures(404, 413, 422))
async def replay(
    name: FlowName, given: ReplayInput, _principal: Reader, backend: BackendHere
) -> ReplayAnswer:
    """Their recorded events, one by one; told are the calls that would end differently."""
    flow = await drawn(name, given.graph, backend)
    async with backend.database.session() as session:
        calls = await recorded_calls(session, name, limit=given.calls)
    found = await run_in_threadpool(lambda: [replayed(flow, call) for call in calls])
    return ReplayAnswer(
        compared=len(found),
        differ=[ComparisonAnswer.of(one) for one in found if one.ends_differently],
    )
