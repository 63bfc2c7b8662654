"""Shapes that several nouns share: clean text, JSON values, pages, examples."""

import math
from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

DEEPEST_JSON = 12
MOST_SIGNS = 20_000


class InputRefused(ValueError):
    """A value no database or reader could take; both texts go to the sender."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_zh = reason_zh


def clean_text(text: str) -> str:
    """The text, unless it holds what PostgreSQL refuses: NUL, or half a surrogate pair."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise InputRefused("the text contains a character that is none", "含有无效字符")
    return text


def clean_json(value: Any, depth: int = 0) -> Any:  # noqa: ANN401  any JSON value
    """The value, unless it is too deep, or holds bad text or a number without a value."""
    if depth > DEEPEST_JSON:
        raise InputRefused(f"nested deeper than {DEEPEST_JSON}", "嵌套层数过多")
    if isinstance(value, str):
        clean_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise InputRefused("not a finite number", "应为有限的数字")
    elif isinstance(value, dict):
        for key, inner in value.items():
            clean_text(key)
            clean_json(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            clean_json(inner, depth + 1)
    return value


Text = Annotated[str, Field(max_length=MOST_SIGNS), AfterValidator(clean_text)]
ShortText = Annotated[str, Field(max_length=200), AfterValidator(clean_text)]
Reason = Annotated[str, Field(min_length=2, max_length=400), AfterValidator(clean_text)]
JsonValue = Annotated[Any, AfterValidator(clean_json)]
Phone = Annotated[str, Field(pattern=r"^(\+?[0-9][0-9-]{2,30})?$")]
TicketId = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["261122864000"])]
CallId = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,80}$", examples=["hl1-1763843556.12"])]
RowId = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Input(BaseModel):
    """What comes in: an unknown name is a mistake, not something to overlook."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """What goes out."""


def example(**values: Any) -> ConfigDict:  # noqa: ANN401  any JSON value
    """The model's example in OpenAPI."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def input_example(**values: Any) -> ConfigDict:  # noqa: ANN401  any JSON value
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


def local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone)


def local_or_none(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
