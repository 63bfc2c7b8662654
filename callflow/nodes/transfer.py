"""The `transfer` node: connect the caller to another line, such as a utility or the province."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callflow.commands import Command, Transfer
from callflow.events import Event, Failed, KeysPressed, Talked
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

LineName = Annotated[
    str,
    Label("线路", "Line (a name from the settings)"),
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$"),
]
Ring = Annotated[float, Label("振铃（秒）", "Ring (s)"), Field(gt=0, le=120)]


class TransferNode(NodeBase):
    about: ClassVar = About(
        "转其他热线",
        "Transfer to another line",
        "转供水、供电、燃气、省级热线等；线路名在系统设置里登记。",
        "To a utility, the province or 110/119/120/122; the line's name stands in the settings.",
        "people",
    )
    example: ClassVar = {
        "type": "transfer",
        "line": "water",
        "connected": "farewell",
        "failed": "people",
    }

    type: Literal["transfer"] = "transfer"
    line: LineName
    ring_s: Ring = 30
    connected: Annotated[str, Exit("通话结束后", "After the conversation", serves=True)]
    failed: Annotated[str, Exit("没有接通", "Not connected", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Transfer(self.line, self.ring_s),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Talked():
                return Leaving(self.connected, {"transferred": self.line})
            case Failed() | KeysPressed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
