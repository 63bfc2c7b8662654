"""Measures against abuse and suspensions as they are sent and received."""

from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.schemas.shapes import (
    CallId,
    Input,
    Output,
    Reason,
    clean_text,
    example,
    input_example,
    local,
    local_or_none,
)
from domain.accounts.masking import mask_number
from domain.callers.conduct import Conduct, Measure
from domain.callers.suspension import SuspensionStatus
from services.suspensions import Standing, status_of
from storage.tables.conduct_measure import ConductMeasureRow
from storage.tables.suspension import SuspensionRow

AppealWords = Annotated[str, Field(min_length=2, max_length=2000), AfterValidator(clean_text)]
EXAMPLE_MEASURE: dict[str, Any] = {
    "id": 7,
    "caller": "138****0000",
    "call_id": "hl1-1763843556.12",
    "conduct": "insult",
    "measure": "warn",
    "article": "第二十九条",
    "note": "已提醒其不得辱骂工作人员",
    "at": "2026-11-22T15:31:02+08:00",
    "by": "account:li",
}
EXAMPLE_SUSPENSION: dict[str, Any] = {
    "id": 3,
    "status": "in_force",
    "caller": "138****0000",
    "call_id": "hl1-1763843556.12",
    "evidence": ["hl1-1763843400.3", "hl1-1763843556.12"],
    "conduct": "insult",
    "article": "第二十九条",
    "rules_version": "hangzhou-2023-04-01",
    "reason": "提醒后继续辱骂",
    "proposed_by": "account:li",
    "proposed_at": "2026-11-22T15:33:10+08:00",
    "decided_by": "account:wang",
    "decided_at": "2026-11-22T15:40:00+08:00",
    "decision_reason": "录音属实",
    "ends_at": "2026-11-29T23:59:59+08:00",
    "notice": "因您骚扰、侮辱、谩骂、威胁工作人员，根据…第二十九条，自即日起至2026年11月29日止…",
    "lifted_by": None,
    "lifted_at": None,
    "lift_reason": "",
    "appeal": "",
    "appealed_at": None,
    "appeal_decided_by": None,
    "appeal_decided_at": None,
    "appeal_reason": "",
}


class MeasureInput(Input):
    """`note`: what was said to the caller, or what he said."""

    model_config = input_example(
        call_id="hl1-1763843556.12", conduct="insult", measure="warn", note="已提醒"
    )

    call_id: CallId
    conduct: Conduct
    measure: Measure
    note: Reason


class ProposalInput(Input):
    model_config = input_example(
        call_id="hl1-1763843556.12", conduct="insult", reason="提醒后继续辱骂"
    )

    call_id: CallId
    conduct: Conduct
    reason: Reason


class DecisionInput(Input):
    """`days`: natural days; only where the city's text fixes no length."""

    model_config = input_example(suspend=True, days=7, reason="录音属实")

    suspend: bool
    reason: Reason
    days: Annotated[int | None, Field(ge=1, le=366)] = None


class LiftInput(Input):
    model_config = input_example(reason="当事人已致歉")

    reason: Reason


class AppealInput(Input):
    model_config = input_example(words="当时是孩子拿电话乱拨，请解除。")

    words: AppealWords


class AppealDecisionInput(Input):
    model_config = input_example(lift=True, reason="情况属实")

    lift: bool
    reason: Reason


class MeasureAnswer(Output):
    model_config = example(**EXAMPLE_MEASURE)

    id: int
    caller: str
    call_id: str
    conduct: Conduct
    measure: Measure
    article: str
    note: str
    at: datetime
    by: str

    @classmethod
    def of(cls, row: ConductMeasureRow, zone: tzinfo) -> "MeasureAnswer":
        return cls(
            id=row.id,
            caller=mask_number(row.caller),
            call_id=row.call_id,
            conduct=Conduct(row.conduct),
            measure=Measure(row.measure),
            article=row.article,
            note=row.note,
            at=local(row.at, zone),
            by=row.by,
        )


class StandingAnswer(Output):
    """What was done about this caller, and what may be done now."""

    model_config = example(
        taken=[EXAMPLE_MEASURE], allowed=["warn", "suspend"], article="第二十九条"
    )

    taken: list[MeasureAnswer]
    allowed: list[Measure]
    article: str

    @classmethod
    def of(cls, standing: Standing, zone: tzinfo) -> "StandingAnswer":
        return cls(
            taken=[MeasureAnswer.of(row, zone) for row in standing.taken],
            allowed=list(standing.allowed),
            article=standing.article,
        )


class SuspensionAnswer(Output):
    """The number is masked; who has to know it hears the calls."""

    model_config = example(**EXAMPLE_SUSPENSION)

    id: int
    status: SuspensionStatus
    caller: str
    call_id: str
    evidence: list[str] = Field(description="The calls it rests on")
    conduct: Conduct
    article: str
    rules_version: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str
    ends_at: datetime | None
    notice: str = Field(description="What the caller is told")
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str
    appeal: str
    appealed_at: datetime | None
    appeal_decided_by: str | None
    appeal_decided_at: datetime | None
    appeal_reason: str

    @classmethod
    def of(cls, row: SuspensionRow, zone: tzinfo, now: datetime) -> "SuspensionAnswer":
        values = {name: getattr(row, name) for name in cls.model_fields if name != "status"}
        moments = ("decided_at", "ends_at", "lifted_at", "appealed_at", "appeal_decided_at")
        return cls.model_validate(
            values
            | {name: local_or_none(values[name], zone) for name in moments}
            | {
                "status": status_of(row, now),
                "caller": mask_number(row.caller),
                "proposed_at": local(row.proposed_at, zone),
            }
        )


class SuspensionPage(Output):
    """Newest first; `after` leads to the next page."""

    model_config = example(suspensions=[EXAMPLE_SUSPENSION], after=None)

    suspensions: list[SuspensionAnswer]
    after: str | None
