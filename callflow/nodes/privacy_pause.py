"""The `privacy_pause` node: record nothing for a while, or go on recording."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Ask, Command
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
)


class PrivacyPauseNode(NodeBase):
    about: ClassVar = About(
        "隐私暂停",
        "Privacy pause",
        "来电人说证件号、卡号时暂停录音和识别；用同样的节点恢复，最长两分钟后自动恢复。",
        "Nothing is recorded or recognised while a caller says an identity or card number; the "
        "same node ends it, and two minutes at the latest.",
        "logic",
    )
    example: ClassVar = {
        "type": "privacy_pause",
        "on": True,
        "then": "card-number",
        "failed": "people",
    }

    type: Literal["privacy_pause"] = "privacy_pause"
    on: Annotated[bool, Label("暂停录音", "Pause")]
    then: Annotated[str, Exit("下一步", "Next")]
    failed: Annotated[str, Exit("未能暂停", "Cannot be paused", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Ask("privacy_pause", {"on": "yes" if self.on else "no"}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known():
                return Leaving(self.then)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
