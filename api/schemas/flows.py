"""Call flows, their versions, tests and routes as they are sent and received."""

from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

from api.schemas.shapes import (
    Input,
    JsonValue,
    Output,
    Reason,
    ShortText,
    clean_json,
    example,
    input_example,
    local,
)
from callflow.difference import Difference
from callflow.flow import library
from callflow.simulate import World
from callflow.trial import Coverage, Expected, Verdict
from storage.tables.flow import FlowRow
from storage.tables.flow_release import FlowReleaseRow
from storage.tables.flow_route import FlowRouteRow
from storage.tables.flow_switch import FlowSwitchRow
from storage.tables.flow_test import FlowTestRow
from storage.tables.flow_version import FlowVersionRow

FlowName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", examples=["default"])]
Graph = Annotated[
    dict[str, Any],
    AfterValidator(clean_json),
    Field(description="The drawing as JSON: name, title, start, keys, nodes …; may be unsound"),
]
SMALL: dict[str, Any] = {
    "name": "night",
    "version": 0,
    "title": "夜间",
    "start": "answer",
    "keys": {"0": "people"},
    "exhausted": "end",
    "nodes": {
        "answer": {"type": "answer", "then": "people"},
        "people": {"type": "queue", "answered": "end", "otherwise": "message"},
        "message": {"type": "message", "taken": "end", "empty": "end"},
        "end": {"type": "hang_up"},
    },
}
WHEN = "2026-11-23T09:00:00+08:00"
SUMMARY: dict[str, Any] = {
    "name": "night",
    "title": "夜间",
    "draft_version": 3,
    "authors": ["account:editor"],
    "in_force": 2,
    "last_number": 2,
    "planned": None,
    "updated_at": WHEN,
    "updated_by": "account:editor",
}


class FlowInput(Input):
    """A new flow: from ``graph``, or a copy of ``template`` (one that comes with the product)."""

    model_config = input_example(name="night", template="default")

    name: FlowName
    graph: Graph | None = None
    template: str | None = Field(default=None, json_schema_extra={"enum": [*library(), None]})


class DraftInput(Input):
    """``draft_version`` is the one that the editor had before him."""

    model_config = input_example(graph=SMALL, draft_version=3, reason="问候语缩短")

    graph: Graph
    draft_version: int = Field(ge=1)
    reason: ShortText = ""


class PublishInput(Input):
    """``effective_from`` left out: at once."""

    model_config = input_example(draft_version=3, reason="国庆假期安排", effective_from=WHEN)

    draft_version: int = Field(ge=1)
    reason: Reason
    effective_from: AwareDatetime | None = None


class RollbackInput(Input):
    model_config = input_example(number=1, reason="新版本漏接电话")

    number: int = Field(ge=1)
    reason: Reason


class FlowSummary(Output):
    """`in_force`: the version that answers now; `planned`: the next release, if one waits."""

    model_config = example(**SUMMARY)

    name: str
    title: str
    draft_version: int
    authors: list[str] = Field(description="Who changed the draft since the last publication")
    in_force: int | None
    last_number: int
    planned: "ReleaseAnswer | None"
    updated_at: datetime
    updated_by: str


class FlowAnswer(FlowSummary):
    """With its drawing."""

    model_config = example(**SUMMARY, graph=SMALL)

    graph: Graph


class FlowList(Output):
    model_config = example(flows=[SUMMARY], templates=["default"])

    flows: list[FlowSummary]
    templates: list[str] = Field(description="Flows that come with the product, for a new start")


RELEASE: dict[str, Any] = {
    "number": 2,
    "kind": "publish",
    "effective_from": WHEN,
    "reason": "国庆假期安排",
    "released_at": WHEN,
    "released_by": "account:publisher",
}


class ReleaseAnswer(Output):
    """`kind`: publish or rollback."""

    model_config = example(**RELEASE)

    number: int
    kind: str
    effective_from: datetime
    reason: str
    released_at: datetime
    released_by: str

    @classmethod
    def of(cls, row: FlowReleaseRow, zone: tzinfo) -> "ReleaseAnswer":
        return cls(
            number=row.number,
            kind=row.kind,
            effective_from=local(row.effective_from, zone),
            reason=row.reason,
            released_at=local(row.released_at, zone),
            released_by=row.released_by,
        )


