"""The `send_sms` node: a text message to the caller."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

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


class SendSmsNode(NodeBase):
    about: ClassVar = About(
        "发短信",
        "Send a text message",
        "给来电号码发短信；{ticket_number} 换成工单号。",
        "To the caller's number; {ticket_number} becomes the number of the ticket.",
        "tickets",
    )
    example: ClassVar = {
        "type": "send_sms",
        "text": "您的工单号是 {ticket_number}。",
        "sent": "farewell",
        "failed": "farewell",
    }

    type: Literal["send_sms"] = "send_sms"
    text: Annotated[str, Label("短信内容", "Text"), Field(min_length=1, max_length=300)]
    sent: Annotated[str, Exit("已发出", "Sent")]
    failed: Annotated[str, Exit("发送失败", "Cannot be sent", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        text = self.text.replace("{ticket_number}", scene.facts.ticket_number)
        return (Ask("sms", {"to": scene.facts.caller, "text": text}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known():
                return Leaving(self.sent, {"sms": "sent"})
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
