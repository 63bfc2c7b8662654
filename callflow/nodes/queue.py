"""The `queue` node: put the caller through to a person."""

from typing import Literal

from pydantic import Field

from callflow.commands import Command, EnterQueue
from callflow.events import Event, KeysPressed, NobodyAnswered, Talked
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent


class QueueNode(NodeBase):
    type: Literal["queue"] = "queue"
    wait_s: float = Field(default=20, gt=0, le=3600, description="How long a caller waits at most.")
    ring_s: float = Field(default=20, gt=0, le=120, description="How long one seat is rung.")
    answered: str = Field(description="Next node after the agent has hung up.")
    otherwise: str = Field(description="Next node when nobody answers or nobody is logged in.")

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (EnterQueue(self.wait_s, self.ring_s),)

    def leave(self, event: Event) -> Leaving:
        match event:
            case Talked(seat):
                return Leaving(self.answered, {"seat": seat})
            case NobodyAnswered() | KeysPressed():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)

    def exits(self) -> tuple[str, ...]:
        return (self.answered, self.otherwise)
