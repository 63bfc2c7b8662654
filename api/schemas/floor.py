"""Shapes of /floor, /call-backs and /priority-callers."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.schemas.seats import QueueName
from api.schemas.shapes import (
    CallId,
    Input,
    Output,
    Reason,
    ShortText,
    example,
    input_example,
    local_or_none,
)
from domain.callers.emergency import Service
from domain.queueing.alarms import Thresholds
from domain.queueing.call_backs import CallBackRule
from domain.queueing.policy import Drill, Policy
from storage.tables.call_back import CallBackRow

Number = Annotated[str, Field(pattern=r"^[0-9]{5,20}$", examples=["13800000000"])]
Count = Annotated[int, Field(ge=1, le=10_000)]
CALL_BACK_RULE = {
    "attempts": 3,
    "retry_after_s": 600,
    "ring_s": 30,
    "opens": "08:00",
    "closes": "21:00",
    "within_s": 7200,
    "lost": True,
    "lost_after_s": 10,
}
THRESHOLDS = {
    "waiting": 20,
    "longest_wait_s": 60,
    "answer_share": 0.9,
    "nobody_serves": True,
}
POLICY = {
    "call_backs": CALL_BACK_RULE,
    "alarms": THRESHOLDS,
    "words": {"井盖塌了": "119"},
    "drill": {"numbers": ["13800000000"], "until": "2026-11-23T10:00:00+08:00"},
    "abandoned_before": 2,
}
ALARM = {
    "id": 1763843556000000,
    "at": "2026-11-23T09:00:00+08:00",
    "kind": "emergency",
    "level": "clear",
    "call_id": "hl1-1763843556.12",
    "seat": "1001",
    "queue": "general",
    "number": "119",
    "words": "着火了",
    "figure": "",
    "text_zh": "来电人说：着火了，建议转 119",
    "text_en": "the caller said 着火了: offer 119",
    "drill": False,
    "over_at": None,
    "acknowledged_by": "",
    "acknowledged_at": None,
}
CALL_BACK = {
    "id": "hl1-1763843556.12",
    "call_id": "hl1-1763843556.12",
    "caller": "138****0000",
    "queue": "general",
    "cause": "offered",
    "state": "waiting",
    "since": "2026-11-23T09:00:00+08:00",
    "due_at": "2026-11-23T09:00:00+08:00",
    "until": "2026-11-23T11:00:00+08:00",
    "ticket_number": "261123324000",
    "attempts": 0,
    "leg": "",
    "seat": "",
    "by": "",
    "result": "",
    "changed_at": "2026-11-23T09:00:00+08:00",
    "late": False,
}


class CallBackRuleModel(Input):
    """`within_s`: what citizens are promised; `lost`: whoever gave up waiting is rung back."""

    model_config = input_example(**CALL_BACK_RULE)
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_after_s: Annotated[int, Field(ge=1, le=86_400)] = 600
    ring_s: Annotated[int, Field(ge=5, le=90)] = 30
    opens: time = time(8)
    closes: time = time(21)
    within_s: Annotated[int, Field(ge=300, le=86_400)] = 7200
    lost: bool = True
    lost_after_s: Annotated[int, Field(ge=0, le=600)] = 10


class ThresholdsModel(Input):
    """null: no alarm of this kind."""

    model_config = input_example(**THRESHOLDS)
    waiting: Count | None = 20
    longest_wait_s: Count | None = 60
    answer_share: Annotated[float, Field(gt=0, le=1)] | None = 0.9
    nobody_serves: bool = True


class DrillModel(Input):
    """Calls from these numbers never reach a real emergency service until then."""

    model_config = input_example(numbers=["13800000000"], until="2026-11-23T10:00:00+08:00")
    numbers: Annotated[list[Number], Field(max_length=20)] = Field(default=[])
    until: AwareDatetime | None = None


class PolicyModel(Input):
    model_config = input_example(**POLICY)
    call_backs: CallBackRuleModel = Field(default_factory=CallBackRuleModel)
    alarms: ThresholdsModel = Field(default_factory=ThresholdsModel)
    words: Annotated[
        dict[Annotated[str, Field(min_length=2, max_length=20)], Service], Field(max_length=200)
    ] = Field(default={}, description="The city's own words of danger → who helps")
    drill: DrillModel = Field(default_factory=DrillModel)
    abandoned_before: Annotated[int, Field(ge=1, le=20)] = 2

    def policy(self) -> Policy:
        """Raises ValueError for what contradicts itself."""
        back, limits = self.call_backs, self.alarms
        longest = limits.longest_wait_s
        return Policy(
            CallBackRule(
                back.attempts,
                timedelta(seconds=back.retry_after_s),
                back.ring_s,
                back.opens,
                back.closes,
                timedelta(seconds=back.within_s),
                back.lost,
                timedelta(seconds=back.lost_after_s),
            ),
            Thresholds(
                limits.waiting,
                None if longest is None else timedelta(seconds=longest),
                limits.answer_share,
                limits.nobody_serves,
            ),
            dict(self.words),
            Drill(tuple(self.drill.numbers), self.drill.until),
            self.abandoned_before,
        )

    @classmethod
    def of(cls, policy: Policy, zone: tzinfo) -> "PolicyModel":
        back, limits = policy.call_backs, policy.alarms
        longest = limits.longest_wait
        return cls(
            call_backs=CallBackRuleModel(
                attempts=back.attempts,
                retry_after_s=round(back.retry_after.total_seconds()),
                ring_s=back.ring_s,
                opens=back.opens,
                closes=back.closes,
                within_s=round(back.within.total_seconds()),
                lost=back.lost,
                lost_after_s=round(back.lost_after.total_seconds()),
            ),
            alarms=ThresholdsModel(
                waiting=limits.waiting,
                longest_wait_s=None if longest is None else round(longest.total_seconds()),
                answer_share=limits.answer_share,
                nobody_serves=limits.nobody_serves,
            ),
            words=policy.words,
            drill=DrillModel(
                numbers=list(policy.drill.numbers), until=local_or_none(policy.drill.until, zone)
            ),
            abandoned_before=policy.abandoned_before,
        )


class Alarm(Output):
    """Raised once; `over_at` when a threshold is kept again."""

    model_config = example(**ALARM)
    id: int
    at: AwareDatetime
    kind: str
    level: str = Field(description="clear, suspected (words only), or warning")
    call_id: str
    seat: str
    queue: str
    number: str = Field(description="Of the service that helps: 110, 119, 120, 122")
    words: str
    figure: str = Field(description="What is past which threshold")
    text_zh: str
    text_en: str
    drill: bool
    over_at: AwareDatetime | None
    acknowledged_by: str
    acknowledged_at: AwareDatetime | None


class AlarmList(Output):
    model_config = example(alarms=[ALARM])
    alarms: list[Alarm]


class BroadcastInput(Input):
    """To the desks of these queues; none named: to all."""

    model_config = input_example(text="暴雨红色预警，请安抚来电人", queues=["general"])
    text: Annotated[ShortText, Field(min_length=1)]
    queues: Annotated[list[QueueName], Field(max_length=32)] = Field(default=[])


class Broadcast(Output):
    model_config = example(
        id=1763843556000000,
        at="2026-11-23T09:00:00+08:00",
        text="暴雨红色预警，请安抚来电人",
        queues=["general"],
        by="chen",
    )
    id: int
    at: AwareDatetime
    text: str
    queues: list[str]
    by: str


class BroadcastList(Output):
    model_config = example(
        broadcasts=[
            {"id": 1763843556000000, "at": "2026-11-23T09:00:00+08:00", "text": "请安抚来电人",
             "queues": [], "by": "chen"}
        ]
    )  # fmt: skip
    broadcasts: list[Broadcast]


class HelpInput(Input):
    model_config = input_example(note="来电人威胁")
    note: ShortText = ""


class CallBackAnswer(Output):
    model_config = example(**CALL_BACK)
    id: str
    call_id: str = Field(description="The call whose caller is rung back")
    caller: str = Field(description="Masked")
    queue: str
    cause: str = Field(description="offered, lost (漏接回拨) or agent")
    state: str = Field(description="waiting, dialling, reached, failed or cancelled")
    since: AwareDatetime
    due_at: AwareDatetime
    until: AwareDatetime = Field(description="Until then, as the citizen was told")
    ticket_number: str
    attempts: int
    leg: str = Field(description="Call id of the latest attempt, once it is answered")
    seat: str
    by: str
    result: str = Field(description="How the last attempt ended, or why it was cancelled")
    changed_at: AwareDatetime
    late: bool = Field(description="Open beyond the promise")


class CallBackList(Output):
    model_config = example(call_backs=[CALL_BACK])
    call_backs: list[CallBackAnswer]


class CallBackInput(Input):
    model_config = input_example(call_id="hl1-1763843556.12")
    call_id: CallId


class CallBackMade(Output):
    """`id` to follow it by; `leg` is the call's id once the citizen answers."""

    model_config = example(id="hl1-1763843556.12-a1", leg="hl1-1763843556.12-a1-b1")
    id: str
    leg: str


