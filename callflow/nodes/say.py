"""The `say` node: play prompts. A key that means nothing here only cuts them short."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, Say
from callflow.events import Done, Event, KeysPressed
from callflow.nodes.base import (
    About,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Parts,
    Scene,
    UnexpectedEvent,
    spoken,
)

Say_ = Annotated[Parts, Label("播放内容", "What is said", "prompts"), Field(min_length=1)]


class SayNode(HearingNode):
    about: ClassVar = About(
        "播报",
        "Say",
        "按顺序播放语音、文字或数值；{ticket_number} 念出工单号。按键可以打断。",
        "Play prompts, texts or values in order; {ticket_number} reads the number. A key cuts it.",
        "speech",
    )
    example: ClassVar = {"type": "say", "say": ["greeting"], "then": "people"}

    type: Literal["say"] = "say"
    say: Say_
    then: Annotated[str, Exit("下一步", "Next")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Say(spoken(self.say, scene)),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Done() | KeysPressed():
                return Leaving(self.then)
            case _:
                raise UnexpectedEvent(self.type, event)
