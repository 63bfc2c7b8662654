"""The `expert` and `leader` nodes: a seat of a unit's expert, or of a leader on duty."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, EnterQueue
from callflow.events import Event, KeysPressed, NobodyAnswered, Talked
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
from callflow.nodes.queue import QueueName, Skills


class SeatNode(HearingNode):
    """What both have in common: a queue of their own, and a way on when nobody is there."""

    queue: QueueName
    skills: Skills = Field(default_factory=dict)
    seat: Annotated[
        str, Label("指定坐席", "A certain seat"), Field(pattern=r"^[0-9]{2,16}$|^$")
    ] = ""
    wait_s: Annotated[float, Label("最长等候（秒）", "Longest wait (s)"), Field(gt=0, le=600)] = 30
    ring_s: Annotated[float, Label("振铃（秒）", "Ring (s)"), Field(gt=0, le=120)] = 30
    answered: Annotated[str, Exit("通话结束后", "After the seat has hung up", serves=True)]
    otherwise: Annotated[str, Exit("无人接听", "Nobody answers", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        wait = EnterQueue(self.wait_s, self.ring_s, self.queue, self.skills, self.seat, scene.keys)
        return (wait,)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Talked(seat):
                return Leaving(self.answered, {"seat": seat})
            case NobodyAnswered() | KeysPressed():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)


class ExpertNode(SeatNode):
    about: ClassVar = About(
        "专家座席",
        "Expert seat",
        "转承办单位的专家座席；无人接听时必须有去处。",
        "To an expert of a handling unit; there must be a way on when nobody answers.",
        "people",
    )
    example: ClassVar[dict[str, Any]] = {
        "type": "expert",
        "skills": {"housing": 3},
        "answered": "survey",
        "otherwise": "people",
    }

    type: Literal["expert"] = "expert"
    queue: QueueName = "experts"


class LeaderNode(SeatNode):
    about: ClassVar = About(
        "领导接听座席",
        "Leader seat",
        "转当日接听的领导座席；无人接听时必须有去处。",
        "To the leader who takes calls today; there must be a way on when nobody answers.",
        "people",
    )
    example: ClassVar[dict[str, Any]] = {
        "type": "leader",
        "answered": "survey",
        "otherwise": "people",
    }

    type: Literal["leader"] = "leader"
    queue: QueueName = "leaders"
