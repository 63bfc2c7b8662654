"""Forms and reviews as they are sent."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from api.schemas.shapes import (
    CallId,
    Input,
    JsonValue,
    Output,
    Reason,
    ShortText,
    Text,
    example,
    input_example,
    local,
    local_or_none,
)
from domain.review.scoring import Answer
from domain.review.suggest import Suggestion
from storage.tables.review import CalibrationRow, ReviewFormRow, ReviewRow

EXAMPLE_BODY: dict[str, Any] = {
    "name": "通话质量",
    "sections": [
        {
            "name": "问候",
            "weight": 100,
            "questions": [
                {"id": "greeting", "text": "问候规范", "points": 10, "suggest": "greeting"}
            ],
        }
    ],
}
EXAMPLE_FORM: dict[str, Any] = {"name": "通话质量", "version": 2, "body": EXAMPLE_BODY}
EXAMPLE_ANSWERS: dict[str, Any] = {"greeting": {"answer": "yes", "comment": "", "at_s": 9.8}}
EXAMPLE_REVIEW: dict[str, Any] = {
    "id": 5,
    "call_id": "hl1-1763843556.12",
    "seat": "1001",
    "agent": "li.hong",
    "reviewer": "account:wang.fang",
    "purpose": "first",
    "form": "通话质量",
    "form_version": 2,
    "state": "released",
    "answers": EXAMPLE_ANSWERS,
    "score": 88.5,
    "failed_by": "",
    "note": "下次请先核对地址",
    "version": 3,
    "submitted_at": "2026-11-22T16:00:00+08:00",
    "released_at": "2026-11-22T17:00:00+08:00",
    "acknowledged_at": None,
    "appeal_until": "2026-11-29T17:00:00+08:00",
    "appeal": "",
    "decided_by": "",
    "decision": "",
}
SAME = (
    "id", "call_id", "seat", "agent", "reviewer", "purpose", "form", "form_version", "state",
    "answers", "score", "failed_by", "note", "version", "appeal", "decided_by", "decision",
)  # fmt: skip
MOMENTS = ("submitted_at", "released_at", "acknowledged_at", "appeal_until")


class FormGiven(Input):
    """A form, or the next version of one: see docs/howto/review-desk.md."""

    model_config = input_example(body=EXAMPLE_BODY)

    body: dict[str, JsonValue]


class FormAnswer(Output):
    model_config = example(**EXAMPLE_FORM)

    name: str
    version: int
    body: dict[str, Any]

    @classmethod
    def of(cls, row: ReviewFormRow) -> "FormAnswer":
        return cls(name=row.name, version=row.version, body=row.body)


class FormList(Output):
    """The newest version of each."""

    model_config = example(forms=[EXAMPLE_FORM])

    forms: list[FormAnswer]


class ReviewGiven(Input):
    """`purpose`: first, second (another reviewer, blind), or calibration:ID."""

    model_config = input_example(call_id="hl1-1763843556.12", purpose="first", form="通话质量")

    call_id: CallId
    purpose: str = Field(default="first", pattern=r"^(first|second|calibration:[1-9][0-9]{0,8})$")
    form: ShortText


class CalibrationGiven(Input):
    """All `reviewers` (names of accounts) score all `calls` with the form as it is now."""

    model_config = input_example(
        name="第 47 周校准",
        form="通话质量",
        calls=["hl1-1763843556.12"],
        reviewers=["wang", "zhou"],
    )

    name: Annotated[ShortText, Field(min_length=1)]
    form: ShortText
    calls: Annotated[list[CallId], Field(min_length=1, max_length=50)]
    reviewers: Annotated[list[ShortText], Field(min_length=2, max_length=20)]


CALIBRATION = {
    "id": 3,
    "name": "第 47 周校准",
    "form": "通话质量",
    "form_version": 2,
    "calls": ["hl1-1763843556.12"],
    "reviewers": {"account:wang": 1, "account:zhou": 0},
    "started_by": "account:chen",
    "started_at": "2026-11-23T09:00:00+08:00",
    "closed_at": None,
}


class CalibrationAnswer(Output):
    model_config = example(**CALIBRATION)

    id: int
    name: str
    form: str
    form_version: int
    calls: list[CallId]
    reviewers: dict[str, int] = Field(description="Reviewer → how many calls he has scored")
    started_by: str
    started_at: AwareDatetime
    closed_at: AwareDatetime | None

    @classmethod
    def of(cls, row: CalibrationRow, done: Mapping[str, int], zone: tzinfo) -> "CalibrationAnswer":
        return cls(
            id=row.id,
            name=row.name,
            form=row.form,
            form_version=row.form_version,
            calls=row.calls,
            reviewers={name: done.get(name, 0) for name in row.reviewers},
            started_by=row.started_by,
            started_at=local(row.started_at, zone),
            closed_at=local_or_none(row.closed_at, zone),
        )


class CalibrationList(Output):
    model_config = example(calibrations=[CALIBRATION])

    calibrations: list[CalibrationAnswer]


class AnswerGiven(Input):
    """One of the question's choices, or n/a."""

    model_config = input_example(answer="yes", comment="", at_s=9.8)

    answer: ShortText
    comment: ShortText = ""
    at_s: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)

    def read(self) -> Answer:
        return Answer(self.answer, self.comment, self.at_s)


