"""The `three_way` node: caller, agent and another line speak together."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Command, ThreeWay
from callflow.events import Event, Failed, KeysPressed, Talked
from callflow.nodes.base import (
    About,
    By,
    Exit,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
)
from callflow.nodes.queue import QueueName
from callflow.nodes.transfer import LineName, Ring


class ThreeWayNode(NodeBase):
    about: ClassVar = About(
        "三方通话",
        "Three-way call",
        "来电人、话务员与另一条线路同时通话。",
        "The caller, an agent and another line speak together.",
        "people",
    )
    example: ClassVar = {
        "type": "three_way",
        "line": "110",
        "connected": "farewell",
        "failed": "people",
    }

    type: Literal["three_way"] = "three_way"
    line: LineName
    queue: QueueName = "general"
    ring_s: Ring = 30
    connected: Annotated[str, Exit("通话结束后", "After the conversation", serves=True)]
    failed: Annotated[str, Exit("没有接通", "Not connected", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (ThreeWay(self.line, self.ring_s, self.queue),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Talked(seat):
                return Leaving(self.connected, {"three_way": self.line, "seat": seat})
            case Failed() | KeysPressed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
