"""Drafts of call flows: whoever edits one says which version he had before him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callflow.flow import Flow, from_library, library
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from storage.database import Database
from storage.repositories.flows import Flows
from storage.tables.flow import FlowRow
from storage.tables.flow_release import FlowReleaseRow
from storage.tables.flow_version import FlowVersionRow


class FlowNameTaken(Exception):
    """There is a flow of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already a flow {name}")


class FlowChangedMeanwhile(Exception):
    """Somebody else has saved the draft since this editor read it."""

    def __init__(self, name: str, current: int, by: str, at: datetime) -> None:
        super().__init__(
            f"the draft of {name} was saved as version {current} by {by} at {at.isoformat()}"
        )
        self.current = current
        self.reason = f"it is {current} by now, saved by {by}"
        self.reason_zh = f"草稿已由 {by} 保存为第 {current} 稿，请先查看对方的修改"


@dataclass(frozen=True)
class DraftEdit:
    """``seen``: the `draft_version` that the editor had before him."""

    graph: Mapping[str, Any]
    seen: int
    reason: str = ""


def drawing_of(flow: Flow) -> dict[str, Any]:
    """A flow as its drawing: JSON without the number."""
    graph: dict[str, Any] = flow.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    nodes = {
        name: {
            "type": node.type,
            **node.model_dump(mode="json", exclude_defaults=True, by_alias=True),
        }
        for name, node in flow.nodes.items()
    }
    return {**graph, "version": 0, "nodes": nodes}


async def create_flow(
    session: AsyncSession, name: str, graph: Mapping[str, Any], *, actor: Actor, now: datetime
) -> FlowRow:
    """A new flow with its first draft, which may be unsound. Raises `FlowNameTaken`."""
    flows = Flows(session)
    if await flows.find(name) is not None:
        raise FlowNameTaken(name)
    row = FlowRow(
        name=name,
        title=_title(graph),
        draft=_named(graph, name),
        draft_version=1,
        authors=[actor.name],
        created_at=now,
        created_by=actor.name,
        updated_at=now,
        updated_by=actor.name,
    )
    flows.add(row)
    try:
        await session.flush()
    except IntegrityError:  # another editor was faster
        raise FlowNameTaken(name) from None
    write_down(session, actor, Deed("flow.create", "flow", name), now=now)
    return row


async def save_draft(
    session: AsyncSession, name: str, edit: DraftEdit, *, actor: Actor, now: datetime
) -> FlowRow:
    """Raises `FlowNotFound` or `FlowChangedMeanwhile`. An unsound draft is kept as it is."""
    row = await Flows(session).get(name, to_change=True)
    if row.draft_version != edit.seen:
        raise FlowChangedMeanwhile(name, row.draft_version, row.updated_by, row.updated_at)
    row.draft = _named(edit.graph, name)
    row.title = _title(edit.graph)
    row.draft_version += 1
    row.authors = sorted({*row.authors, actor.name})
    row.updated_at, row.updated_by = now, actor.name
    deed = Deed("flow.save", "flow", name, edit.reason, {"draft_version": row.draft_version})
    write_down(session, actor, deed, now=now)
    return row


async def ensure_library(database: Database, *, now: datetime) -> None:
    """The flows that come with the product, as version 1 of each, where they are not yet."""
    for name in library():
        async with database.transaction() as session:
            flows = Flows(session)
            if await flows.find(name) is None:
                flow = from_library(name)
                row = await create_flow(session, name, drawing_of(flow), actor=SYSTEM, now=now)
                row.authors = []
                _publish_first(flows, flow, now)


def _publish_first(flows: Flows, flow: Flow, now: datetime) -> None:
    graph = {**drawing_of(flow), "version": 1}
    reason = "随软件提供 comes with the product"
    flows.add(
        FlowVersionRow(
            flow=flow.name,
            number=1,
            graph=graph,
            linked=graph,
            authors=[],
            reason=reason,
            published_at=now,
            published_by=SYSTEM.name,
        )
    )
    flows.add(
        FlowReleaseRow(
            flow=flow.name,
            number=1,
            effective_from=now,
            kind="publish",
            reason=reason,
            released_at=now,
            released_by=SYSTEM.name,
        )
    )


def _title(graph: Mapping[str, Any]) -> str:
    title = graph.get("title", "")
    return title[:200] if isinstance(title, str) else ""


def _named(graph: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A draft bears the name under which it is kept, whatever the file said."""
    return {**graph, "name": name, "version": 0}
