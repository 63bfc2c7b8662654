"""The `hang_up` node: the end of a flow."""

from typing import Literal

from callflow.commands import Command, HangUp
from callflow.events import Event
from callflow.nodes.base import Facts, Leaving, NodeBase, UnexpectedEvent


class HangUpNode(NodeBase):
    type: Literal["hang_up"] = "hang_up"

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        return (HangUp(),)

    def leave(self, event: Event) -> Leaving:
        raise UnexpectedEvent(self.type, event)

    def exits(self) -> tuple[str, ...]:
        return ()
