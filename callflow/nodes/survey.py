"""The `survey` node: one key that rates the service."""

from typing import Literal

from pydantic import Field

from callflow.commands import AskKey, Command
from callflow.events import Event, KeysPressed, NoKey
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent, spoken


class SurveyNode(NodeBase):
    type: Literal["survey"] = "survey"
    say: tuple[str, ...] = Field(min_length=1)
    keys: str = Field(default="12345", pattern=r"^[0-9*#]+$", description="Keys that rate.")
    timeout_s: float = Field(default=6, gt=0, le=60)
    rated: str
    otherwise: str = Field(description="Next node on silence or another key.")

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (AskKey(spoken(self.say, facts), self.timeout_s),)

    def leave(self, event: Event) -> Leaving:
        match event:
            case KeysPressed(keys) if len(keys) == 1 and keys in self.keys:
                return Leaving(self.rated, {"satisfaction": keys})
            case KeysPressed() | NoKey():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)

    def exits(self) -> tuple[str, ...]:
        return (self.rated, self.otherwise)
