"""Typed conditions over facts of a call. No text is ever evaluated as code.

{"fact": "queue.waiting", "is": ">=", "value": 5}
{"all": [...]}   {"any": [...]}   {"not": ...}
"""

from collections.abc import Callable
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    model_validator,
)

Value = str | int | float | bool
Plain = StrictBool | StrictInt | StrictFloat | Annotated[str, Field(max_length=200)]

# What a flow can know, and of which kind it is. ``fact.<name>`` is what the flow itself has set.
FACTS: dict[str, type] = {
    "call.caller": str,
    "call.dialled": str,
    "call.channel": str,
    "call.language": str,
    "time.hour": int,
    "time.minute": int,
    "time.weekday": int,
    "time.date": str,
    "caller.suspended": bool,
    "queue.waiting": int,
    "queue.free": int,
    "queue.logged_in": int,
    "queue.place": int,
    "ticket.found": bool,
    "ticket.status": str,
    "heard.text": str,
    "http.status": int,
}
# Groups that the world has to be asked for, by the first part of their names.
LOOKED_UP = frozenset({"caller", "queue"})
OWN = "fact."
SWITCH = "switch."

_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "=": lambda fact, value: fact == value,
    "!=": lambda fact, value: fact != value,
    "<": lambda fact, value: float(fact) < float(value),
    "<=": lambda fact, value: float(fact) <= float(value),
    ">": lambda fact, value: float(fact) > float(value),
    ">=": lambda fact, value: float(fact) >= float(value),
    "starts": lambda fact, value: str(fact).startswith(str(value)),
    "contains": lambda fact, value: str(value) in str(fact),
}
ORDERED = frozenset({"<", "<=", ">", ">="})
TEXTUAL = frozenset({"starts", "contains"})


class Compare(BaseModel):
    """One fact against one value of the same kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str = Field(pattern=r"^[a-z][a-z0-9_.-]{0,60}$")
    is_: Literal["=", "!=", "<", "<=", ">", ">=", "starts", "contains"] = Field(alias="is")
    value: Plain

    @model_validator(mode="after")
    def _kinds_fit(self) -> Self:
        kind = kind_of(self.fact)
        if kind is None and not self.fact.startswith(OWN):
            raise ValueError(f"no fact {self.fact!r}; there are {', '.join(FACTS)}, {OWN}NAME")
        given = type(self.value)
        numbers = (int, float)
        if kind is not None and not (given is kind or (kind in numbers and given in numbers)):
            raise ValueError(f"{self.fact} is {kind.__name__}, not {given.__name__}")
        if self.is_ in ORDERED and given not in numbers:
            raise ValueError(f"{self.is_} compares numbers, not {given.__name__}")
        if self.is_ in TEXTUAL and given is not str:
            raise ValueError(f"{self.is_} looks into texts, not {given.__name__}")
        return self


class All(BaseModel):
    """Every one is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all: tuple["Condition", ...] = Field(min_length=1, max_length=20)


class Either(BaseModel):
    """At least one is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    any: tuple["Condition", ...] = Field(min_length=1, max_length=20)


class Not(BaseModel):
    """It is not true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    not_: "Condition" = Field(alias="not")


Condition = Compare | All | Either | Not
All.model_rebuild()
Either.model_rebuild()
Not.model_rebuild()


def kind_of(fact: str) -> type | None:
    """The kind of a fact's values; None for the flow's own facts and for unknown ones."""
    return bool if fact.startswith(SWITCH) else FACTS.get(fact)


def facts_in(condition: Condition) -> set[str]:
    """Every fact that the condition looks at."""
    match condition:
        case Compare():
            return {condition.fact}
        case All():
            return set().union(*(facts_in(one) for one in condition.all))
        case Either():
            return set().union(*(facts_in(one) for one in condition.any))
        case Not():
            return facts_in(condition.not_)


def holds(condition: Condition, value: Callable[[str], Value | None]) -> bool:
    """Whether it is true; a comparison with a fact that is not known is false."""
    match condition:
        case Compare():
            fact = value(condition.fact)
            if fact is None or (condition.is_ in ORDERED and isinstance(fact, str)):
                return False
            return _COMPARE[condition.is_](fact, condition.value)
        case All():
            return all(holds(one, value) for one in condition.all)
        case Either():
            return any(holds(one, value) for one in condition.any)
        case Not():
            return not holds(condition.not_, value)
