"""Shapes of /wallboard."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from api.schemas.shapes import Output, example
from services.wallboard import DEFINITIONS, Figures

SPAN: dict[str, Any] = {
    "asked": 100,
    "answered": 96,
    "abandoned": 4,
    "connection_rate": 0.96,
    "within_goal_share": 0.93,
}
BOARD: dict[str, Any] = {
    "since": "2026-11-22T09:00:00+08:00",
    "until": "2026-11-23T09:00:00+08:00",
    "asked": 100,
    "answered": 96,
    "within_goal": 93,
    "abandoned": 4,
    "connection_rate": 0.96,
    "within_goal_share": 0.93,
    "mean_wait_s": 6.4,
    "waiting": 2,
    "longest_wait_s": 12.0,
    "seats": {"ready": 3, "talking": 5},
    "day": SPAN,
    "month": SPAN,
    "call_backs_due": 3,
    "call_backs_late": 0,
    "alarms": 1,
    "definitions": {"asked": {"zh": "进入人工排队的通话数", "en": "calls that asked for a person"}},
}


class Definition(Output):
    model_config = example(zh="进入人工排队的通话数", en="calls that asked for a person")
    zh: str
    en: str


class SpanFigures(Output):
    """Of the last 24 hours, or of the calendar month so far."""

    model_config = example(**SPAN)
    asked: int
    answered: int
    abandoned: int
    connection_rate: float | None
    within_goal_share: float | None

    @classmethod
    def of(cls, found: Figures) -> "SpanFigures":
        return cls(
            asked=found.asked,
            answered=found.answered,
            abandoned=found.abandoned,
            connection_rate=found.connection_rate,
            within_goal_share=found.within_goal_share,
        )


class Wallboard(Output):
    model_config = example(**BOARD)
    since: AwareDatetime
    until: AwareDatetime
    asked: int
    answered: int
    within_goal: int
    abandoned: int
    connection_rate: float | None
    within_goal_share: float | None
    mean_wait_s: float | None
    waiting: int = Field(description="Callers for whom no seat rings, now")
    longest_wait_s: float
    seats: dict[str, int] = Field(description="State → how many seats")
    day: SpanFigures = Field(description="The last 24 hours")
    month: SpanFigures = Field(description="The calendar month so far, local time")
    call_backs_due: int = Field(description="Citizens who are to be rung back")
    call_backs_late: int = Field(description="Of these, beyond what they were promised")
    alarms: int = Field(description="Neither over nor acknowledged")
    definitions: dict[str, Definition]


@dataclass(frozen=True)
class Counted:
    """What the wallboard counts from the database."""

    asked_for: Figures
    day: Figures
    month: Figures
    call_backs_due: int
    call_backs_late: int


def board_of(counted: Counted, live: Mapping[str, Any]) -> Wallboard:
    found = counted.asked_for
    since = [datetime.fromisoformat(text) for text in live["waiting"].values()]
    longest_s = max(((found.until - one).total_seconds() for one in since), default=0.0)
    return Wallboard(
        since=found.since,
        until=found.until,
        asked=found.asked,
        answered=found.answered,
        within_goal=found.within_goal,
        abandoned=found.abandoned,
        connection_rate=found.connection_rate,
        within_goal_share=found.within_goal_share,
        mean_wait_s=found.mean_wait_s,
        waiting=len(since),
        longest_wait_s=round(max(0.0, longest_s), 1),
        seats=dict(Counter(seat["state"] for seat in live["seats"])),
        day=SpanFigures.of(counted.day),
        month=SpanFigures.of(counted.month),
        call_backs_due=counted.call_backs_due,
        call_backs_late=counted.call_backs_late,
        alarms=int(live["alarms_open"]),
        definitions={name: Definition(zh=zh, en=en) for name, (zh, en) in DEFINITIONS.items()},
    )
