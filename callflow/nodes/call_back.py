"""The `call_back` node: offer to ring the caller back instead of waiting on."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Ask, AskKey, Command, Say
from callflow.events import Done, Event, Failed, KeysPressed, Known, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Key,
    Label,
    Leaving,
    Scene,
    Staying,
    UnexpectedEvent,
    spoken,
)
from callflow.nodes.menu import Timeout
from callflow.nodes.queue import QueueName
from callflow.nodes.say import Say_

WINDOW = "call_back.window"  # the prompt that tells it, as whoever registers it chose
LONGEST_TOLD = "call-back-within-4h"


class CallBackNode(HearingNode):
    about: ClassVar = About(
        "预约回拨",
        "Call-back offer",
        "请来电人按键接受回拨；登记成功后不必再等。",
        "A key accepts to be rung back; once it is registered nobody has to wait.",
        "people",
    )
    example: ClassVar = {
        "type": "call_back",
        "say": ["call-back-offer"],
        "accepted": "call-back-thanks",
        "declined": "people",
        "failed": "people",
    }

    type: Literal["call_back"] = "call_back"
    say: Say_
    key: Annotated[Key, Label("接受键", "Key that accepts")] = "1"
    queue: QueueName = "general"
    timeout_s: Timeout = 6
    accepted: Annotated[str, Exit("已登记", "Registered", By.CALLER, serves=True)]
    declined: Annotated[str, Exit("不需要", "Declined", By.CALLER)]
    failed: Annotated[str, Exit("登记失败", "Cannot be registered", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (AskKey(spoken(self.say, scene), self.timeout_s),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case KeysPressed(keys) if keys == self.key:
                return Staying((self._registered(scene),))
            case KeysPressed() | NoKey():
                return Leaving(self.declined)
            case Known(values) if WINDOW in values:  # the citizen hears until when we call
                said = Say((str(values[WINDOW]),))
                return Staying((said,), {"told": True}, values)
            case Known() | Done():
                return Leaving(self.accepted, {"call_back": "accepted"})
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def _registered(self, scene: Scene) -> Ask:
        given = {"caller": scene.facts.caller, "queue": self.queue}
        return Ask("call_back", {**given, "ticket_number": scene.facts.ticket_number})

    def later(self, scene: Scene) -> tuple[Command, ...]:
        return (self._registered(scene), Say((LONGEST_TOLD,)))
