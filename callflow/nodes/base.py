"""What every node has in common, and how a field says what it is.

A field that leads to another node carries an `Exit`; every other field a `Label`. From these come
the editor's forms, the checker's edges, the documentation of the node types and sub-flow linking.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from callflow.commands import Command, Digits, Spoken
from callflow.events import Event

TICKET_NUMBER = "{ticket_number}"
Value = str | int | float | bool
Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]
PromptKey = Annotated[str, Field(pattern=r"^(\{[a-z_.]{1,40}\}|[A-Za-z0-9][A-Za-z0-9_-]{0,79})$")]


class By(StrEnum):
    """Who decides that a call takes an exit."""

    CALLER = "caller"
    WORLD = "world"  # seats, the time of day, a look-up, a share
    ERROR = "error"  # something that should have worked did not


@dataclass(frozen=True)
class Label:
    """What a field is called; ``kind`` tells an editor which control suits it."""

    zh: str
    en: str
    kind: str = ""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core)
        named = {"title": self.en, "title_zh": self.zh}
        return {**schema, **named, **({"x-kind": self.kind} if self.kind else {})}


@dataclass(frozen=True)
class Exit:
    """A way to the next node.

    ``serves``: the caller's concern has reached a person or a record; nothing more is owed.
    ``verifies``: from here on the caller has proved who he is. ``suspends``: he is refused.
    """

    zh: str
    en: str
    by: By = By.WORLD
    serves: bool = False
    verifies: bool = False
    suspends: bool = False

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        named = {"title": self.en, "title_zh": self.zh, "x-exit": self.by.value}
        return {**handler(core), **named}


@dataclass(frozen=True)
class Way:
    """One edge of the graph: ``label`` is the field that leads there (``keys.1``)."""

    label: str
    to: str
    exit: Exit
    key: str = ""


@dataclass(frozen=True)
class About:
    """A node type in words, for the editor's palette and the documentation."""

    zh: str
    en: str
    help_zh: str
    help_en: str
    group: str


@dataclass(frozen=True)
class Facts:
    """What a flow knows of the call it leads from the first moment."""

    caller: str
    dialled: str
    ticket_number: str
    channel: str = "phone"


@dataclass(frozen=True)
class Scene:
    """All that a node may look at: the call, the moment, what is known, its own memory.

    ``now`` has the flow's time zone. ``memory`` belongs to the present node alone.
    """

    facts: Facts
    now: datetime
    language: str = "zh-CN"
    values: Mapping[str, Value] = field(default_factory=dict)
    memory: Mapping[str, Value] = field(default_factory=dict)
    keys: str = ""  # keys that lead out of every node

    def value(self, name: str) -> Value | None:
        """A fact by its name; None while it is not known."""
        own: dict[str, Value] = {
            "call.caller": self.facts.caller,
            "call.dialled": self.facts.dialled,
            "call.channel": self.facts.channel,
            "call.language": self.language,
            "time.hour": self.now.hour,
            "time.minute": self.now.minute,
            "time.weekday": self.now.isoweekday(),
            "time.date": self.now.date().isoformat(),
        }
        return own[name] if name in own else self.values.get(name)


