"""What is different between two drawings of a flow: as a graph and as lines of text."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DRAWING = ("layout", "comments", "version")  # do not change what a caller meets


@dataclass(frozen=True)
class NodeChange:
    """Field → (before, after) of one node."""

    node: str
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Difference:
    """``edges_…``: (from, to); ``settings``: fields of the flow itself; ``text``: unified diff."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[NodeChange, ...]
    edges_added: tuple[tuple[str, str], ...]
    edges_removed: tuple[tuple[str, str], ...]
    settings: dict[str, tuple[Any, Any]]
    text: tuple[str, ...]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Of two graphs as JSON; they need not be sound."""
    old, new = _nodes(before), _nodes(after)
    return Difference(
        added=tuple(node for node in new if node not in old),
        removed=tuple(node for node in old if node not in new),
        changed=tuple(
            NodeChange(node, _fields(old[node], new[node]))
            for node in new
            if node in old and old[node] != new[node]
        ),
        edges_added=tuple(sorted(_edges(new) - _edges(old))),
        edges_removed=tuple(sorted(_edges(old) - _edges(new))),
        settings=_fields(_settings(before), _settings(after)),
        text=tuple(
            difflib.unified_diff(_lines(before), _lines(after), "before", "after", lineterm="")
        ),
    )


def _nodes(graph: Mapping[str, Any]) -> dict[str, Any]:
    nodes = graph.get("nodes")
    return dict(nodes) if isinstance(nodes, Mapping) else {}


def _settings(graph: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in graph.items() if key not in (*DRAWING, "nodes")}


def _fields(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:  # noqa: ANN401  JSON
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return {"": (before, after)}
    names = dict.fromkeys([*before, *after])
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def _edges(nodes: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Every mention of another node's id, also in a drawing that is not sound."""
    return {
        (node, to)
        for node, fields in nodes.items()
        for to in _texts(fields)
        if to in nodes and isinstance(to, str)
    }


def _texts(value: Any) -> list[str]:  # noqa: ANN401  JSON
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        inner = [value[key] for key in value if key not in ("type", "say", "note", "text")]
        return [text for one in inner for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


def _lines(graph: Mapping[str, Any]) -> list[str]:
    shown = {key: value for key, value in graph.items() if key not in DRAWING}
    return json.dumps(shown, ensure_ascii=False, indent=2, sort_keys=True).splitlines()
