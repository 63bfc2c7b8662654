"""Shapes of /statistics."""

from typing import Any

from pydantic import AwareDatetime, Field

from api.schemas.shapes import Output, example
from api.schemas.wallboard import Definition

DEFINITION = {"asked": {"zh": "进入该队列等候人工的通话数", "en": "calls that asked for a person"}}
QUEUE: dict[str, Any] = {
    "period": "2026-11-23T09:00:00+08:00",
    "queue": "general",
    "asked": 100,
    "answered": 96,
    "within_goal": 93,
    "abandoned": 3,
    "call_backs": 1,
    "call_backs_reached": 1,
    "connection_rate": 0.96,
    "within_goal_share": 0.93,
    "mean_wait_s": 6.4,
    "longest_wait_s": 41.0,
    "mean_talk_s": 185.2,
}
AGENT: dict[str, Any] = {
    "agent": "li",
    "logged_in_s": 28_800.0,
    "ready_s": 6_000.0,
    "ringing_s": 300.0,
    "talking_s": 18_000.0,
    "wrap_up_s": 2_700.0,
    "paused_s": 1_800.0,
    "answered": 96,
    "missed": 1,
    "occupancy": 0.7292,
}
EVENT: dict[str, Any] = {
    "seq": 1763843556000000,
    "at": "2026-11-23T09:00:00+08:00",
    "seat": "1001",
    "agent": "li",
    "event": "answered",
    "before": "ringing",
    "after": "talking",
    "reason": "",
    "call_id": "hl1-1763843556.12",
    "lasted_s": 2.4,
}
SPAN = {"since": "2026-11-23T00:00:00+08:00", "until": "2026-11-23T18:00:00+08:00"}


class QueueRow(Output):
    model_config = example(**QUEUE)
    period: AwareDatetime
    queue: str
    asked: int
    answered: int
    within_goal: int
    abandoned: int
    call_backs: int = Field(description="Counted for the whole time only (`by` total)")
    call_backs_reached: int
    connection_rate: float | None
    within_goal_share: float | None
    mean_wait_s: float | None
    longest_wait_s: float
    mean_talk_s: float | None


class QueueStatistics(Output):
    model_config = example(**SPAN, rows=[QUEUE], definitions=DEFINITION)
    since: AwareDatetime
    until: AwareDatetime
    rows: list[QueueRow]
    definitions: dict[str, Definition]


class AgentRow(Output):
    model_config = example(**AGENT)
    agent: str
    logged_in_s: float
    ready_s: float
    ringing_s: float
    talking_s: float
    wrap_up_s: float
    paused_s: float
    answered: int
    missed: int
    occupancy: float | None


class AgentStatistics(Output):
    model_config = example(**SPAN, rows=[AGENT], definitions=DEFINITION)
    since: AwareDatetime
    until: AwareDatetime
    rows: list[AgentRow]
    definitions: dict[str, Definition]


class SeatEventAnswer(Output):
    model_config = example(**EVENT)
    seq: int
    at: AwareDatetime
    seat: str
    agent: str
    event: str
    before: str
    after: str
    reason: str
    call_id: str
    lasted_s: float


class SeatEventList(Output):
    model_config = example(**SPAN, events=[EVENT])
    since: AwareDatetime
    until: AwareDatetime
    events: list[SeatEventAnswer]
