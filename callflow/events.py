"""What the line reports back to a flow."""

from dataclasses import dataclass


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
    """``spoke_s``: seconds from the tone to the end, less the silence that ended it."""

    spoke_s: float


@dataclass(frozen=True)
class EmergencyHeard:
    """The caller said words that call for one of 110, 119, 120, 122."""

    number: str
    words: str


@dataclass(frozen=True)
class HungUp:
    pass


Event = (
    Done | KeysPressed | NoKey | Talked | NobodyAnswered | MessageTaken | EmergencyHeard | HungUp
)
