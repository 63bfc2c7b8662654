"""The `message` node: the caller says the request after a tone."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, TakeMessage
from callflow.events import Event, KeysPressed, MessageTaken
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Scene,
    UnexpectedEvent,
)

EndKeys = Annotated[str, Label("结束键", "Keys that end it"), Field(pattern=r"^[0-9*#]+$")]


class MessageNode(HearingNode):
    about: ClassVar = About(
        "留言",
        "Leave a message",
        "提示音之后请来电人说出诉求并录音；按结束键、停顿或到时长为止。",
        "After a tone the caller says the request; a key, silence or the length ends it.",
        "intake",
    )
    example: ClassVar = {"type": "message", "taken": "thanks", "empty": "nothing-heard"}

    type: Literal["message"] = "message"
    max_s: Annotated[float, Label("最长（秒）", "Longest (s)"), Field(gt=0, le=1800)] = 180
    silence_s: Annotated[
        float, Label("停顿多久算说完（秒）", "Silence that ends it (s)"), Field(ge=1, le=30)
    ] = 4
    end_keys: EndKeys = "#"
    shortest_s: Annotated[
        float, Label("短于此算没说（秒）", "Less than this counts as nothing (s)"), Field(ge=0)
    ] = 1.0
    taken: Annotated[str, Exit("说了", "Something was said", By.CALLER, serves=True)]
    empty: Annotated[str, Exit("没有说", "Nothing was said", By.CALLER, serves=True)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (TakeMessage(self.max_s, self.silence_s, self.end_keys),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
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
