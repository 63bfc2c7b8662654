"""A call flow as data: nodes, where they lead, and keys that work everywhere."""

from importlib import resources
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from callflow.nodes import Node
from domain.callers.emergency import Service

EMERGENCY_NUMBERS = tuple(service.value for service in Service)
Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]


class FlowUnreadable(ValueError):
    """A flow file that is not a flow; every fault is named with its place."""


class Flow(BaseModel):
    """One version of a flow. ``keys``: key → node id, wherever the caller is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    version: int = Field(ge=1)
    title: str
    start: str
    keys: dict[Key, str] = Field(default_factory=dict)
    visits: int = Field(
        default=4, ge=1, le=100, description="How often one node may be entered in a call."
    )
    exhausted: str = Field(description="Where a call goes that entered a node too often.")
    nodes: dict[str, Node]

    @model_validator(mode="after")
    def _every_edge_leads_somewhere(self) -> Self:
        edges = [("start", self.start), ("exhausted", self.exhausted)]
        edges += [(f"keys.{key}", to) for key, to in self.keys.items()]
        edges += [(f"nodes.{id}", to) for id, node in self.nodes.items() for to in node.exits()]
        lost = [f"{place} leads to {to!r}" for place, to in edges if to not in self.nodes]
        if lost:
            raise ValueError("there is no such node: " + "; ".join(lost))
        return self


def parse(text: str) -> Flow:
    """A flow from its JSON text; `FlowUnreadable` lists what is wrong and where."""
    try:
        return Flow.model_validate_json(text)
    except ValidationError as failure:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'flow'}: {fault['msg']}"
            for fault in failure.errors()
        ]
        raise FlowUnreadable("; ".join(faults)) from failure


def from_library(name: str) -> Flow:
    """A flow that comes with the product (``callflow/library/<name>.json``)."""
    file = resources.files("callflow") / "library" / f"{name}.json"
    if not file.is_file():
        raise FlowUnreadable(f"there is no flow named {name!r} in callflow/library")
    return parse(file.read_text("utf-8"))
