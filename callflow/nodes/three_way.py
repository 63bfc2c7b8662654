"""The `three_way` node: an agent and another line, both at once with the caller."""

from typing import Any, ClassVar, Literal

from callflow.commands import Command, EnterQueue
from callflow.nodes.base import About, Scene
from callflow.nodes.expert import SeatNode
from callflow.nodes.queue import QueueName
from callflow.nodes.transfer import LineName


class ThreeWayNode(SeatNode):
    about: ClassVar = About(
        "三方通话",
        "Three-way call",
        "坐席接起后，把另一条线路（如 110、供水、翻译）拉进来三方通话；对方没接，两方照常通话。",
        "To an agent; once one has answered, another line (110, a utility, an interpreter) is "
        "rung into the conversation. Whoever does not come is done without.",
        "people",
    )
    example: ClassVar[dict[str, Any]] = {
        "type": "three_way",
        "line": "110",
        "answered": "survey",
        "otherwise": "people",
    }

    type: Literal["three_way"] = "three_way"
    line: LineName
    queue: QueueName = "general"

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        queue = EnterQueue(
            self.wait_s, self.ring_s, self.queue, self.skills, self.seat, scene.keys, self.line
        )
        return (queue,)
