"""The `queue` node: put the caller through to a person."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, EnterQueue
from callflow.events import Event, KeysPressed, NobodyAnswered, Talked
from callflow.nodes.base import (
    About,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
)


class QueueNode(NodeBase):
    about: ClassVar = About(
        "转人工",
        "Queue for a person",
        "排队等候话务员；等候时按到的键可以另有去处。",
        "Wait for an agent; keys pressed while waiting may lead elsewhere.",
        "people",
    )
    example: ClassVar = {"type": "queue", "answered": "survey", "otherwise": "ask"}

    type: Literal["queue"] = "queue"
    wait_s: Annotated[float, Label("最长等候（秒）", "Longest wait (s)"), Field(gt=0, le=3600)] = 20
    ring_s: Annotated[
        float, Label("每个坐席振铃（秒）", "Ring one seat (s)"), Field(gt=0, le=120)
    ] = 20
    answered: Annotated[str, Exit("通话结束后", "After the agent has hung up", serves=True)]
    otherwise: Annotated[str, Exit("无人接听", "Nobody answers or is logged in")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (EnterQueue(self.wait_s, self.ring_s),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Talked(seat):
                return Leaving(self.answered, {"seat": seat})
            case NobodyAnswered() | KeysPressed():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)