@dataclass(frozen=True)
class Leaving:
    """Where to go next, what to write down about the call, and what is known from now on."""

    to: str
    notes: dict[str, str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    language: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Staying:
    """Go on in the same node with these commands; ``memory`` replaces what it remembered."""

    commands: tuple[Command, ...]
    memory: dict[str, Value] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    verified: bool = False


class UnexpectedEvent(Exception):
    """The line reported something this node never asked for."""

    def __init__(self, node_type: str, event: Event) -> None:
        super().__init__(f"{node_type} node cannot handle {event!r}")
        self.node_type = node_type
        self.event = event


class Words(BaseModel):
    """A text that is spoken as it stands; one per language of the flow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: dict[str, Annotated[str, Field(min_length=1, max_length=500)]] = Field(min_length=1)

    @property
    def prompt(self) -> str:
        """The prompt key under which its sound is kept: the same words, the same key."""
        whole = "\n".join(f"{language}:{text}" for language, text in sorted(self.text.items()))
        return f"text-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


Part = PromptKey | Words
Parts = tuple[Part, ...]


class NodeBase(BaseModel):
    """A node says what to do on entering and where to go after what happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: ClassVar[About]
    example: ClassVar[dict[str, Any]]

    type: str
    note: Annotated[str, Label("备注", "Remark"), Field(max_length=2000)] = ""

    def decide(self, scene: Scene) -> Leaving | None:
        """Where to go at once, without the line; None: `enter` has work for it."""
        return None

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        """What the line is to do first; never empty unless `decide` answers."""
        raise NotImplementedError

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        """What follows from the event of the last commands. Raises `UnexpectedEvent`."""
        raise NotImplementedError

    def broken_off(self) -> dict[str, str]:
        """What to write down when the caller goes, or the session is lost, while it is here."""
        return {}

    def later(self, scene: Scene) -> tuple[Command, ...]:
        """Commands it may give after the first ones; the checker looks at all of them."""
        return ()

    def ways(self) -> tuple[Way, ...]:
        """Every edge, from the fields that carry an `Exit`."""
        return tuple(
            way
            for name, exit_ in exits_of(type(self)).items()
            for way in _ways(name, getattr(self, name), exit_)
        )

    def exits(self) -> tuple[str, ...]:
        """Ids of every node that may come next."""
        return tuple(dict.fromkeys(way.to for way in self.ways()))

    def led_to(self, renamed: Mapping[str, str]) -> Self:
        """The same node with other targets."""
        changed = {name: _renamed(getattr(self, name), renamed) for name in exits_of(type(self))}
        return self.model_copy(update=changed)


class HearingNode(NodeBase):
    """A node in which the caller may speak while the machine leads the call."""

    offers_emergency: Annotated[
        bool,
        Label(
            "听到危险话语时，询问是否转接紧急电话",
            "Words of danger: ask whether to put through to 110, 119, 120 or 122",
        ),
    ] = False


def exits_of(node: type[NodeBase]) -> dict[str, Exit]:
    """Field → its `Exit`."""
    return {
        name: mark
        for name, info in node.model_fields.items()
        for mark in info.metadata
        if isinstance(mark, Exit)
    }


def _ways(name: str, value: Any, exit_: Exit) -> list[Way]:  # noqa: ANN401  a field of any node
    if isinstance(value, str):
        return [Way(name, value, exit_)] if value else []
    if isinstance(value, Mapping):
        return [
            Way(f"{name}.{key}", to, exit_, key if len(key) == 1 else "")
            for key, to in value.items()
        ]
    return [
        Way(f"{name}.{place}", option.to, exit_, getattr(option, "key", ""))
        for place, option in enumerate(value)
    ]


def _renamed(value: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401  a field of any node
    if isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(value, Mapping):
        return {key: renamed.get(to, to) for key, to in value.items()}
    return tuple(
        option.model_copy(update={"to": renamed.get(option.to, option.to)}) for option in value
    )


def spoken(parts: Parts, scene: Scene) -> tuple[Spoken, ...]:
    """Prompt keys as they are; ``{ticket_number}`` and other values become figures or prompts."""
    return tuple(said for part in parts for said in _spoken(part, scene))


def _spoken(part: Part, scene: Scene) -> tuple[Spoken, ...]:
    if isinstance(part, Words):
        return (part.prompt,)
    if not part.startswith("{"):
        return (part,)
    name = part[1:-1]
    if part == TICKET_NUMBER:
        return (Digits(scene.facts.ticket_number),)
    value = scene.values.get(name)
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, str) and not value.isdigit():
        return (value,) if name in PROMPTED_VALUES else ()
    return (Digits(str(round(value)) if isinstance(value, float) else str(value)),)


# Values that hold the key of a prompt, such as what a ticket's status is called.
PROMPTED_VALUES = frozenset({"ticket.status_prompt"})
