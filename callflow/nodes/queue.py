"""The `queue` node: put the caller through to a person."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Ask, Command, EnterQueue, Say
from callflow.events import Event, Failed, KeysPressed, Known, NobodyAnswered, Talked
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
    Value,
    spoken,
)

Skills = Annotated[
    dict[str, Annotated[int, Field(ge=1, le=10)]], Label("需要的技能", "Skills needed", "skills")
]
QueueName = Annotated[str, Label("队列", "Queue"), Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class QueueNode(HearingNode):
    about: ClassVar = About(
        "转人工",
        "Queue for a person",
        "排队等候话务员；可隔一段时间播报位置与预计等候，等候时按到的键可以另有去处。",
        "Wait for an agent; announcements in between, and keys that lead elsewhere.",
        "people",
    )
    example: ClassVar = {"type": "queue", "answered": "survey", "otherwise": "ask"}

    type: Literal["queue"] = "queue"
    queue: QueueName = "general"
    skills: Skills = Field(default_factory=dict)
    wait_s: Annotated[float, Label("最长等候（秒）", "Longest wait (s)"), Field(gt=0, le=3600)] = 20
    ring_s: Annotated[
        float, Label("每个坐席振铃（秒）", "Ring one seat (s)"), Field(gt=0, le=120)
    ] = 20
    announce: Annotated[Parts, Label("等候播报", "Announcement while waiting", "prompts")] = ()
    every_s: Annotated[
        float, Label("每隔（秒）播报", "Announce every (s)"), Field(ge=10, le=600)
    ] = 30
    keys: Annotated[dict[Key, str], Exit("等候时按键", "Keys while waiting", By.CALLER)] = Field(
        default_factory=dict
    )
    answered: Annotated[str, Exit("通话结束后", "After the agent has hung up", serves=True)]
    otherwise: Annotated[str, Exit("无人接听", "Nobody answers or is logged in")]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (self._wait(self.wait_s, scene),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case Talked(seat):
                return Leaving(self.answered, {"seat": seat})
            case KeysPressed(keys) if keys in self.keys:
                return Leaving(self.keys[keys])
            case Known(values):
                return self._announced(scene, values)
            case Failed():
                return self._announced(scene, {})
            case NobodyAnswered(logged_in=True) if self._left_s(scene) > 0:
                memory: dict[str, Value] = {"waited": self.wait_s - self._left_s(scene)}
                return Staying((Ask("queue", {"queue": self.queue}),), memory)
            case NobodyAnswered():
                return Leaving(self.otherwise)
            case KeysPressed():  # no wish to leave: the place in the queue is kept
                waited = float(scene.memory.get("waited", 0.0))
                return Staying((self._wait(self.wait_s - waited, scene),), dict(scene.memory))
            case _:
                raise UnexpectedEvent(self.type, event)

    def _announced(self, scene: Scene, values: dict[str, Value]) -> Staying:
        """Say where the caller stands, then wait on; the queue keeps the place."""
        waited = float(scene.memory.get("waited", 0.0))
        known = Scene(scene.facts, scene.now, scene.language, {**scene.values, **values})
        said = Say(spoken(self.announce, known))
        return Staying((said, self._wait(self.wait_s - waited, scene)), {"waited": waited}, values)

    def _left_s(self, scene: Scene) -> float:
        """What is left of the waiting time when the present stretch of it is over."""
        left = self.wait_s - float(scene.memory.get("waited", 0.0))
        return max(0.0, left - self.every_s) if self.announce else 0.0

    def _wait(self, left_s: float, scene: Scene) -> EnterQueue:
        stretch = min(left_s, self.every_s) if self.announce else left_s
        keys = "".join(dict.fromkeys("".join(self.keys) + scene.keys))
        return EnterQueue(stretch, self.ring_s, self.queue, self.skills, keys=keys)

    def later(self, scene: Scene) -> tuple[Command, ...]:
        if not self.announce or self.wait_s <= self.every_s:
            return ()
        rest = self.wait_s - self.every_s
        announced = -(-rest // self.every_s)
        said = Say(spoken(self.announce, scene))
        ask = Ask("queue", {"queue": self.queue})
        return (EnterQueue(rest, self.ring_s), *((ask, said) * int(announced)))
