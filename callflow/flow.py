"""A call flow as data: nodes, where they lead, and keys that work everywhere."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from callflow.nodes import Node
from callflow.nodes.base import Key
from domain.callers.emergency import Service

EMERGENCY_NUMBERS = tuple(service.value for service in Service)
MOST_NODES = 2000
NodeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_/-]{0,79}$")]


class FlowUnreadable(ValueError):
    """A flow file that is not a flow; every fault is named with its place."""

    def __init__(self, faults: "list[Misread]") -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.reason}" for fault in faults))
        self.faults = faults


class EdgesToNowhere(ValueError):
    """Fields that name a node which does not exist."""

    def __init__(self, edges: list[tuple[str, str]]) -> None:
        super().__init__(
            "there is no such node: " + "; ".join(f"{place} leads to {to!r}" for place, to in edges)
        )
        self.lost = [
            Misread(
                place,
                place.split(".")[1] if place.startswith("nodes.") else "",
                f"there is no such node: {place} leads to {to!r} 指向不存在的节点",
            )
            for place, to in edges
        ]


class Comment(BaseModel):
    """A remark on the drawing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(max_length=2000)
    x: float
    y: float


class Flow(BaseModel):
    """One version of a flow. ``keys``: key → node id, wherever the caller is.

    ``version`` 0 is a draft. ``layout`` (node → x, y) and ``comments`` are for the drawing only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    version: int = Field(ge=0)
    title: str = Field(max_length=200)
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")], ...] = Field(
        default=("zh-CN",),
        min_length=1,
        max_length=12,
        description="The first one is spoken first.",
    )
    time_zone: str = "Asia/Shanghai"
    start: str
    keys: dict[Key, str] = Field(default_factory=dict)
    visits: int = Field(
        default=4, ge=1, le=100, description="How often one node may be entered in a call."
    )
    exhausted: str = Field(description="Where a call goes that entered a node too often.")
    nodes: dict[NodeId, Node] = Field(min_length=1, max_length=MOST_NODES)
    layout: dict[str, tuple[float, float]] = Field(default_factory=dict)
    comments: tuple[Comment, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError) as failure:
            raise ValueError(f"{value!r} is no time zone; such as Asia/Shanghai is") from failure
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _every_edge_leads_somewhere(self) -> Self:
        edges = [("start", self.start), ("exhausted", self.exhausted)]
        edges += [(f"keys.{key}", to) for key, to in self.keys.items()]
        edges += [
            (f"nodes.{id}.{way.label}", way.to)
            for id, node in self.nodes.items()
            for way in node.ways()
        ]
        lost = [(place, to) for place, to in edges if to not in self.nodes]
        if lost:
            raise EdgesToNowhere(lost)
        return self


@dataclass(frozen=True)
class Misread:
    """One fault of a flow file. ``place``: where, with dots; ``node``: its id, if it has one."""

    place: str
    node: str
    reason: str


def parse(text: str) -> Flow:
    """A flow from its JSON text; `FlowUnreadable` lists what is wrong and where."""
    try:
        return Flow.model_validate_json(text)
    except ValidationError as failure:
        raise FlowUnreadable(_misread(failure)) from failure


def read(graph: object) -> Flow:
    """A flow from JSON values; `FlowUnreadable` lists what is wrong and where."""
    try:
        return Flow.model_validate_json(json.dumps(graph))
    except ValidationError as failure:
        raise FlowUnreadable(_misread(failure)) from failure
    except (RecursionError, TypeError, ValueError) as failure:
        raise FlowUnreadable([Misread("flow", "", str(failure))]) from failure


def _misread(failure: ValidationError) -> list[Misread]:
    found = []
    for fault in failure.errors():
        place = [str(part) for part in fault["loc"]]
        node = place[1] if len(place) > 1 and place[0] == "nodes" else ""
        lost = getattr(fault.get("ctx", {}).get("error"), "lost", None)
        if lost is not None:
            found += lost
        else:
            found.append(Misread(".".join(place) or "flow", node, fault["msg"]))
    return found


def from_library(name: str) -> Flow:
    """A flow that comes with the product (``callflow/library/<name>.json``)."""
    file = resources.files("callflow") / "library" / f"{name}.json"
    if name not in library():
        raise FlowUnreadable(
            [Misread("flow", "", f"there is no flow named {name!r} in callflow/library")]
        )
    return parse(file.read_text("utf-8"))


def library() -> list[str]:
    """Names of the flows that come with the product."""
    folder = resources.files("callflow") / "library"
    return sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".json"))
