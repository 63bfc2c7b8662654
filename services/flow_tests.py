"""Tests that belong to a flow: saved with it, run at every publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from callflow.duration import Prompts
from callflow.flow import Flow
from callflow.simulate import World
from callflow.trial import Coverage, Expected, Trial, Verdict, covered, try_out
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.flows import Flows
from storage.tables.flow_test import FlowTestRow


@dataclass(frozen=True)
class TestRun:
    """All tests of a flow, run once."""

    __test__ = False  # pytest collects classes by this name

    verdicts: tuple[Verdict, ...]
    coverage: Coverage

    @property
    def passed(self) -> bool:
        return all(verdict.passed for verdict in self.verdicts)


async def save_test(
    session: AsyncSession, flow: str, trial: Trial, *, actor: Actor, now: datetime
) -> FlowTestRow:
    """A test of the same name is replaced. Raises `FlowNotFound`."""
    flows = Flows(session)
    await flows.get(flow)
    known = [row for row in await flows.tests(flow) if row.name == trial.name]
    row = known[0] if known else FlowTestRow(flow=flow, name=trial.name)
    row.world = trial.world.model_dump(mode="json", exclude_defaults=True)
    row.script = list(trial.script)
    row.expects = trial.expects.model_dump(mode="json", exclude_defaults=True)
    row.saved_at, row.saved_by = now, actor.name
    if not known:
        flows.add(row)
    await session.flush()
    write_down(session, actor, Deed("flow.test.save", "flow", flow, trial.name), now=now)
    return row


async def remove_test(
    session: AsyncSession, flow: str, test_id: int, *, actor: Actor, now: datetime
) -> None:
    """Raises `FlowTestNotFound`."""
    flows = Flows(session)
    row = await flows.test(flow, test_id)
    await flows.remove_test(test_id)
    write_down(session, actor, Deed("flow.test.remove", "flow", flow, row.name), now=now)


def run_tests(flow: Flow, rows: Sequence[FlowTestRow], prompts: Prompts) -> TestRun:
    """Every saved test against this flow, and what they cover together."""
    verdicts = tuple(_run(flow, row, prompts) for row in rows)
    return TestRun(verdicts, covered(flow, (verdict.path for verdict in verdicts)))


def _run(flow: Flow, row: FlowTestRow, prompts: Prompts) -> Verdict:
    try:
        trial = Trial(
            row.name,
            World.model_validate(row.world),
            tuple(row.script),
            Expected.model_validate(row.expects),
        )
    except ValidationError as failure:  # saved by an older release
        return Verdict(row.name, (str(failure),), (), 0.0)
    return try_out(flow, trial, prompts)


def coverage_json(coverage: Coverage) -> Mapping[str, Any]:
    """For keeping with a version."""
    return {
        "nodes": list(coverage.nodes),
        "nodes_missed": list(coverage.nodes_missed),
        "edges": [list(edge) for edge in coverage.edges],
        "edges_missed": [list(edge) for edge in coverage.edges_missed],
    }
