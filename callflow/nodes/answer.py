"""The `answer` node: take the call."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Answer, Command
from callflow.events import Done, Event
from callflow.nodes.base import About, Exit, Leaving, NodeBase, Scene, UnexpectedEvent


class AnswerNode(NodeBase):
    about: ClassVar = About(
        "接听", "Answer", "接起电话。流程的第一步。", "Take the call: the first step.", "start"
    )
    example: ClassVar = {"type": "answer", "then": "greeting"}

    type: Literal["answer"] = "answer"
    then: Annotated[str, Exit("下一步", "Next")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Answer(),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        if not isinstance(event, Done):
            raise UnexpectedEvent(self.type, event)
        return Leaving(self.then)
