"""The `sub_flow` and `return` nodes: a part that several flows share (`callflow.linking`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, HangUp
from callflow.events import Event
from callflow.nodes.base import (
    About,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
)

Outcome = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class SubFlowNode(NodeBase):
    about: ClassVar = About(
        "子流程",
        "Sub-flow",
        "走另一个已发布的流程，按它的“返回”结果继续；发布时并入，之后不再变化。",
        "Another published flow; its “return” chooses the way on. Taken over at publication.",
        "logic",
    )
    example: ClassVar = {"type": "sub_flow", "flow": "greeting", "returns": {"done": "people"}}

    type: Literal["sub_flow"] = "sub_flow"
    flow: Annotated[str, Label("流程", "Flow", "flow"), Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    returns: Annotated[dict[Outcome, str], Exit("返回", "Returns"), Field(min_length=1)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (HangUp(),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        raise UnexpectedEvent(self.type, event)


class ReturnNode(NodeBase):
    about: ClassVar = About(
        "返回",
        "Return",
        "结束子流程，把结果交给调用它的流程。",
        "The end of a sub-flow: its outcome goes to the flow that used it.",
        "end",
    )
    example: ClassVar = {"type": "return", "outcome": "done"}

    type: Literal["return"] = "return"
    outcome: Annotated[Outcome, Label("结果", "Outcome")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (HangUp(),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        raise UnexpectedEvent(self.type, event)
