"""The `answer` node: take the call."""

from typing import Literal

from callflow.commands import Answer, Command
from callflow.events import Done, Event
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent


class AnswerNode(NodeBase):
    type: Literal["answer"] = "answer"
    then: str

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (Answer(),)

    def leave(self, event: Event) -> Leaving:
        if not isinstance(event, Done):
            raise UnexpectedEvent(self.type, event)
        return Leaving(self.then)

    def exits(self) -> tuple[str, ...]:
        return (self.then,)