VERSION: dict[str, Any] = {
    "flow": "night",
    "number": 2,
    "reason": "国庆假期安排",
    "authors": ["account:editor"],
    "published_at": WHEN,
    "published_by": "account:publisher",
    "coverage": {},
}


class VersionSummary(Output):
    model_config = example(**VERSION)

    flow: str
    number: int
    reason: str
    authors: list[str]
    published_at: datetime
    published_by: str
    coverage: dict[str, Any]

    @classmethod
    def of(cls, row: FlowVersionRow, zone: tzinfo) -> "VersionSummary":
        return cls(**version_values(row, zone))


def version_values(row: FlowVersionRow, zone: tzinfo) -> dict[str, Any]:
    return {
        "flow": row.flow,
        "number": row.number,
        "reason": row.reason,
        "authors": row.authors,
        "published_at": local(row.published_at, zone),
        "published_by": row.published_by,
        "coverage": row.coverage,
    }


class VersionAnswer(VersionSummary):
    """A published version never changes."""

    model_config = example(**VERSION, graph=SMALL)

    graph: Graph


class VersionList(Output):
    """Newest first."""

    model_config = example(versions=[VERSION], releases=[RELEASE])

    versions: list[VersionSummary]
    releases: list[ReleaseAnswer]


class NodeChangeAnswer(Output):
    model_config = example(node="greeting", fields={"say": [["greeting"], ["greeting-short"]]})

    node: str
    fields: dict[str, tuple[Any, Any]] = Field(description="Field → [before, after]")


class DifferenceAnswer(Output):
    """As a graph, and as a unified diff of the text."""

    model_config = example(
        added=["night-greeting"],
        removed=[],
        changed=[{"node": "greeting", "fields": {"then": ["people", "night-greeting"]}}],
        edges_added=[["greeting", "night-greeting"]],
        edges_removed=[["greeting", "people"]],
        settings={},
        text=["--- before", "+++ after"],
    )

    added: list[str]
    removed: list[str]
    changed: list[NodeChangeAnswer]
    edges_added: list[tuple[str, str]]
    edges_removed: list[tuple[str, str]]
    settings: dict[str, tuple[Any, Any]]
    text: list[str]

    @classmethod
    def of(cls, found: Difference) -> "DifferenceAnswer":
        return cls(
            added=list(found.added),
            removed=list(found.removed),
            changed=[NodeChangeAnswer(node=one.node, fields=one.fields) for one in found.changed],
            edges_added=list(found.edges_added),
            edges_removed=list(found.edges_removed),
            settings=found.settings,
            text=list(found.text),
        )


EXAMPLE_WORLD: dict[str, Any] = {"now": "2027-02-06T03:00:00+08:00", "seats": "busy"}
TEST: dict[str, Any] = {
    "id": 1,
    "name": "夜间无人接听",
    "world": EXAMPLE_WORLD,
    "script": [{"nobody": True}, {"said_s": 12}],
    "expects": {"ends_at": "end", "notes": {"message": "taken"}},
    "saved_at": WHEN,
    "saved_by": "account:editor",
}


class TestInput(Input):
    """A test of the same name is replaced."""

    model_config = input_example(
        **{key: value for key, value in TEST.items() if key not in ("id", "saved_at", "saved_by")}
    )
    __test__ = False

    name: Annotated[ShortText, Field(min_length=1)]
    world: World = World()
    script: Annotated[list[JsonValue], Field(max_length=500)]
    expects: Expected = Expected()


class TestAnswer(Output):
    model_config = example(**TEST)
    __test__ = False

    id: int
    name: str
    world: dict[str, Any]
    script: list[Any]
    expects: dict[str, Any]
    saved_at: datetime
    saved_by: str

    @classmethod
    def of(cls, row: FlowTestRow, zone: tzinfo) -> "TestAnswer":
        return cls(
            id=row.id,
            name=row.name,
            world=row.world,
            script=row.script,
            expects=row.expects,
            saved_at=local(row.saved_at, zone),
            saved_by=row.saved_by,
        )


class TestList(Output):
    model_config = example(tests=[TEST])
    __test__ = False

    tests: list[TestAnswer]


