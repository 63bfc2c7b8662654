"""Shapes of /queues: how each queue is served."""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from api.schemas.seats import QueueName
from api.schemas.shapes import Input, Output, ShortText, example, input_example
from domain.queueing.rules import (
    CallBackOffer,
    Overflow,
    OverflowTo,
    QueueRule,
    Relaxation,
    Selection,
)

Seconds = Annotated[float, Field(gt=0, le=7200)]
Levels = dict[QueueName, Annotated[int, Field(ge=1, le=5)]]
CALL_BACK = {"after_s": 60, "every_s": 120, "key": "1", "words": ["回电", "回拨"]}
RULE = {
    "title": "医保专席",
    "goal_share": 0.95,
    "goal_within_s": 15,
    "selection": "longest_idle",
    "needs": {"medical": 3},
    "relaxations": [{"after_s": 30, "needs": {"medical": 1}}],
    "overflows": [
        {"to": "queue", "queue": "general", "after_s": 90},
        {"to": "recording", "closed": True},
    ],
    "hours": {"opens": "08:30", "closes": "18:00"},
    "by_roster": False,
    "announce_every_s": 45,
    "call_back": CALL_BACK,
}
LIVE = {"waiting": 2, "longest_wait_s": 12.0, "seats": {"ready": 1, "talking": 4}}


class RelaxationModel(Input):
    model_config = input_example(after_s=30, needs={"medical": 1})
    after_s: Seconds
    needs: Levels = Field(default={})


class OverflowModel(Input):
    """Exactly one of `after_s`, `ratio` (callers per seat) and `closed` says when."""

    model_config = input_example(to="queue", queue="general", after_s=90)
    to: OverflowTo
    queue: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_-]{0,31})?$")] = ""
    after_s: Seconds | None = None
    ratio: Annotated[float, Field(gt=0, le=1000)] | None = None
    closed: bool = False


class HoursModel(Input):
    """Local time; `closes` before `opens`: over midnight."""

    model_config = input_example(opens="08:30", closes="18:00")
    opens: time
    closes: time


class CallBackOfferModel(Input):
    """Offered to who has waited `after_s`, again every `every_s`; `key` or a word accepts it."""

    model_config = input_example(**CALL_BACK)
    after_s: Seconds
    every_s: Annotated[float, Field(ge=20, le=3600)] = 120
    key: Annotated[str, Field(pattern=r"^[2-9#*]$|^1$")] = "1"
    words: Annotated[list[ShortText], Field(max_length=20)] = Field(
        default=["回电", "回拨", "打回来", "打给我"]
    )


class QueueInput(Input):
    model_config = input_example(**RULE)
    title: ShortText = ""
    goal_share: Annotated[float, Field(gt=0, le=1)] = 0.95
    goal_within_s: Seconds = 15
    selection: Selection = Selection.LONGEST_IDLE
    needs: Levels = Field(default={})
    relaxations: Annotated[list[RelaxationModel], Field(max_length=10)] = Field(default=[])
    overflows: Annotated[list[OverflowModel], Field(max_length=10)] = Field(default=[])
    hours: HoursModel | None = None
    by_roster: bool = Field(default=False, description="Only agents on duty by the roster")
    announce_every_s: Annotated[float, Field(ge=15, le=600)] | None = Field(
        default=None, description="So often callers hear their place and the expected wait"
    )
    call_back: CallBackOfferModel | None = None

    def rule(self, name: str) -> QueueRule:
        """Raises ValueError for what contradicts itself."""
        return QueueRule(
            name,
            self.title,
            self.goal_share,
            timedelta(seconds=self.goal_within_s),
            self.selection,
            dict(self.needs),
            tuple(
                Relaxation(timedelta(seconds=one.after_s), dict(one.needs))
                for one in self.relaxations
            ),
            tuple(
                Overflow(one.to, one.queue, _some(one.after_s), one.ratio, one.closed)
                for one in self.overflows
            ),
            None if self.hours is None else (self.hours.opens, self.hours.closes),
            self.by_roster,
            _some(self.announce_every_s),
            None
            if self.call_back is None
            else CallBackOffer(
                timedelta(seconds=self.call_back.after_s),
                timedelta(seconds=self.call_back.every_s),
                self.call_back.key,
                tuple(self.call_back.words),
            ),
        )

    @classmethod
    def of(cls, rule: QueueRule) -> "QueueInput":
        offer = rule.call_back
        return cls(
            title=rule.title,
            goal_share=rule.goal_share,
            goal_within_s=rule.goal_within.total_seconds(),
            selection=rule.selection,
            needs=dict(rule.needs),
            relaxations=[
                RelaxationModel(after_s=one.after.total_seconds(), needs=dict(one.needs))
                for one in rule.relaxations
            ],
            overflows=[
                OverflowModel(
                    to=one.to,
                    queue=one.queue,
                    after_s=_seconds(one.after),
                    ratio=one.ratio,
                    closed=one.closed,
                )
                for one in rule.overflows
            ],
            hours=None
            if rule.hours is None
            else HoursModel(opens=rule.hours[0], closes=rule.hours[1]),
            by_roster=rule.by_roster,
            announce_every_s=_seconds(rule.announce_every),
            call_back=None
            if offer is None
            else CallBackOfferModel(
                after_s=offer.after.total_seconds(),
                every_s=offer.every.total_seconds(),
                key=offer.key,
                words=list(offer.words),
            ),
        )


class QueueLive(Output):
    """Now, as the engine has it."""

    model_config = example(**LIVE)
    waiting: int
    longest_wait_s: float
    seats: dict[str, int] = Field(description="State → seats that serve this queue")


class QueueAnswer(Output):
    model_config = example(
        name="medical",
        rule=RULE,
        live=LIVE,
        changed_at="2026-11-23T09:00:00+08:00",
        changed_by="account:chen",
    )
    name: str
    rule: QueueInput
    live: QueueLive | None = Field(description="null while the engine does not answer")
    changed_at: AwareDatetime | None
    changed_by: str


class QueueList(Output):
    model_config = example(
        queues=[
            {"name": "medical", "rule": RULE, "live": LIVE, "changed_at": None, "changed_by": ""}
        ]
    )
    queues: list[QueueAnswer]


class RosterInput(Input):
    model_config = input_example(
        account="dr-zhao",
        kind="expert",
        queue="experts",
        title="市医保局待遇科",
        starts_at="2026-11-23T09:00:00+08:00",
        ends_at="2026-11-23T11:30:00+08:00",
    )
    account: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Literal["expert", "leader"]
    queue: QueueName
    title: Annotated[ShortText, Field(min_length=1)]
    starts_at: AwareDatetime
    ends_at: AwareDatetime


DUTY = {
    "id": 7,
    "account": "dr-zhao",
    "kind": "expert",
    "queue": "experts",
    "title": "市医保局待遇科",
    "starts_at": "2026-11-23T09:00:00+08:00",
    "ends_at": "2026-11-23T11:30:00+08:00",
    "now": True,
    "set_by": "account:chen",
    "called_off_at": None,
    "reason": "",
}


class DutyAnswer(Output):
    model_config = example(**DUTY)
    id: int
    account: str
    kind: str
    queue: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    now: bool = Field(description="On duty at this moment")
    set_by: str
    called_off_at: AwareDatetime | None
    reason: str


class Roster(Output):
    model_config = example(duties=[DUTY])
    duties: list[DutyAnswer]


def _some(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
