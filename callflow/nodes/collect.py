"""The `collect` node: figures keyed in, such as a ticket number."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callflow.commands import AskDigits, Command
from callflow.events import DigitsTaken, Event, KeysPressed, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Parts,
    Scene,
    Staying,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.menu import Again, Timeout, Tries
from callflow.nodes.say import Say_

FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class CollectNode(HearingNode):
    about: ClassVar = About(
        "收集数字",
        "Collect digits",
        "请来电人按出一串数字，存为 fact.名称。单独按 110 等仍转紧急电话。",
        "The caller keys in figures, kept as fact.NAME. 110 and a pause is still an emergency.",
        "speech",
    )
    example: ClassVar = {
        "type": "collect",
        "say": ["key-hint"],
        "fact": "id",
        "least": 4,
        "most": 12,
        "taken": "next",
        "otherwise": "people",
    }

    type: Literal["collect"] = "collect"
    say: Say_
    fact: Annotated[FactName, Label("存为", "Kept as")]
    least: Annotated[int, Label("最少位数", "Fewest figures"), Field(ge=1, le=30)] = 1
    most: Annotated[int, Label("最多位数", "Most figures"), Field(ge=1, le=30)] = 12
    end_key: Annotated[str, Label("结束键", "End key"), Field(pattern=r"^[*#]$")] = "#"
    first_s: Timeout = 8
    between_s: Timeout = 4
    tries: Tries = 2
    again: Again = ()
    taken: Annotated[str, Exit("按了", "Keyed in", By.CALLER)]
    otherwise: Annotated[str, Exit("没按够", "Not enough", By.CALLER)]

    @model_validator(mode="after")
    def _least_fits_most(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"least {self.least} is more than most {self.most}")
        return self

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (self._ask((), scene),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case DigitsTaken(figures) if self.least <= len(figures) <= self.most:
                return Leaving(self.taken, values={f"fact.{self.fact}": figures})
            case DigitsTaken() | NoKey() | KeysPressed():
                asked = int(scene.memory.get("asked", 1))
                if asked >= self.tries:
                    return Leaving(self.otherwise)
                return Staying((self._ask(self.again, scene),), {"asked": asked + 1})
            case _:
                raise UnexpectedEvent(self.type, event)

    def _ask(self, before: Parts, scene: Scene) -> AskDigits:
        said = spoken((*before, *self.say), scene)
        return AskDigits(said, self.most, self.end_key, self.first_s, self.between_s)

    def later(self, scene: Scene) -> tuple[Command, ...]:
        return (self._ask(self.again, scene),) * (self.tries - 1)