class VerdictAnswer(Output):
    model_config = example(name="夜间无人接听", passed=True, why=[], path=["answer"], seconds=12.0)

    name: str
    passed: bool
    why: list[str]
    path: list[str]
    seconds: float

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictAnswer":
        return cls(
            name=verdict.name,
            passed=verdict.passed,
            why=list(verdict.why),
            path=list(verdict.path),
            seconds=verdict.seconds,
        )


class CoverageAnswer(Output):
    model_config = example(
        nodes=["answer", "people"],
        nodes_missed=["message"],
        edges=[["answer", "people"]],
        edges_missed=[["people", "message"]],
    )

    nodes: list[str]
    nodes_missed: list[str]
    edges: list[tuple[str, str]]
    edges_missed: list[tuple[str, str]]

    @classmethod
    def of(cls, coverage: Coverage) -> "CoverageAnswer":
        return cls(
            nodes=list(coverage.nodes),
            nodes_missed=list(coverage.nodes_missed),
            edges=list(coverage.edges),
            edges_missed=list(coverage.edges_missed),
        )


class TestRunAnswer(Output):
    model_config = example(
        passed=True,
        verdicts=[{"name": "夜间", "passed": True, "why": [], "path": ["answer"], "seconds": 12.0}],
        coverage={"nodes": ["answer"], "nodes_missed": [], "edges": [], "edges_missed": []},
    )
    __test__ = False

    passed: bool
    verdicts: list[VerdictAnswer]
    coverage: CoverageAnswer


class RouteInput(Input):
    """Empty `dialled` or `channel`: any. With `caller`, a test telephone that reaches the draft."""

    model_config = input_example(flow="night", dialled="12345", channel="", caller="")

    flow: FlowName
    dialled: Annotated[str, Field(pattern=r"^[0-9*#+]{0,32}$")] = ""
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$|^$")] = ""
    caller: Annotated[str, Field(pattern=r"^[0-9+]{0,32}$")] = ""


ROUTE: dict[str, Any] = {
    "id": 1,
    "flow": "night",
    "dialled": "12345",
    "channel": "",
    "caller": "",
    "set_at": WHEN,
    "set_by": "account:publisher",
}


class RouteAnswer(Output):
    model_config = example(**ROUTE)

    id: int
    flow: str
    dialled: str
    channel: str
    caller: str
    set_at: datetime
    set_by: str

    @classmethod
    def of(cls, row: FlowRouteRow, zone: tzinfo) -> "RouteAnswer":
        return cls(
            id=row.id,
            flow=row.flow,
            dialled=row.dialled,
            channel=row.channel,
            caller=row.caller,
            set_at=local(row.set_at, zone),
            set_by=row.set_by,
        )


class RouteList(Output):
    """`default_flow` answers what no route fits."""

    model_config = example(routes=[ROUTE], default_flow="default")

    routes: list[RouteAnswer]
    default_flow: str


class SwitchInput(Input):
    model_config = input_example(on=True)

    on: bool


class SwitchAnswer(Output):
    model_config = example(name="bad-weather", on=True, set_at=WHEN, set_by="account:supervisor")

    name: str
    on: bool
    set_at: datetime
    set_by: str

    @classmethod
    def of(cls, row: FlowSwitchRow, zone: tzinfo) -> "SwitchAnswer":
        return cls(name=row.name, on=row.on, set_at=local(row.set_at, zone), set_by=row.set_by)


class SwitchList(Output):
    model_config = example(
        switches=[{"name": "bad-weather", "on": True, "set_at": WHEN, "set_by": "account:chief"}]
    )

    switches: list[SwitchAnswer]


def summary_values(
    row: FlowRow, releases: list[FlowReleaseRow], in_force: int | None, zone: tzinfo, now: datetime
) -> dict[str, Any]:
    planned = [one for one in releases if one.effective_from > now]
    return {
        "name": row.name,
        "title": row.title,
        "draft_version": row.draft_version,
        "authors": row.authors,
        "in_force": in_force,
        "last_number": max((one.number for one in releases), default=0),
        "planned": ReleaseAnswer.of(planned[0], zone) if planned else None,
        "updated_at": local(row.updated_at, zone),
        "updated_by": row.updated_by,
    }
