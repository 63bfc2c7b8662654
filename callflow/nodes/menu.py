"""The `menu` node: keys or spoken words choose where to go."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import AskKey, Command
from callflow.events import Event, Failed, Heard, KeysPressed, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Key,
    Label,
    Leaving,
    Parts,
    Scene,
    Staying,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.say import Say_

Tries = Annotated[int, Label("最多问几次", "Asked at most so often"), Field(ge=1, le=10)]
Timeout = Annotated[float, Label("等待（秒）", "Wait for an answer (s)"), Field(gt=0, le=60)]
Again = Annotated[Parts, Label("没听懂时先说", "Said before asking again", "prompts")]


class MenuNode(HearingNode):
    about: ClassVar = About(
        "按键菜单",
        "Menu",
        "按键或说出词语来选择。问满次数后走“其他”。",
        "Keys or spoken words choose; after so many tries the call goes on at “otherwise”.",
        "speech",
    )
    example: ClassVar = {
        "type": "menu",
        "say": ["key-hint"],
        "keys": {"1": "consult", "2": "people"},
        "words": {"1": ["咨询", "政策"]},
        "otherwise": "people",
    }

    type: Literal["menu"] = "menu"
    say: Say_
    keys: Annotated[dict[Key, str], Exit("按键", "Keys", By.CALLER), Field(min_length=1)]
    words: Annotated[
        dict[Key, tuple[Annotated[str, Field(min_length=1, max_length=20)], ...]],
        Label("同义的说法", "Words that mean the same", "words"),
    ] = Field(default_factory=dict)
    timeout_s: Timeout = 5
    tries: Tries = 2
    again: Again = ()
    otherwise: Annotated[str, Exit("其他", "Otherwise", By.CALLER)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (self._ask((), scene),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case KeysPressed(keys) if keys in self.keys:
                return Leaving(self.keys[keys])
            case Heard(text):
                key = self._meant(text)
                return Leaving(self.keys[key]) if key in self.keys else self._again(scene)
            case KeysPressed() | NoKey() | Failed():
                return self._again(scene)
            case _:
                raise UnexpectedEvent(self.type, event)

    def _again(self, scene: Scene) -> Leaving | Staying:
        asked = int(scene.memory.get("asked", 1))
        if asked >= self.tries:
            return Leaving(self.otherwise)
        return Staying((self._ask(self.again, scene),), {"asked": asked + 1})

    def _ask(self, before: Parts, scene: Scene) -> AskKey:
        phrases = tuple(word for words in self.words.values() for word in words)
        return AskKey(spoken((*before, *self.say), scene), self.timeout_s, phrases)

    def _meant(self, text: str) -> str:
        """The key whose longest word is in the text."""
        found = [(len(word), key) for key, words in self.words.items() for word in words
                 if word in text]  # fmt: skip
        return max(found, default=(0, ""))[1]

    def later(self, scene: Scene) -> tuple[Command, ...]:
        return (self._ask(self.again, scene),) * (self.tries - 1)