class CancelInput(Input):
    model_config = input_example(reason="来电人已另行解决")
    reason: Reason


class MoveInput(Input):
    model_config = input_example(queues=["general", "medical"])
    queues: Annotated[list[QueueName], Field(min_length=1, max_length=32)]


class PriorityCallerInput(Input):
    model_config = input_example(note="高龄老人登记", until=None)
    note: ShortText = ""
    until: AwareDatetime | None = None


class PriorityCallerAnswer(Output):
    model_config = example(
        caller="138****0000",
        note="高龄老人登记",
        until=None,
        set_at="2026-11-23T09:00:00+08:00",
        set_by="account:chen",
    )
    caller: str = Field(description="Masked")
    note: str
    until: AwareDatetime | None
    set_at: AwareDatetime
    set_by: str


class PriorityCallerList(Output):
    model_config = example(
        callers=[
            {"caller": "138****0000", "note": "高龄老人登记", "until": None,
             "set_at": "2026-11-23T09:00:00+08:00", "set_by": "account:chen"}
        ]
    )  # fmt: skip
    callers: list[PriorityCallerAnswer]


OPEN = frozenset({"waiting", "dialling"})


def call_back_answer(row: CallBackRow, caller: str, now: datetime, zone: tzinfo) -> CallBackAnswer:
    """``caller``: the number as this reader may see it."""
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in CallBackAnswer.model_fields
        if name not in ("caller", "late")
    }
    for name in ("since", "due_at", "until", "changed_at"):
        values[name] = values[name].astimezone(zone)
    late = row.state in OPEN and row.until < now
    return CallBackAnswer(**values, caller=caller, late=late)
