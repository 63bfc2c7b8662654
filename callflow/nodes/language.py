"""The `language` node: the caller chooses in which language or dialect to go on."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import AskKey, Command
from callflow.events import Event, KeysPressed, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Key,
    Label,
    Leaving,
    Scene,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.menu import Timeout
from callflow.nodes.say import Say_


class LanguageNode(HearingNode):
    about: ClassVar = About(
        "选择语言",
        "Language or dialect",
        "按键选择语言或方言，之后的语音都用它；没按则不变。",
        "A key chooses the language of everything that follows; without a key it stays.",
        "speech",
    )
    example: ClassVar = {
        "type": "language",
        "say": ["choose-language"],
        "languages": {"1": "zh-CN", "2": "en"},
        "then": "greeting",
    }

    type: Literal["language"] = "language"
    say: Say_
    languages: Annotated[dict[Key, str], Label("按键与语言", "Key and language", "languages")] = (
        Field(min_length=1)
    )
    timeout_s: Timeout = 5
    then: Annotated[str, Exit("下一步", "Next", By.CALLER)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (AskKey(spoken(self.say, scene), self.timeout_s),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case KeysPressed(keys) if keys in self.languages:
                return Leaving(self.then, language=self.languages[keys])
            case KeysPressed() | NoKey():
                return Leaving(self.then)
            case _:
                raise UnexpectedEvent(self.type, event)
