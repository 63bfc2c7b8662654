"""Shapes of /wallboard."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from api.schemas.shapes import Output, example
from services.wallboard import DEFINITIONS, Figures

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
    "definitions": {"asked": {"zh": "进入人工排队的通话数", "en": "calls that asked for a person"}},
}


class Definition(Output):
    model_config = example(zh="进入人工排队的通话数", en="calls that asked for a person")
    zh: str
    en: str


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
    definitions: dict[str, Definition]


def board_of(found: Figures, live: Mapping[str, Any]) -> Wallboard:
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
        definitions={name: Definition(zh=zh, en=en) for name, (zh, en) in DEFINITIONS.items()},
    )
