"""The flows that answer calls, as the engine holds them: from the database, or from a file.

The engine asks once a second what is in force; what it got is written beside the journal, so that
calls are answered by the last published flows when the database is down at its start.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from callflow.flow import Flow, FlowUnreadable, from_library, read
from services.flow_publishing import linked_draft
from services.keeping_up import keep_up
from storage.database import Database
from storage.repositories.flows import Flows
from storage.repositories.suspensions import Suspensions

log = structlog.get_logger()

REFRESH_EVERY_S = 1.0
DRAFT = 0
SUSPENDED = "suspended"
CALL_BACK = "call-back"


@dataclass(frozen=True)
class Ringing:
    """What is known of a call before its flow is chosen."""

    dialled: str
    caller: str
    channel: str = "phone"


@dataclass
class Shelf:
    """``routes``: (flow, dialled, channel, caller); ``releases``: flow → [(from, number)].

    ``graphs``: flow → number → linked graph; number 0 is a draft that test telephones reach.
    ``suspended``: number → when its suspension ends.
    """

    routes: list[tuple[str, str, str, str]] = field(default_factory=list)
    releases: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    graphs: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    drafts: dict[str, int] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    suspended: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Shelf":
        """What `as_json` made; `ValueError`, `KeyError` or `TypeError` for anything else."""
        raw = json.loads(text)
        return cls(
            routes=[(one[0], one[1], one[2], one[3]) for one in raw["routes"]],
            releases={
                name: [(at, int(number)) for at, number in rows]
                for name, rows in raw["releases"].items()
            },
            graphs={
                name: {int(number): graph for number, graph in versions.items()}
                for name, versions in raw["graphs"].items()
            },
            drafts={name: int(number) for name, number in raw["drafts"].items()},
            switches={name: bool(on) for name, on in raw["switches"].items()},
            suspended={caller: str(end) for caller, end in raw["suspended"].items()},
        )


class FlowShelf:
    """Chooses the flow of each new call; calls in progress ask for theirs by name and version."""

    def __init__(
        self, database: Database, file: Path, *, default: str, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._file = file
        self._default = default
        self._now = now
        self._built_in = from_library("default")
        self._for_suspended = from_library("suspended")
        self._for_call_backs = from_library(CALL_BACK)
        self._flows: dict[tuple[str, int, int], Flow] = {}
        self.shelf = Shelf()

    def load(self) -> None:
        """What was in force when the engine last asked; without it the product's own flow."""
        try:
            self.shelf = Shelf.from_json(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as failure:
            log.warning("kept flows unreadable", why=str(failure))

    async def run(self) -> None:
        """Keep up with the database until cancelled."""
        await keep_up(self.refresh, every_s=REFRESH_EVERY_S, what="flows")

    async def refresh(self) -> None:
        """Take what the database has now. Raises what the database raises."""
        async with self._database.session() as session:
            fresh = await self._read(session)
        if fresh != self.shelf:
            self.shelf = fresh
            await asyncio.to_thread(self._keep, fresh.as_json())
            log.info("flows taken over", flows={name: max(g) for name, g in fresh.graphs.items()})

    def for_call(self, ringing: Ringing) -> Flow:
        """The draft for test telephones, else the version in force of the flow that fits best.

        A suspended caller is led by the flow `suspended`, unless the flow that would answer
        has a block check of its own.
        """
        flow, is_test = self._chosen(ringing)
        checks_itself = any(node.type == "block_check" for node in flow.nodes.values())
        if is_test or checks_itself or not self._is_suspended(ringing.caller):
            return flow
        number = self._in_force(SUSPENDED)
        own = self.of(SUSPENDED, number) if number is not None else None
        return own or self._for_suspended

    def for_call_back(self) -> Flow:
        """Leads a citizen whom we rang back: the city's own flow of this name, else ours."""
        number = self._in_force(CALL_BACK)
        own = self.of(CALL_BACK, number) if number is not None else None
        return own or self._for_call_backs

    def _is_suspended(self, caller: str) -> bool:
        end = self.shelf.suspended.get(caller)
        return end is not None and self._now() <= datetime.fromisoformat(end)

    def _chosen(self, ringing: Ringing) -> tuple[Flow, bool]:
        best = max(self._fitting(ringing), default=((0, 0, 0), self._default))
        name, is_test = best[1], best[0][0] == 1
        if is_test:
            draft = self.of(name, DRAFT)
            if draft is not None:
                return draft, True
        for candidate in (name, self._default):
            number = self._in_force(candidate)
            flow = self.of(candidate, number) if number is not None else None
            if flow is not None:
                return flow, False
        return self._built_in, False

    def of(self, name: str, number: int) -> Flow | None:
        """A certain version, for a call that began with it; None when it is not kept here."""
        graph = self.shelf.graphs.get(name, {}).get(number)
        if graph is None:
            ours = (self._built_in, self._for_suspended, self._for_call_backs)
            return next((one for one in ours if (one.name, one.version) == (name, number)), None)
        key = (name, number, self.shelf.drafts.get(name, 0) if number == DRAFT else 0)
        if key not in self._flows:
            try:
                self._flows[key] = read(graph)
            except FlowUnreadable as failure:
                log.warning("flow cannot be used", flow=name, version=number, why=str(failure))
                return None
        return self._flows[key]

    def _fitting(self, ringing: Ringing) -> list[tuple[tuple[int, int, int], str]]:
        """(test telephone, number, channel) fits, flow: the largest is the most exact."""
        found = []
        for flow, dialled, channel, caller in self.shelf.routes:
            wanted = (
                (caller, ringing.caller),
                (dialled, ringing.dialled),
                (channel, ringing.channel),
            )
            if all(ours in ("", theirs) for ours, theirs in wanted):
                found.append(((int(bool(caller)), int(bool(dialled)), int(bool(channel))), flow))
        return found

    def _in_force(self, name: str) -> int | None:
        now = self._now()
        past = [
            number
            for at, number in self.shelf.releases.get(name, [])
            if datetime.fromisoformat(at) <= now
        ]
        return past[-1] if past else None

    async def _read(self, session: AsyncSession) -> Shelf:
        flows = Flows(session)
        routes = await flows.routes()
        fresh = Shelf(routes=[(row.flow, row.dialled, row.channel, row.caller) for row in routes])
        now = self._now()
        for row in await flows.releases():
            known = fresh.releases.setdefault(row.flow, [])
            known.append((row.effective_from.isoformat(), row.number))
        for name, rows in fresh.releases.items():
            wanted = {number for at, number in rows if datetime.fromisoformat(at) > now}
            current = [number for at, number in rows if datetime.fromisoformat(at) <= now]
            wanted |= set(current[-1:])
            await self._versions(flows, fresh, name, wanted)
        for name in {row.flow for row in routes if row.caller}:
            await self._draft(flows, fresh, name)
        fresh.suspended = {
            row.caller: row.ends_at.isoformat()
            for row in await Suspensions(session).in_force(now)
            if row.ends_at is not None
        }
        fresh.switches = {row.name: row.on for row in await flows.switches()}
        return fresh

    async def _versions(self, flows: Flows, fresh: Shelf, name: str, wanted: set[int]) -> None:
        """Versions once taken stay while the engine runs: calls in progress are led by them."""
        kept = {
            number: graph for number, graph in self.shelf.graphs.get(name, {}).items() if number
        }
        for number in wanted - set(kept):
            kept[number] = (await flows.version(name, number)).linked
        fresh.graphs[name] = kept

    async def _draft(self, flows: Flows, fresh: Shelf, name: str) -> None:
        row = await flows.get(name)
        fresh.drafts[name] = row.draft_version
        if self.shelf.drafts.get(name) == row.draft_version:
            same = self.shelf.graphs.get(name, {}).get(DRAFT)
            if same is not None:
                fresh.graphs.setdefault(name, {})[DRAFT] = same
            return
        with contextlib.suppress(FlowUnreadable):  # half-drawn: test calls get what is published
            linked = await linked_draft(flows, row.draft, self._now())
            fresh.graphs.setdefault(name, {})[DRAFT] = linked.model_dump(mode="json", by_alias=True)

    def _keep(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(self._file)
