"""The `block_check` node: suspended callers are refused, emergencies excepted."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Ask, Command
from callflow.events import Event, Failed, Known
from callflow.nodes.base import (
    About,
    By,
    Exit,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
)


class BlockCheckNode(NodeBase):
    about: ClassVar = About(
        "停权检查",
        "Block check",
        "被暂停服务的来电人走“停权”；他们仍可按 110 等转紧急电话。查询失败按正常放行。",
        "Suspended callers are led to “refused”; keying 110 still works. A failed check lets pass.",
        "logic",
    )
    example: ClassVar = {
        "type": "block_check",
        "then": "greeting",
        "refused": "suspended",
        "failed": "greeting",
    }

    type: Literal["block_check"] = "block_check"
    then: Annotated[str, Exit("正常", "Not suspended")]
    refused: Annotated[str, Exit("停权", "Refused", suspends=True)]
    failed: Annotated[str, Exit("查询失败", "The check failed", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Ask("caller", {"caller": scene.facts.caller}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known(values):
                suspended = values.get("caller.suspended") is True
                notes = {"suspended": "yes"} if suspended else {}
                return Leaving(self.refused if suspended else self.then, notes, values)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
