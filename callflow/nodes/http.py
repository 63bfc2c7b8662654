"""The `http` node: ask an allowed server something; two seconds at most."""

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
from callflow.nodes.collect import FactName


class HttpNode(NodeBase):
    about: ClassVar = About(
        "调用接口",
        "HTTP call",
        "向名单内的服务器提问，最多两秒；答复 JSON 的各项存为 fact.名称。",
        "Ask a server on the allow-list, two seconds at most; fields of its JSON become fact.NAME.",
        "logic",
    )
    example: ClassVar = {
        "type": "http",
        "url": "http://127.0.0.1:9000/outage",
        "send": ["call.dialled"],
        "keep": ["outage"],
        "answered": "tell",
        "failed": "people",
    }

    type: Literal["http"] = "http"
    url: Annotated[str, Label("地址", "Address"), Field(pattern=r"^https?://[^\s@]{1,300}$")]
    send: Annotated[
        tuple[str, ...],
        Label("随问题发送的事实", "Facts sent along", "facts"),
        Field(max_length=10),
    ] = ()
    keep: Annotated[
        tuple[FactName, ...],
        Label("保留的答复项", "Fields of the answer kept"),
        Field(max_length=10),
    ] = ()
    answered: Annotated[str, Exit("有答复", "Answered")]
    failed: Annotated[str, Exit("没有答复", "No answer in time, or an error", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        sent = {name: str(scene.value(name) or "") for name in self.send}
        return (Ask("http", {"url": self.url, **sent}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known(values):
                kept = {f"fact.{name}": values[name] for name in self.keep if name in values}
                return Leaving(self.answered, values=kept)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)
