"""Put sub-flows in their place, so that what runs and what is proved is one graph.

A node of the sub-flow ``s`` used by node ``n`` becomes ``n/…``; whoever led to ``n`` is led to the
sub-flow's start, and its ``return`` nodes lead on as ``n`` says.
"""

from collections.abc import Mapping

from callflow.flow import Flow, FlowUnreadable, Misread
from callflow.nodes.base import NodeBase
from callflow.nodes.sub_flow import ReturnNode, SubFlowNode

DEEPEST = 8


def link(flow: Flow, others: Mapping[str, Flow]) -> Flow:
    """The flow without `sub_flow` nodes. ``others``: published flows by name.

    Raises `FlowUnreadable`: no such flow, a flow that uses itself, a return without a way on.
    """
    return _link(flow, others, (flow.name,))


def used_by(flow: Flow) -> set[str]:
    """Names of the flows it uses directly."""
    return {node.flow for node in flow.nodes.values() if isinstance(node, SubFlowNode)}


def _link(flow: Flow, others: Mapping[str, Flow], within: tuple[str, ...]) -> Flow:
    nodes: dict[str, NodeBase] = {}
    starts: dict[str, str] = {}
    for name, node in flow.nodes.items():
        if not isinstance(node, SubFlowNode):
            nodes[name] = node
            continue
        part = _part(name, node, others, within)
        starts[name] = f"{name}/{part.start}"
        nodes.update(_placed(name, node, part))
    if not starts:
        return flow
    moved = {name: node.led_to(starts) for name, node in nodes.items()}
    return flow.model_copy(
        update={
            "nodes": moved,
            "start": starts.get(flow.start, flow.start),
            "exhausted": starts.get(flow.exhausted, flow.exhausted),
            "keys": {key: starts.get(to, to) for key, to in flow.keys.items()},
        }
    )


def _part(
    name: str, node: SubFlowNode, others: Mapping[str, Flow], within: tuple[str, ...]
) -> Flow:
    if node.flow in within or len(within) > DEEPEST:
        raise _fault(name, f"{' → '.join((*within, node.flow))}: 子流程不能包含自己 uses itself")
    if node.flow not in others:
        raise _fault(name, f"没有已发布的流程 there is no published flow {node.flow!r}")
    part = _link(others[node.flow], others, (*within, node.flow))
    ends = {one.outcome for one in part.nodes.values() if isinstance(one, ReturnNode)}
    lost = sorted(ends - set(node.returns))
    if lost:
        raise _fault(name, f"{node.flow} 的返回没有去处 no way on for {', '.join(lost)}")
    return part


def _placed(name: str, node: SubFlowNode, part: Flow) -> dict[str, NodeBase]:
    """The nodes of the sub-flow under their new names, its returns led on."""
    renamed = {inner: f"{name}/{inner}" for inner in part.nodes}
    for inner, one in part.nodes.items():
        if isinstance(one, ReturnNode):
            renamed[inner] = node.returns[one.outcome]
    return {
        f"{name}/{inner}": one.led_to(renamed)
        for inner, one in part.nodes.items()
        if not isinstance(one, ReturnNode)
    }


def _fault(node: str, reason: str) -> FlowUnreadable:
    return FlowUnreadable([Misread(f"nodes.{node}", node, reason)])
