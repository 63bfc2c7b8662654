"""The `intent` node: what the caller says in a few words chooses the way."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from callflow.commands import AskKey, Command
from callflow.events import Event, Failed, Heard, KeysPressed, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Leaving,
    Scene,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.menu import Timeout
from callflow.nodes.say import Say_


class Meaning(BaseModel):
    """Words any of which lead there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = Field(min_length=1)
    to: str


class IntentNode(HearingNode):
    about: ClassVar = About(
        "听懂意图",
        "Intent",
        "来电人说几个字；一听到其中的词语就走对应分支，不必等说完。",
        "A few spoken words choose; a word is enough, also before the caller has finished.",
        "speech",
    )
    example: ClassVar = {
        "type": "intent",
        "say": ["leave-message"],
        "meanings": [{"words": ["供水", "停水"], "to": "water"}],
        "otherwise": "people",
        "failed": "people",
    }

    type: Literal["intent"] = "intent"
    say: Say_
    timeout_s: Timeout = 8
    meanings: Annotated[
        tuple[Meaning, ...], Exit("听到", "Words heard", By.CALLER), Field(min_length=1)
    ]
    otherwise: Annotated[str, Exit("没听懂或没有说", "Not understood or silent", By.CALLER)]
    failed: Annotated[str, Exit("识别不可用", "Recognition is down", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        phrases = tuple(word for meaning in self.meanings for word in meaning.words)
        return (AskKey(spoken(self.say, scene), self.timeout_s, phrases),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Heard(text):
                return Leaving(self._meant(text), values={"heard.text": text})
            case NoKey() | KeysPressed():
                return Leaving(self.otherwise)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def _meant(self, text: str) -> str:
        found = [(len(word), meaning.to) for meaning in self.meanings for word in meaning.words
                 if word in text]  # fmt: skip
        return max(found, default=(0, self.otherwise))[1]
