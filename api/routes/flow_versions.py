"""/flows/{name}/versions: publishing, releases, differences and the way back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.flows import spoken
from api.schemas.failure import failures
from api.schemas.flows import (
    DifferenceAnswer,
    FlowName,
    PublishInput,
    ReleaseAnswer,
    RollbackInput,
    VersionAnswer,
    VersionList,
    VersionSummary,
    version_values,
)
from api.schemas.shapes import RowId
from callflow.difference import difference
from domain.accounts.permissions import Permission
from services.flow_publishing import Publication, publish, rollback
from storage.repositories.flows import Flows

router = APIRouter(
    prefix="/flows/{name}", tags=["flows"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Publisher = Annotated[Principal, Depends(Require(Permission.FLOW_PUBLISH))]


@router.get("/versions", summary="Published versions", responses=failures(404, 422))
async def versions(name: FlowName, _principal: Reader, backend: BackendHere) -> VersionList:
    """With every release: which version answered from when, and who decided it."""
    async with backend.database.session() as session:
        flows = Flows(session)
        await flows.get(name)
        rows, releases = await flows.versions(name), await flows.releases(name)
    return VersionList(
        versions=[VersionSummary.of(row, backend.zone) for row in rows],
        releases=[ReleaseAnswer.of(row, backend.zone) for row in reversed(releases)],
    )


@router.get("/versions/{number}", summary="One published version", responses=failures(404, 422))
async def version(
    name: FlowName, number: RowId, _principal: Reader, backend: BackendHere
) -> VersionAnswer:
    """With its drawing, which can be imported elsewhere as it is."""
    async with backend.database.session() as session:
        row = await Flows(session).version(name, number)
    return VersionAnswer(**version_values(row, backend.zone), graph=row.graph)


@router.get("/difference", summary="What has changed", responses=failures(404, 422))
async def differences(
    name: FlowName,
    _principal: Reader,
    backend: BackendHere,
    before: Annotated[int | None, Query(ge=1, description="Version; left out: the last")] = None,
    after: Annotated[int | None, Query(ge=1, description="Version; left out: the draft")] = None,
) -> DifferenceAnswer:
    """Between two versions, or a version and the draft: as a graph and as text."""
    async with backend.database.session() as session:
        flows = Flows(session)
        draft = (await flows.get(name)).draft
        number = before or await flows.last_number(name)
        old = (await flows.version(name, number)).graph if number else {}
        new = (await flows.version(name, after)).graph if after else draft
    return DifferenceAnswer.of(difference(old, new))


@router.post(
    "/publish",
    status_code=201,
    summary="Publish the draft",
    responses=failures(404, 409, 413, 422),
)
async def publish_draft(
    name: FlowName, given: PublishInput, principal: Publisher, backend: BackendHere
) -> VersionAnswer:
    """Proofs and tests are run; 422 `NotPublishable` lists what stands in the way.

    403 `OwnDraft`: whoever has changed the draft cannot publish it. Calls in progress stay on
    their version; new calls follow within five seconds of `effective_from`.
    """
    publication = Publication(
        given.draft_version, given.reason, given.effective_from, backend.flow_two_people
    )
    await spoken(name, backend)
    sounds = await run_in_threadpool(backend.sounds)
    async with backend.database.transaction() as session:
        row = await publish(
            session,
            name,
            publication,
            prompts=sounds,
            actor=principal.actor,
            now=backend.clock(),
        )
    return VersionAnswer(**version_values(row, backend.zone), graph=row.graph)


@router.post(
    "/rollback",
    status_code=201,
    summary="Let an earlier version answer again",
    responses=failures(404, 409, 413, 422),
)
async def roll_back(
    name: FlowName, given: RollbackInput, principal: Publisher, backend: BackendHere
) -> ReleaseAnswer:
    """From now on; the next call gets it within five seconds. Planned releases are withdrawn."""
    async with backend.database.transaction() as session:
        row = await rollback(
            session, name, given.number, given.reason, actor=principal.actor, now=backend.clock()
        )
    return ReleaseAnswer.of(row, backend.zone)
