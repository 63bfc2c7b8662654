"""From draft to the line: proofs, tests, a second person, releases and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from callflow.check import Fault, check
from callflow.duration import Prompts
from callflow.flow import Flow, FlowUnreadable, read
from callflow.linking import link, used_by
from services.actor import Actor
from services.audit import Deed, write_down
from services.flow_tests import coverage_json, run_tests
from services.flows import FlowChangedMeanwhile
from storage.repositories.flows import Flows
from storage.tables.flow import FlowRow
from storage.tables.flow_release import FlowReleaseRow
from storage.tables.flow_version import FlowVersionRow


class OwnDraft(Exception):
    """Who has drawn a flow does not publish it himself."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the draft of {name} has your own changes: a second person publishes it")


class NotPublishable(Exception):
    """The draft has faults; ``obstacles``: (place, reason) of each."""

    def __init__(self, name: str, obstacles: list[tuple[str, str]]) -> None:
        listed = "; ".join(f"{place}: {reason}" for place, reason in obstacles[:5])
        super().__init__(f"{name} cannot be published: {listed}")
        self.obstacles = obstacles


class NotReleased(Exception):
    """This version never answered calls, so there is nothing to go back to."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"version {number} of {name} is in force already")


@dataclass(frozen=True)
class Publication:
    """``seen``: the draft version that was read; ``effective_from`` None: at once.

    ``two_people``: nobody publishes what he has drawn himself.
    """

    seen: int
    reason: str
    effective_from: datetime | None = None
    two_people: bool = True


async def publish(
    session: AsyncSession,
    name: str,
    publication: Publication,
    *,
    prompts: Prompts,
    actor: Actor,
    now: datetime,
) -> FlowVersionRow:
    """Make the draft an immutable version and release it.

    Raises `FlowNotFound`, `FlowChangedMeanwhile`, `OwnDraft` or `NotPublishable`.
    """
    flows = Flows(session)
    row = await flows.get(name, to_change=True)
    if row.draft_version != publication.seen:
        raise FlowChangedMeanwhile(name, row.draft_version, row.updated_by, row.updated_at)
    if publication.two_people and actor.name in row.authors:
        raise OwnDraft(name)
    number = await flows.last_number(name) + 1
    version = await _proved(flows, row, number, prompts, now)
    version.reason = publication.reason
    version.published_at, version.published_by = now, actor.name
    flows.add(version)
    row.authors = []
    _release(flows, name, number, Release(publication, "publish"), actor=actor, now=now)
    await session.flush()
    deed = Deed("flow.publish", "flow", name, publication.reason, {"version": number})
    write_down(session, actor, deed, now=now)
    return version


async def rollback(
    session: AsyncSession, name: str, number: int, reason: str, *, actor: Actor, now: datetime
) -> FlowReleaseRow:
    """Let an earlier version answer again, from now on. What was planned for later is withdrawn.

    Raises `FlowVersionNotFound` or `NotReleased`.
    """
    flows = Flows(session)
    await flows.get(name, to_change=True)
    await flows.version(name, number)
    releases = await flows.releases(name)
    if in_force(releases, now) == number:
        raise NotReleased(name, number)
    for planned in releases:
        if planned.effective_from > now:
            planned.withdrawn_at = now
    again = Release(Publication(0, reason), "rollback")
    row = _release(flows, name, number, again, actor=actor, now=now)
    await session.flush()
    deed = Deed("flow.rollback", "flow", name, reason, {"version": number})
    write_down(session, actor, deed, now=now)
    return row


def in_force(releases: Sequence[FlowReleaseRow], now: datetime) -> int | None:
    """The version that answers at this moment; ``releases`` in the order of the repository."""
    past = [row.number for row in releases if row.effective_from <= now]
    return past[-1] if past else None


async def linked_draft(flows: Flows, graph: Mapping[str, Any], now: datetime) -> Flow:
    """A drawing with its sub-flows as they are in force now. Raises `FlowUnreadable`."""
    flow = read(graph)
    others: dict[str, Flow] = {}
    wanted = used_by(flow)
    while wanted:
        name = wanted.pop()
        number = in_force(await flows.releases(name), now)
        if number is not None:
            others[name] = read((await flows.version(name, number)).graph)
            wanted |= used_by(others[name]) - set(others)
    return link(flow, others)


async def proofs_of(
    flows: Flows, row: FlowRow, prompts: Prompts, now: datetime
) -> list[tuple[str, str]]:
    """Everything that stops a publication of the draft: (place, reason)."""
    try:
        flow = await linked_draft(flows, row.draft, now)
    except FlowUnreadable as unreadable:
        return [(fault.node or fault.place, fault.reason) for fault in unreadable.faults]
    faults = [fault for fault in check(flow, prompts).faults if not fault.warning]
    ran = run_tests(flow, await flows.tests(row.name), prompts)
    failed = [verdict for verdict in ran.verdicts if not verdict.passed]
    return [(fault.node, _said(fault)) for fault in faults] + [
        (f"test {verdict.name}", "; ".join(verdict.why)) for verdict in failed
    ]


async def _proved(
    flows: Flows, row: FlowRow, number: int, prompts: Prompts, now: datetime
) -> FlowVersionRow:
    obstacles = await proofs_of(flows, row, prompts, now)
    if obstacles:
        raise NotPublishable(row.name, obstacles)
    flow = await linked_draft(flows, {**row.draft, "version": number}, now)
    ran = run_tests(flow, await flows.tests(row.name), prompts)
    return FlowVersionRow(
        flow=row.name,
        number=number,
        graph={**row.draft, "version": number},
        linked=flow.model_dump(mode="json", by_alias=True),
        authors=row.authors,
        coverage=dict(coverage_json(ran.coverage)),
    )


def _release(
    flows: Flows, name: str, number: int, how: "Release", *, actor: Actor, now: datetime
) -> FlowReleaseRow:
    wanted = how.publication.effective_from
    row = FlowReleaseRow(
        flow=name,
        number=number,
        effective_from=now if wanted is None or wanted < now else wanted,
        kind=how.kind,
        reason=how.publication.reason,
        released_at=now,
        released_by=actor.name,
    )
    flows.add(row)
    return row


def _said(fault: Fault) -> str:
    way = " → ".join(step.node + (f" [{step.key}]" if step.key else "") for step in fault.example)
    return f"{fault.reason} ({fault.code})" + (f"; {way}" if way else "")


@dataclass(frozen=True)
class Release:
    """How a version came into force."""

    publication: Publication
    kind: str
