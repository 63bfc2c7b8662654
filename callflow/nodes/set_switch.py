"""The `set_switch` node: turn a switch by telephone, such as bad weather."""

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


class SetSwitchNode(NodeBase):
    about: ClassVar = About(
        "打开或关闭开关",
        "Turn a switch",
        "值班人员来电打开或关闭开关（如恶劣天气）；前面要用收集数字核对口令。",
        "The duty officer turns a switch by telephone; check a code before, with collect digits.",
        "logic",
    )
    example: ClassVar = {
        "type": "set_switch",
        "switch": "bad-weather",
        "on": True,
        "turned": "done",
        "failed": "sorry",
    }

    type: Literal["set_switch"] = "set_switch"
    switch: Annotated[str, Label("开关", "Switch"), Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    on: Annotated[bool, Label("打开", "On")]
    turned: Annotated[str, Exit("已设置", "Turned")]
    failed: Annotated[str, Exit("设置失败", "Cannot be turned", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        given = {"name": self.switch, "on": "yes" if self.on else "no"}
        return (Ask("set_switch", {**given, "caller": scene.facts.caller}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known():
                return Leaving(self.turned, {f"switch.{self.switch}": "on" if self.on else "off"})
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
