"""The `survey` node: one key that rates the service."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import AskKey, Command
from callflow.events import Event, KeysPressed, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Scene,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.say import Say_


class SurveyNode(HearingNode):
    about: ClassVar = About(
        "满意度评价",
        "Satisfaction survey",
        "请来电人按一个键评价本次服务。",
        "Ask for one key that rates the service.",
        "after",
    )
    example: ClassVar = {
        "type": "survey",
        "say": ["satisfaction"],
        "rated": "rated",
        "otherwise": "farewell",
    }

    type: Literal["survey"] = "survey"
    say: Say_
    keys: Annotated[str, Label("评价键", "Keys that rate"), Field(pattern=r"^[0-9*#]+$")] = "12345"
    timeout_s: Annotated[
        float, Label("等待按键（秒）", "Wait for a key (s)"), Field(gt=0, le=60)
    ] = 6
    rated: Annotated[str, Exit("已评价", "Rated", By.CALLER)]
    otherwise: Annotated[str, Exit("没按或按了别的键", "Silence or another key", By.CALLER)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (AskKey(spoken(self.say, scene), self.timeout_s),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case KeysPressed(keys) if len(keys) == 1 and keys in self.keys:
                return Leaving(self.rated, {"satisfaction": keys})
            case KeysPressed() | NoKey():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)
