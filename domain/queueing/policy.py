"""What a supervisor sets for the whole floor at run time."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.callers.emergency import Service
from domain.queueing.alarms import Thresholds
from domain.queueing.call_backs import CallBackRule


@dataclass(frozen=True)
class Drill:
    """Calls from these numbers are a drill until then: never connected with a real service."""

    numbers: tuple[str, ...] = ()
    until: datetime | None = None

    def concerns(self, caller: str, now: datetime) -> bool:
        return self.until is not None and now < self.until and caller in self.numbers


@dataclass(frozen=True)
class Policy:
    """``words``: the city's own words of danger, each with the service that helps.

    ``abandoned_before``: so many calls given up within a day go before others.
    """

    call_backs: CallBackRule = field(default_factory=CallBackRule)
    alarms: Thresholds = field(default_factory=Thresholds)
    words: dict[str, Service] = field(default_factory=dict)
    drill: Drill = field(default_factory=Drill)
    abandoned_before: int = 2