class AnswersGiven(Input):
    """All answers so far; `version` is that of the review as you saw it."""

    model_config = input_example(answers=EXAMPLE_ANSWERS, note="", version=1)

    answers: dict[str, AnswerGiven]
    note: Text = ""
    version: int = Field(ge=1)


class AppealGiven(Input):
    model_config = input_example(why="来电人先挂断，无法使用结束用语")

    why: Reason


class DecisionGiven(Input):
    """`answers` null: upheld as it was."""

    model_config = input_example(why="录音证实来电人先挂断", answers=EXAMPLE_ANSWERS)

    why: Reason
    answers: dict[str, AnswerGiven] | None = None


class SuggestionAnswer(Output):
    """What the transcript suggests, with the words that led to it; it counts for nothing."""

    model_config = example(answer="yes", words="您好", at_s=9.8)

    answer: str
    words: str
    at_s: float | None

    @classmethod
    def of(cls, one: Suggestion) -> "SuggestionAnswer":
        return cls(answer=one.answer, words=one.words, at_s=one.at_s)


class ReviewAnswer(Output):
    """One reviewer's scoring of one call."""

    model_config = example(**EXAMPLE_REVIEW)

    id: int
    call_id: str
    seat: str
    agent: str
    reviewer: str
    purpose: str
    form: str
    form_version: int
    state: str
    answers: dict[str, Any]
    score: float | None
    failed_by: str
    note: str
    version: int
    submitted_at: datetime | None
    released_at: datetime | None
    acknowledged_at: datetime | None
    appeal_until: datetime | None
    appeal: str
    decided_by: str
    decision: str

    @classmethod
    def of(cls, row: ReviewRow, zone: tzinfo) -> "ReviewAnswer":
        values = {name: getattr(row, name) for name in SAME}
        moments = {name: local_or_none(getattr(row, name), zone) for name in MOMENTS}
        return cls(**values, **moments)


class ReviewList(Output):
    """Newest first."""

    model_config = example(reviews=[EXAMPLE_REVIEW])

    reviews: list[ReviewAnswer]


class ReviewWithForm(Output):
    """A review with its form's own version and what the transcript suggests."""

    model_config = example(
        review=EXAMPLE_REVIEW,
        form=EXAMPLE_FORM,
        suggestions={"greeting": {"answer": "yes", "words": "您好", "at_s": 9.8}},
    )

    review: ReviewAnswer
    form: FormAnswer
    suggestions: dict[str, SuggestionAnswer]


class OwnReview(Output):
    """A released review of the agent's own call, with the form's own version."""

    model_config = example(review=EXAMPLE_REVIEW, form=EXAMPLE_FORM)

    review: ReviewAnswer
    form: FormAnswer


class OwnReviews(Output):
    """Newest first."""

    model_config = example(reviews=[{"review": EXAMPLE_REVIEW, "form": EXAMPLE_FORM}])

    reviews: list[OwnReview]


GIVEN = {"account:wang": "yes", "account:zhou": "no"}
AGREED: dict[str, Any] = {
    "question": "greeting",
    "text": "问候规范",
    "reviewers": 2,
    "kappa": 0.71,
    "calls": [{"call_id": "hl1-1763843556.12", "answers": GIVEN}],
}


class CallGiven(Output):
    """What each reviewer answered about one call: reviewer → answer."""

    model_config = example(call_id="hl1-1763843556.12", answers=GIVEN)

    call_id: CallId
    answers: dict[str, str]


class AgreementAnswer(Output):
    """Kappa: 1 always agreed, 0 as by chance; null: nothing to compare."""

    model_config = example(**AGREED)

    question: str
    text: str = Field(description="The question as the form asks it")
    reviewers: int
    kappa: float | None
    calls: list[CallGiven]


class AgreementList(Output):
    model_config = example(questions=[AGREED])

    questions: list[AgreementAnswer]


class ReportLine(Output):
    """`mean`: points; for questions percent of the best answer."""

    model_config = example(name="li.hong", reviews=12, mean=91.2, lowest=74.0, highest=100.0)

    name: str
    reviews: int
    mean: float
    lowest: float
    highest: float


class Report(Output):
    model_config = example(
        by="agent",
        lines=[{"name": "li.hong", "reviews": 12, "mean": 91.2, "lowest": 74, "highest": 100}],
    )

    by: str
    lines: list[ReportLine]


GroupedBy = Literal["agent", "team", "question", "reviewer", "week"]
