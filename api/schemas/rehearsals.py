"""Checks and rehearsals of a flow as they are sent and received."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from api.schemas.flows import EXAMPLE_WORLD, SMALL, Graph
from api.schemas.shapes import Input, JsonValue, Output, example, input_example
from callflow.check import Fault, Report
from callflow.commands import Command
from callflow.duration import spoken_by
from callflow.flow import Misread
from callflow.simulate import Run, Turn, World
from callflow.trial import heard_in
from services.flow_replay import Comparison


class CheckInput(Input):
    """Without ``graph`` the draft as it was saved."""

    model_config = input_example(graph=SMALL)

    graph: Graph | None = None


class StepAnswer(Output):
    model_config = example(node="greeting", key="0")

    node: str
    key: str = Field(description="The key that led on; empty: by waiting")


class FaultAnswer(Output):
    """`code` is stable and meant for programs; `example`: a shortest way there."""

    model_config = example(
        code="unreachable",
        node="lost",
        place="",
        reason="没有路径能到达这个节点 no caller can come here",
        example=[],
        after_s=0.0,
        warning=False,
    )

    code: str
    node: str = Field(description="Empty when the flow itself is at fault")
    place: str = Field(description="Path of the field, for flows that cannot be read")
    reason: str
    example: list[StepAnswer]
    after_s: float
    warning: bool = Field(description="A warning does not stop a publication")

    @classmethod
    def of(cls, fault: Fault) -> "FaultAnswer":
        steps = [StepAnswer(node=step.node, key=step.key) for step in fault.example]
        return cls(
            code=fault.code,
            node=fault.node,
            place="",
            reason=fault.reason,
            example=steps,
            after_s=fault.after_s,
            warning=fault.warning,
        )

    @classmethod
    def of_misread(cls, fault: Misread) -> "FaultAnswer":
        return cls(
            code="unreadable",
            node=fault.node,
            place=fault.place,
            reason=fault.reason,
            example=[],
            after_s=0.0,
            warning=False,
        )


class ReportAnswer(Output):
    """Faults that stop a publication come first."""

    model_config = example(
        publishable=True, faults=[], figures={"to_person_s": 6.5, "keys_to_person": 0, "nodes": 4}
    )

    publishable: bool
    faults: list[FaultAnswer]
    figures: dict[str, Any]

    @classmethod
    def of(cls, report: Report) -> "ReportAnswer":
        return cls(
            publishable=report.publishable,
            faults=[FaultAnswer.of(fault) for fault in report.faults],
            figures=asdict(report.figures),
        )


class SimulateInput(Input):
    """``graph`` as it stands in the editor, or a published ``number``, or else the saved draft.

    Nothing is kept between requests: to go back, send a shorter ``script``.
    """

    model_config = input_example(world=EXAMPLE_WORLD, script=[{}, {"key": "0"}])

    graph: Graph | None = None
    number: int | None = Field(default=None, ge=1)
    world: World = World()
    script: Annotated[list[JsonValue], Field(max_length=500, default_factory=list)]
    to_the_end: bool = Field(
        default=False, description="Go on after the script with a caller who does nothing"
    )


class TurnAnswer(Output):
    """`did` led on from here; null: the call stands here and waits. `offers`: what may follow."""

    model_config = example(
        node="greeting",
        passed=["answer", "greeting"],
        at_s=0.0,
        commands=[{"do": "Say", "parts": ["greeting"]}],
        spoken=["greeting"],
        did=None,
        offers=["key"],
    )

    node: str
    passed: list[str]
    at_s: float
    commands: list[dict[str, Any]]
    spoken: list[Any] = Field(description="Prompt keys, or {figures} read one by one")
    did: dict[str, Any] | None
    offers: list[str]

    @classmethod
    def of(cls, turn: Turn) -> "TurnAnswer":
        spoken = [part for command in turn.commands for part in spoken_by(command)]
        return cls(
            node=turn.node,
            passed=list(turn.passed),
            at_s=turn.at_s,
            commands=[_command(command) for command in turn.commands],
            spoken=[part if isinstance(part, str) else asdict(part) for part in spoken],
            did=None
            if turn.event is None
            else {"event": type(turn.event).__name__, **asdict(turn.event)},
            offers=list(turn.offers),
        )


class RunAnswer(Output):
    """`path` lights up on the graph; the last of `turns` waits unless the call has `ended`."""

    model_config = example(
        path=["answer", "greeting"],
        notes={},
        ended=False,
        seconds=3.5,
        heard=["greeting"],
        turns=[TurnAnswer.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
        language="zh-CN",
        values={},
    )

    path: list[str]
    notes: dict[str, str]
    ended: bool
    seconds: float
    heard: list[str]
    turns: list[TurnAnswer]
    language: str
    values: dict[str, Any]

    @classmethod
    def of(cls, run: Run) -> "RunAnswer":
        state = run.state
        return cls(
            path=list(state.path),
            notes=state.notes,
            ended=state.ended,
            seconds=run.seconds,
            heard=heard_in(run),
            turns=[TurnAnswer.of(turn) for turn in run.turns],
            language=state.language,
            values=state.values,
        )


def _command(command: Command) -> dict[str, Any]:
    return {"do": type(command).__name__, **asdict(command)}


NODE_TYPE: dict[str, Any] = {
    "type": "hang_up",
    "label": "Hang up",
    "label_zh": "挂机",
    "help": "End the call.",
    "help_zh": "结束通话。",
    "group": "end",
    "example": {"type": "hang_up"},
    "exits": [],
    "schema": {"type": "object"},
}


class NodeTypeAnswer(Output):
    """`schema` is JSON Schema; fields that lead to a node have `x-exit`, controls `x-kind`."""

    model_config = example(**NODE_TYPE)

    type: str
    label: str
    label_zh: str
    help: str
    help_zh: str
    group: str
    example: dict[str, Any]
    exits: list[dict[str, Any]]
    schema_: dict[str, Any] = Field(alias="schema", serialization_alias="schema")


class NodeTypeList(Output):
    """`flow`: the schema of a whole flow's own fields."""

    model_config = example(node_types=[NODE_TYPE], flow={"type": "object"})

    node_types: list[NodeTypeAnswer]
    flow: dict[str, Any]


class ReplayInput(Input):
    """Without ``graph`` the draft as it was saved. ``calls``: how many of the newest at most."""

    model_config = input_example(calls=100)

    graph: Graph | None = None
    calls: int = Field(default=100, ge=1, le=500)


class ComparisonAnswer(Output):
    """One call as it went and as it would go now, side by side."""

    model_config = example(
        call_id="hl1-1763843556.12",
        path=["answer", "greeting", "people", "survey", "end"],
        path_now=["answer", "menu", "people", "survey", "end"],
        notes={"seat": "1001"},
        notes_now={"seat": "1001"},
        parted_at="menu",
        unanswered="",
    )

    call_id: str
    path: list[str]
    path_now: list[str]
    notes: dict[str, str]
    notes_now: dict[str, str]
    parted_at: str = Field(description="The first node at which the two ways differ")
    unanswered: str = Field(description="What the draft asks that the recorded call cannot answer")

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonAnswer":
        return cls(
            call_id=found.call_id,
            path=list(found.path),
            path_now=list(found.path_now),
            notes=found.notes,
            notes_now=found.notes_now,
            parted_at=found.parted_at,
            unanswered=found.unanswered,
        )


class ReplayAnswer(Output):
    """`differ`: only calls that would end differently."""

    model_config = example(
        compared=100,
        differ=[ComparisonAnswer.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    compared: int
    differ: list[ComparisonAnswer]
