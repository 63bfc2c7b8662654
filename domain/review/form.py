"""A scoring form: sections, weights, questions. Read from JSON, refused with all its faults.

``{"name", "sections": [{"name", "weight", "questions": [{"id", "text", "points", "kind", …}]}]}``.
Weights of the sections add up to 100. A question is worth ``points`` within its section.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WHOLE = 100.0
TOLERANCE = 1e-6
MOST_QUESTIONS = 200


class Weight(StrEnum):
    """What a failed question costs."""

    POINTS = "points"  # its points
    CRITICAL = "critical"  # the whole section
    FATAL = "fatal"  # the whole form


@dataclass(frozen=True)
class Condition:
    """Asked only if another question was answered so."""

    question: str
    answer: str


@dataclass(frozen=True)
class Question:
    """``choices``: answer → share of the points (0 to 1); ``comment_on``: needs a comment.

    ``suggest``: name of the rule that suggests an answer (`domain.review.suggest`).
    """

    id: str
    text: str
    points: float
    choices: dict[str, float]
    weight: Weight = Weight.POINTS
    not_applicable: bool = False
    comment_on: frozenset[str] = frozenset()
    only_if: Condition | None = None
    examples: tuple[str, ...] = ()
    suggest: str = ""


@dataclass(frozen=True)
class Section:
    name: str
    weight: float
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Form:
    name: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> dict[str, Question]:
        return {one.id: one for section in self.sections for one in section.questions}


@dataclass(frozen=True)
class FormFault:
    """``where``: a way into the JSON, such as sections.0.questions.2.points."""

    where: str
    what: str
    what_zh: str


class FormRefused(ValueError):
    """The form cannot be used; `faults` has all that is wrong with it."""

    def __init__(self, faults: list[FormFault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.what}" for fault in faults))
        self.faults = faults
        self.reason = str(self)
        self.reason_zh = "；".join(f"{fault.where}：{fault.what_zh}" for fault in faults)


YES_NO = {"yes": 1.0, "no": 0.0}


def form_of(body: dict[str, Any]) -> Form:
    """Read a form. Raises `FormRefused` with every fault, not only the first."""
    faults = list(_shape_faults(body))
    if faults:
        raise FormRefused(faults)
    form = Form(str(body["name"]), tuple(_section(one) for one in body["sections"]))
    faults = list(_faults(form))
    if faults:
        raise FormRefused(faults)
    return form


def _section(body: dict[str, Any]) -> Section:
    questions = tuple(_question(one) for one in body["questions"])
    return Section(str(body["name"]), float(body["weight"]), questions)


def _question(body: dict[str, Any]) -> Question:
    only_if = body.get("only_if")
    return Question(
        id=str(body["id"]),
        text=str(body["text"]),
        points=float(body["points"]),
        choices={str(k): float(v) for k, v in (body.get("choices") or YES_NO).items()},
        weight=Weight(body.get("weight", Weight.POINTS)),
        not_applicable=bool(body.get("not_applicable", False)),
        comment_on=frozenset(str(one) for one in body.get("comment_on", [])),
        only_if=Condition(only_if["question"], only_if["answer"]) if only_if else None,
        examples=tuple(str(one) for one in body.get("examples", [])),
        suggest=str(body.get("suggest", "")),
    )


def _shape_faults(body: dict[str, Any]) -> Iterator[FormFault]:
    if not isinstance(body.get("name"), str) or not body["name"]:
        yield FormFault("name", "a name is missing", "缺少名称")
    sections = body.get("sections")
    if not isinstance(sections, list) or not sections:
        yield FormFault("sections", "at least one section is needed", "至少要有一个部分")
        return
    for place, section in enumerate(sections):
        where = f"sections.{place}"
        if not isinstance(section, dict) or not isinstance(section.get("questions"), list):
            yield FormFault(where, "wants name, weight and questions", "应有名称、权重和题目")
            continue
        if not _is_number(section.get("weight")):
            yield FormFault(f"{where}.weight", "wants a number, such as 20", "应为数字，如 20")
        if not isinstance(section.get("name"), str):
            yield FormFault(f"{where}.name", "a name is missing", "缺少名称")
        for number, question in enumerate(section["questions"]):
            yield from _question_shape(f"{where}.questions.{number}", question)


def _question_shape(where: str, body: object) -> Iterator[FormFault]:
    if not isinstance(body, dict):
        yield FormFault(where, "wants id, text and points", "应有编号、题目和分值")
        return
    for name in ("id", "text"):
        if not isinstance(body.get(name), str) or not body[name]:
            yield FormFault(f"{where}.{name}", "is missing", "不能为空")
    if not _is_number(body.get("points")):
        yield FormFault(f"{where}.points", "wants a number of points", "应为分值")
    if body.get("weight", Weight.POINTS) not in set(Weight):
        yield FormFault(f"{where}.weight", f"is one of {', '.join(Weight)}", "取值无效")
    choices = body.get("choices") or YES_NO
    if not isinstance(choices, dict) or not all(_is_share(one) for one in choices.values()):
        yield FormFault(f"{where}.choices", "each choice wants a share from 0 to 1", "应为 0 到 1")
    only_if = body.get("only_if")
    if only_if is not None and (
        not isinstance(only_if, dict) or set(only_if) != {"question", "answer"}
    ):
        yield FormFault(f"{where}.only_if", "wants question and answer", "应有题目和答案")


def _faults(form: Form) -> Iterator[FormFault]:
    total = sum(section.weight for section in form.sections)
    if abs(total - WHOLE) > TOLERANCE:
        yield FormFault(
            "sections",
            f"the weights add up to {total:g}, not to 100",
            f"各部分权重之和为 {total:g}，应为 100",
        )
    every = [one.id for section in form.sections for one in section.questions]
    if len(every) > MOST_QUESTIONS:
        yield FormFault("sections", f"more than {MOST_QUESTIONS} questions", "题目过多")
    if len(every) != len(set(every)):
        twice = sorted({one for one in every if every.count(one) > 1})
        yield FormFault("sections", f"asked twice: {', '.join(twice)}", "题目编号重复")
    asked: dict[str, Question] = {}
    for place, section in enumerate(form.sections):
        where = f"sections.{place}"
        if section.weight < 0:
            yield FormFault(f"{where}.weight", "is below 0", "不能小于 0")
        if sum(one.points for one in section.questions) <= 0:
            yield FormFault(f"{where}.questions", "no question gives points", "没有得分题目")
        for number, question in enumerate(section.questions):
            yield from _question_faults(f"{where}.questions.{number}", question, asked)
            asked[question.id] = question


def _question_faults(
    where: str, question: Question, asked: dict[str, Question]
) -> Iterator[FormFault]:
    if question.points < 0:
        yield FormFault(f"{where}.points", "is below 0", "不能小于 0")
    unknown = sorted(question.comment_on - set(question.choices))
    if unknown:
        yield FormFault(f"{where}.comment_on", f"no choice {', '.join(unknown)}", "没有该选项")
    condition = question.only_if
    if condition is None:
        return
    other = asked.get(condition.question)
    if other is None:
        yield FormFault(
            f"{where}.only_if", f"{condition.question} is not asked before", "所依赖的题目不在前面"
        )
    elif condition.answer not in other.choices:
        yield FormFault(f"{where}.only_if", f"{condition.answer} is no answer to it", "没有该答案")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
