"""The `say` node: play prompts. A key that means nothing here only cuts them short."""

from typing import Literal

from pydantic import Field

from callflow.commands import Command, Say
from callflow.events import Done, Event, KeysPressed
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent, spoken


class SayNode(NodeBase):
    type: Literal["say"] = "say"
    say: tuple[str, ...] = Field(
        min_length=1, description="Prompt keys in order; {ticket_number} reads the number out."
    )
    then: str

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (Say(spoken(self.say, facts)),)

    def leave(self, event: Event) -> Leaving:
        match event:
            case Done() | KeysPressed():
                return Leaving(self.then)
            case _:
                raise UnexpectedEvent(self.type, event)

    def exits(self) -> tuple[str, ...]:
        return (self.then,)
