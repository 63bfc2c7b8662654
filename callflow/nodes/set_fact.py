"""The `set_fact` node: remember something for later branches."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.conditions import Plain
from callflow.nodes.base import (
    About,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
)
from callflow.nodes.collect import FactName


class SetFactNode(NodeBase):
    about: ClassVar = About(
        "记下事实",
        "Set a fact",
        "把一个值存为 fact.名称，供后面的分支使用。",
        "Keep a value as fact.NAME for later branches.",
        "logic",
    )
    example: ClassVar = {"type": "set_fact", "fact": "topic", "value": "water", "then": "people"}

    type: Literal["set_fact"] = "set_fact"
    fact: Annotated[FactName, Label("名称", "Name")]
    value: Annotated[Plain, Label("值", "Value")] = Field(union_mode="left_to_right")
    then: Annotated[str, Exit("下一步", "Next")]

    def decide(self, scene: Scene) -> Leaving:
        return Leaving(self.then, values={f"fact.{self.fact}": self.value})
