"""The `branch` node: conditions over facts choose the way."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callflow.commands import Ask, Command
from callflow.conditions import LOOKED_UP, Condition, facts_in, holds
from callflow.events import Event, Failed, Known
from callflow.nodes.base import (
    About,
    By,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
    Value,
)


class Case(BaseModel):
    """The first case that holds is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: Condition
    to: str


class BranchNode(NodeBase):
    about: ClassVar = About(
        "条件分支",
        "Branch",
        "按来电、时间、排队、工单等事实判断，依次取第一个成立的分支。",
        "Facts of the call, the time, the queue or the ticket: the first case that holds.",
        "logic",
    )
    example: ClassVar = {
        "type": "branch",
        "cases": [{"when": {"fact": "queue.waiting", "is": ">=", "value": 5}, "to": "offer"}],
        "otherwise": "people",
        "failed": "people",
    }

    type: Literal["branch"] = "branch"
    cases: Annotated[
        tuple[Case, ...], Exit("条件成立", "Cases"), Field(min_length=1, max_length=20)
    ]
    queue: Annotated[str, Label("看哪个队列", "Which queue"), Field(max_length=40)] = "general"
    otherwise: Annotated[str, Exit("都不成立", "Otherwise")]
    failed: Annotated[str, Exit("查询失败", "The look-up failed", By.ERROR)] = ""

    @model_validator(mode="after")
    def _look_ups_may_fail(self) -> Self:
        if len(self._asks()) > 1:
            raise ValueError(f"{' and '.join(self._asks())}: one node looks up one kind of fact")
        if self._asks() and not self.failed:
            raise ValueError(f"{', '.join(self._asks())} is looked up: an edge `failed` is wanted")
        return self

    def decide(self, scene: Scene) -> Leaving | None:
        return None if self._asks() else Leaving(self._chosen(scene, {}))

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        given = {"queue": self.queue, "caller": scene.facts.caller}
        return (Ask(self._asks()[0], given),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known(values):
                return Leaving(self._chosen(scene, values), values=values)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def _asks(self) -> list[str]:
        facts = {fact for case in self.cases for fact in facts_in(case.when)}
        groups = {fact.split(".")[0] for fact in facts} & LOOKED_UP
        switches = {"switches"} if any(fact.startswith("switch.") for fact in facts) else set()
        return sorted(groups | switches)

    def _chosen(self, scene: Scene, values: dict[str, Value]) -> str:
        def value(fact: str) -> Value | None:
            return values[fact] if fact in values else scene.value(fact)

        return next((case.to for case in self.cases if holds(case.when, value)), self.otherwise)
