"""The `emergency` node: hand the caller to 110, 119, 120 or 122 for good."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Command, EmergencyTransfer
from callflow.events import Event
from callflow.nodes.base import About, Label, Leaving, NodeBase, Scene, UnexpectedEvent


class EmergencyNode(NodeBase):
    about: ClassVar = About(
        "转紧急电话",
        "Emergency transfer",
        "转接 110、119、120 或 122，不再返回。来电人在任何地方按这些号码也会转接。",
        "Hand over to 110, 119, 120 or 122 for good. Keying them works everywhere anyway.",
        "end",
    )
    example: ClassVar = {"type": "emergency", "number": "119"}

    type: Literal["emergency"] = "emergency"
    number: Annotated[Literal["110", "119", "120", "122"], Label("号码", "Number")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (EmergencyTransfer(self.number),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        raise UnexpectedEvent(self.type, event)
