"""The `expert` and `leader` nodes: a seat of a unit's expert, or of a leader on duty."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from callflow.commands import Ask, Command, EnterQueue, Say
from callflow.events import Done, Event, Failed, KeysPressed, Known, NobodyAnswered, Talked
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
)
from callflow.nodes.queue import QueueName, Skills

# The words are spoken by the synthetic voice, once for each roster.
ROSTER_WITHIN_S = 4.0
NOBODY_BOOKED = "leader-nobody"


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

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case Talked(seat):
                return Leaving(self.answered, {"seat": seat})
            case NobodyAnswered() | KeysPressed():
                return Leaving(self.otherwise)
            case _:
                raise UnexpectedEvent(self.type, event)


class ExpertNode(SeatNode):
    about: ClassVar = About(
        "专家坐席",
        "Expert seat",
        "转承办单位的专家坐席；无人接听时必须有去处。",
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
        "领导接听坐席",
        "Leader seat",
        "转当日接听的领导坐席；无人接听时必须有去处。",
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
    announce: Annotated[bool, Label("播报领导接听的日期和时间", "Tell when leaders take calls")] = (
        True
    )

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        """The windows on the roster first; a caller who is told another day waits for nobody."""
        if not self.announce:
            return super().enter(scene)
        return (Ask("roster", {"queue": self.queue}, ROSTER_WITHIN_S),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case Known(values):
                told = str(values.get("roster.announcement", NOBODY_BOOKED))
                if not values.get("roster.now"):
                    return Staying((Say((told,)),))
                return Staying((Say((told,)), *super().enter(scene)), {"told": True})
            case KeysPressed() if scene.memory.get("told"):  # cut the announcement short
                return Staying(super().enter(scene))
            case Failed():  # whom the roster cannot tell is put through all the same
                return Staying(super().enter(scene))
            case Done():
                return Leaving(self.otherwise)
            case _:
                return super().leave(event, scene)

    def later(self, scene: Scene) -> tuple[Command, ...]:
        return (Say((NOBODY_BOOKED,)), *super().enter(scene)) if self.announce else ()
