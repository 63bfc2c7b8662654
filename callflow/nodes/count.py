"""The `count` node: the exit of a loop, after so many rounds."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.nodes.base import (
    About,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
)
from callflow.nodes.collect import FactName


class CountNode(NodeBase):
    about: ClassVar = About(
        "计次",
        "Count",
        "前几次走“再来”，之后走“够了”；循环由它结束。",
        "The first times “again”, afterwards “enough”: this ends a loop.",
        "logic",
    )
    example: ClassVar = {
        "type": "count",
        "name": "tries",
        "most": 2,
        "again": "ask",
        "enough": "people",
    }

    type: Literal["count"] = "count"
    name: Annotated[FactName, Label("名称", "Name")]
    most: Annotated[int, Label("最多几次", "At most so often"), Field(ge=1, le=20)]
    again: Annotated[str, Exit("再来", "Again")]
    enough: Annotated[str, Exit("够了", "Enough")]

    def decide(self, scene: Scene) -> Leaving:
        done = int(scene.values.get(f"count.{self.name}", 0))
        if done >= self.most:
            return Leaving(self.enough)
        return Leaving(self.again, values={f"count.{self.name}": done + 1})
