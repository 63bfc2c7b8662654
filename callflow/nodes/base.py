"""What every node has in common."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from callflow.commands import Command, Digits, Spoken
from callflow.events import Event

TICKET_NUMBER = "{ticket_number}"


@dataclass(frozen=True)
class Facts:
    """What a flow knows of the call it leads."""

    caller: str
    dialled: str
    ticket_number: str


@dataclass(frozen=True)
class Leaving:
    """Where to go next, and what to write down about the call."""

    to: str
    notes: dict[str, str] = field(default_factory=dict)


class UnexpectedEvent(Exception):
    """The line reported something this node never asked for."""

    def __init__(self, node_type: str, event: Event) -> None:
        super().__init__(f"{node_type} node cannot handle {event!r}")
        self.node_type = node_type
        self.event = event


class NodeBase(BaseModel):
    """A node says what to do on entering and where to go after what happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    note: str = Field(default="", description="A remark for the people who edit the flow.")

    def enter(self, facts: Facts) -> tuple[Command, ...]:
        raise NotImplementedError

    def leave(self, event: Event) -> Leaving:
        raise NotImplementedError

    def broken_off(self) -> dict[str, str]:
        """What to write down when the caller goes, or the session is lost, while it is here."""
        return {}

    def exits(self) -> tuple[str, ...]:
        """Ids of every node that may come next."""
        raise NotImplementedError


def spoken(parts: tuple[str, ...], facts: Facts) -> tuple[Spoken, ...]:
    """Prompt keys as they are; ``{ticket_number}`` becomes its figures."""
    return tuple(Digits(facts.ticket_number) if part == TICKET_NUMBER else part for part in parts)
