"""The `speak` node: the caller says the request; it is recorded and recognised as it is spoken."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, Say, TakeMessage
from callflow.events import Event, Failed, KeysPressed, MessageTaken
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Scene,
    Staying,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.message import EndKeys
from callflow.nodes.say import Say_


class SpeakNode(HearingNode):
    about: ClassVar = About(
        "说出诉求",
        "Speak a request",
        "边录边识别；按键、停顿或到时长结束。识别出的文字存为 heard.text。",
        "Recorded and recognised while spoken; a key, silence or the length ends it.",
        "intake",
    )
    example: ClassVar = {
        "type": "speak",
        "say": ["leave-message"],
        "said": "thanks",
        "silent": "people",
        "failed": "people",
    }

    type: Literal["speak"] = "speak"
    say: Say_
    max_s: Annotated[float, Label("最长（秒）", "Longest (s)"), Field(gt=0, le=1800)] = 120
    silence_s: Annotated[
        float, Label("停顿多久算说完（秒）", "Silence that ends it (s)"), Field(ge=1, le=30)
    ] = 3
    end_keys: EndKeys = "#"
    said: Annotated[str, Exit("说了", "Something was said", By.CALLER, serves=True)]
    silent: Annotated[str, Exit("没有说", "Nothing was said", By.CALLER)]
    failed: Annotated[str, Exit("无法录音", "Cannot be recorded", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        recorded = TakeMessage(self.max_s, self.silence_s, self.end_keys)
        return (Say(spoken(self.say, scene)), recorded)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case MessageTaken(spoke_s, words) if spoke_s >= 1:
                return Leaving(self.said, {"message": "taken"}, {"heard.text": words})
            case KeysPressed() if "skipped" not in scene.memory:  # it cut the prompt short
                taken = TakeMessage(self.max_s, self.silence_s, self.end_keys)
                return Staying((taken,), {"skipped": True})
            case MessageTaken() | KeysPressed():
                return Leaving(self.silent)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def broken_off(self) -> dict[str, str]:
        """Most people simply hang up when they have said it."""
        return {"message": "broken_off"}
