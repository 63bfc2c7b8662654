"""The `message` node: the caller says the request after a tone."""

from typing import Literal

from pydantic import Field

from callflow.commands import Command, TakeMessage
from callflow.events import Event, KeysPressed, MessageTaken
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent


class MessageNode(NodeBase):
    type: Literal["message"] = "message"
    max_s: float = Field(default=180, gt=0, le=1800)
    silence_s: float = Field(default=4, ge=1, le=30, description="Silence that ends the message.")
    end_keys: str = Field(default="#", pattern=r"^[0-9*#]+$")
    shortest_s: float = Field(default=1.0, ge=0, description="Less than this counts as nothing.")
    taken: str = Field(description="Next node when something was said.")
    empty: str = Field(description="Next node when nothing was said.")

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (TakeMessage(self.max_s, self.silence_s, self.end_keys),)

    def leave(self, event: Event) -> Leaving:
        match event:
            case MessageTaken(spoke_s) if spoke_s >= self.shortest_s:
                return Leaving(self.taken, {"message": "taken"})
            case MessageTaken() | KeysPressed():
                return Leaving(self.empty)
            case _:
                raise UnexpectedEvent(self.type, event)

    def broken_off(self) -> dict[str, str]:
        """Most people simply hang up when they have said it."""
        return {"message": "broken_off"}

    def exits(self) -> tuple[str, ...]:
        return (self.taken, self.empty)
