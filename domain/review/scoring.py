"""What a filled form is worth: points, N/A, critical and fatal questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.review.form import Form, Question, Section, Weight

NOT_APPLICABLE = "n/a"


@dataclass(frozen=True)
class Answer:
    """``answer``: a choice of the question, or `NOT_APPLICABLE`. ``at_s``: where in the call."""

    answer: str
    comment: str = ""
    at_s: float | None = None


class AnswersRefused(ValueError):
    """Answers that do not fit the form; ``question`` is the one at fault."""

    def __init__(self, question: str, why: str, why_zh: str) -> None:
        super().__init__(f"{question}: {why}")
        self.question = question
        self.reason = str(self)
        self.reason_zh = f"{question}：{why_zh}"


@dataclass(frozen=True)
class SectionScore:
    """``share``: 0 to 1 of the section's points; None when nothing in it applied."""

    name: str
    weight: float
    share: float | None
    failed_by: str = ""


@dataclass(frozen=True)
class Score:
    """``points`` of 100. ``failed_by``: the fatal question that made it 0."""

    points: float
    sections: tuple[SectionScore, ...]
    failed_by: str = ""


def asked(form: Form, answers: Mapping[str, Answer]) -> list[Question]:
    """Questions that apply, given the answers so far, in order."""
    return [one for one in form.questions.values() if _is_asked(one, answers)]


def score(form: Form, answers: Mapping[str, Answer]) -> Score:
    """Weigh a complete form. What does not apply leaves its weight to the rest.

    Raises `AnswersRefused` for a missing answer or comment, or an answer that is no choice.
    """
    questions = asked(form, answers)
    for question in questions:
        _check(question, answers.get(question.id))
    extra = sorted(set(answers) - {one.id for one in questions})
    if extra:
        raise AnswersRefused(extra[0], "is not asked here", "此题不适用")
    wanted = {one.id for one in questions}
    sections = tuple(_section(one, answers, wanted) for one in form.sections)
    weight = sum(one.weight for one in sections if one.share is not None)
    earned = sum(one.weight * one.share for one in sections if one.share is not None)
    fatal = next((one.id for one in questions if _fails(one, answers, Weight.FATAL)), "")
    points = 0.0 if fatal or weight == 0 else 100 * earned / weight
    return Score(round(points, 2), sections, fatal)


def _section(section: Section, answers: Mapping[str, Answer], wanted: set[str]) -> SectionScore:
    counted = [
        one
        for one in section.questions
        if one.id in wanted and answers[one.id].answer != NOT_APPLICABLE
    ]
    points = sum(one.points for one in counted)
    if points == 0:
        return SectionScore(section.name, section.weight, None)
    critical = next((one.id for one in counted if _fails(one, answers, Weight.CRITICAL)), "")
    earned = sum(one.points * one.choices[answers[one.id].answer] for one in counted)
    return SectionScore(
        section.name, section.weight, 0.0 if critical else earned / points, critical
    )


def _fails(question: Question, answers: Mapping[str, Answer], weight: Weight) -> bool:
    given = answers[question.id].answer
    return question.weight is weight and question.choices.get(given, 1.0) == 0.0


def _is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    condition = question.only_if
    if condition is None:
        return True
    given = answers.get(condition.question)
    return given is not None and given.answer == condition.answer


def _check(question: Question, given: Answer | None) -> None:
    if given is None:
        raise AnswersRefused(question.id, "is not answered", "尚未作答")
    if given.answer == NOT_APPLICABLE:
        if not question.not_applicable:
            raise AnswersRefused(question.id, "always applies", "此题不能选不适用")
        return
    if given.answer not in question.choices:
        known = ", ".join(question.choices)
        raise AnswersRefused(question.id, f"the answers are {known}", "没有该选项")
    if given.answer in question.comment_on and not given.comment.strip():
        raise AnswersRefused(question.id, f"{given.answer} needs a comment", "此答案需要说明")
