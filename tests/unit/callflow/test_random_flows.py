"""Whatever the checker accepts never gets stuck, whoever calls and whatever the world does."""

import os
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callflow.check import check
from callflow.commands import Command, EmergencyTransfer, HangUp
from callflow.flow import Flow
from callflow.nodes.base import By
from callflow.simulate import World, converse, simulate
from tests.unit.callflow.growing import PROMPTS, TYPES, WORLDS, flows, turns_for

FLOWS = 2_000 if os.environ.get("HOTLINE_SOAK") else 80
WALKS = 5  # through each
PATIENCE = 25  # turns after which a caller does nothing any more
# Most random flows are unsound: to be left out is what the checker is for.
FILTERED = [HealthCheck.filter_too_much, HealthCheck.too_slow]
ACCEPTED = flows().filter(lambda flow: check(flow, PROMPTS).publishable)


@pytest.mark.timeout(1200)
@given(st.data(), ACCEPTED)
@settings(max_examples=FLOWS, suppress_health_check=FILTERED)
def test_an_accepted_flow_never_gets_stuck(data: st.DataObject, flow: Flow) -> None:
    """Every call ends by the flow's own hang-up or the emergency transfer, at any turn of it."""

    def caller(place: int, command: Command) -> object:
        return data.draw(turns_for(command)) if place < PATIENCE else {}

    for _ in range(WALKS):
        run = converse(flow, data.draw(WORLDS), caller)
        assert run.state.ended
        assert isinstance(run.commands[-1], HangUp | EmergencyTransfer)


@pytest.mark.timeout(1200)
@given(ACCEPTED, WORLDS)
@settings(max_examples=FLOWS, suppress_health_check=FILTERED)
def test_who_does_nothing_is_heard_unless_the_flow_left_the_choice(
    flow: Flow, world: World
) -> None:
    """Where no node on the way asked him anything, a person was rung or his words recorded."""
    run = simulate(flow, world, [], PROMPTS)
    passed = [node for node in run.state.path if node in flow.nodes]
    ways = [way for name in passed for way in flow.nodes[name].ways()]
    asked = bool(flow.keys) or any(way.exit.by is By.CALLER for way in ways)
    served = any(
        way.exit.serves and way.to == after
        for name, after in pairwise(passed)
        for way in flow.nodes[name].ways()
    )
    refused = world.suspended and any(way.exit.suspends for way in ways)
    emergency = isinstance(run.commands[-1], EmergencyTransfer)
    assert asked or served or refused or emergency


def test_every_type_of_node_is_among_the_accepted_flows() -> None:
    """Random flows that never hold a type would prove nothing of it."""
    met: Counter[str] = Counter()

    @given(ACCEPTED)
    @settings(max_examples=200, database=None, derandomize=True, suppress_health_check=FILTERED)
    def look(flow: Flow) -> None:
        met.update({node.type for node in flow.nodes.values()})

    look()
    assert set(TYPES) <= set(met), set(TYPES) - set(met)
