"""The `hang_up` node: the end of a flow."""

from typing import ClassVar, Literal

from callflow.commands import Command, HangUp
from callflow.events import Event
from callflow.nodes.base import About, Leaving, NodeBase, Scene, UnexpectedEvent


class HangUpNode(NodeBase):
    about: ClassVar = About("挂机", "Hang up", "结束通话。", "End the call.", "end")
    example: ClassVar = {"type": "hang_up"}

    type: Literal["hang_up"] = "hang_up"

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (HangUp(),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        raise UnexpectedEvent(self.type, event)
