"""A flow file is a flow, or is refused with the place and the fault."""

import json
from typing import Any

import pytest

from callflow.flow import FlowUnreadable, from_library, parse

SOUND: dict[str, Any] = {
    "name": "small",
    "version": 3,
    "title": "一个小流程",
    "start": "answer",
    "keys": {"0": "hello"},
    "exhausted": "end",
    "nodes": {
        "answer": {"type": "answer", "then": "hello"},
        "hello": {"type": "say", "say": ["greeting"], "then": "end", "note": "问候"},
        "end": {"type": "hang_up"},
    },
}


def changed(**changes: Any) -> str:
    return json.dumps(SOUND | changes)


def with_node(**node: Any) -> str:
    return changed(nodes=SOUND["nodes"] | {"hello": node})


def test_a_sound_flow_is_read() -> None:
    flow = parse(json.dumps(SOUND))
    assert (flow.name, flow.version, flow.visits) == ("small", 3, 4)
    assert [node.type for node in flow.nodes.values()] == ["answer", "say", "hang_up"]


FAULTS = {
    "no JSON": ("{", "flow: Invalid JSON"),
    "not an object": ("[]", "flow: Input should be"),
    "a name with a blank": (changed(name="my flow"), "name: String should match"),
    "version -1": (changed(version=-1), "version: Input should be greater"),
    "an unknown field": (changed(nodse={}), "nodse: Extra inputs"),
    "a start that is not there": (changed(start="gone"), "start leads to 'gone'"),
    "an exhaustion that is not there": (changed(exhausted="x"), "exhausted leads to 'x'"),
    "a key to nowhere": (changed(keys={"9": "gone"}), "keys.9 leads to 'gone'"),
    "a key that cannot be pressed": (changed(keys={"99": "end"}), "keys.99"),
    "an edge to nowhere": (
        with_node(type="say", say=["a"], then="gone"),
        "nodes.hello.then leads to",
    ),
    "an unknown node type": (with_node(type="sing"), "nodes.hello: Input tag 'sing'"),
    "a node without its exit": (with_node(type="say", say=["a"]), "nodes.hello.say.then: Field"),
    "nothing to say": (with_node(type="say", say=[], then="end"), "nodes.hello.say.say: Tuple"),
    "an unknown field of a node": (
        with_node(type="say", say=["a"], then="end", thne="end"),
        "nodes.hello.say.thne: Extra",
    ),
    "a waiting time of nothing": (
        with_node(type="queue", wait_s=0, answered="end", otherwise="end"),
        "nodes.hello.queue.wait_s: Input should be greater",
    ),
    "an end key that no telephone has": (
        with_node(type="message", end_keys="A", taken="end", empty="end"),
        "nodes.hello.message.end_keys: String should match",
    ),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(FlowUnreadable) as refused:
        parse(text)
    assert fault in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FlowUnreadable) as refused:
        parse(changed(start="gone", exhausted="lost"))
    assert [fault.place for fault in refused.value.faults] == ["start", "exhausted"]
    assert "start leads to 'gone'" in str(refused.value)
    assert "exhausted leads to 'lost'" in str(refused.value)


def test_the_default_flow_comes_with_the_product() -> None:
    flow = from_library("default")
    assert flow.keys == {"0": "people"}


@pytest.mark.parametrize("name", ["none", "../default", ""])
def test_a_flow_that_is_not_in_the_library(name: str) -> None:
    with pytest.raises(FlowUnreadable, match="no flow named"):
        from_library(name)
