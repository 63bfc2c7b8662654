"""What the line reports back to a flow."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Done:
    """The command was carried out and there is nothing more to tell."""


@dataclass(frozen=True)
class KeysPressed:
    """One key, or the three of an emergency number."""

    keys: str


@dataclass(frozen=True)
class NoKey:
    """The caller was asked for a key and pressed none in time."""


@dataclass(frozen=True)
class Talked:
    """A seat answered, they talked, the seat has hung up; the caller is still on the line."""

    seat: str
    talked_s: float


@dataclass(frozen=True)
class NobodyAnswered:
    """The waiting time is over, or no seat is logged in at all (``logged_in=False``)."""

    logged_in: bool


@dataclass(frozen=True)
class MessageTaken:
    """``spoke_s``: seconds from the tone to the end, less the silence that ended it.

    ``words``: what was recognised meanwhile.
    """

    spoke_s: float
    words: str = ""


@dataclass(frozen=True)
class EmergencyHeard:
    """The caller said words that call for one of 110, 119, 120, 122."""

    number: str
    words: str


@dataclass(frozen=True)
class DigitsTaken:
    """The figures that were asked for, without the end key."""

    figures: str


@dataclass(frozen=True)
class Heard:
    """What was said in answer to a question that listens for words."""

    text: str


@dataclass(frozen=True)
class Known:
    """The world has answered."""

    values: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """What was asked for could not be done; ``why`` is for the log."""

    why: str


@dataclass(frozen=True)
class HungUp:
    pass


Event = (
    Done
    | KeysPressed
    | NoKey
    | DigitsTaken
    | Heard
    | Known
    | Failed
    | Talked
    | NobodyAnswered
    | MessageTaken
    | EmergencyHeard
    | HungUp
)
_BY_NAME: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        Done,
        KeysPressed,
        NoKey,
        DigitsTaken,
        Heard,
        Known,
        Failed,
        Talked,
        NobodyAnswered,
        MessageTaken,
        EmergencyHeard,
        HungUp,
    )
}


def dumped(event: Event) -> dict[str, Any]:
    """The event as JSON, for the journal."""
    return {"event": type(event).__name__, **asdict(event)}


def loaded(record: dict[str, Any]) -> Event:
    """What `dumped` wrote. Raises `ValueError` for anything else."""
    fields = dict(record)
    kind = _BY_NAME.get(str(fields.pop("event", "")))
    if kind is None:
        raise ValueError(f"no event of this name: {record.get('event')!r}")
    try:
        return kind(**fields)
    except TypeError as failure:
        raise ValueError(str(failure)) from failure
