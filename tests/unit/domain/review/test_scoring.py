"""What a filled form is worth, what is wrong with a form, how far reviewers agree."""

import copy
from typing import Any

import pytest

from domain.review.agreement import NothingToCompare, cohen, fleiss, kappa
from domain.review.form import FormRefused, form_of
from domain.review.marks import Fact, MarkKind, Said, marks_of
from domain.review.progress import AFTER, ReviewState, ReviewStep, StepNotPossible, after
from domain.review.scoring import NOT_APPLICABLE, Answer, AnswersRefused, asked, score
from domain.review.suggest import Heard, suggestions
from services.reviewing import default_form

DEFAULT = form_of(default_form())
BEST = {
    "answered": "yes", "greeting": "yes", "listening": "good", "repeated": "yes",
    "address": "yes", "facts": "complete", "category": "yes", "unit": "yes", "refused": "no",
    "explained": "yes", "closing": "yes", "tone": "good", "polite": "yes",
}  # fmt: skip


def answers(**changes: str) -> dict[str, Answer]:
    return {key: Answer(value, "why") for key, value in {**BEST, **changes}.items() if value}


def form(**changes: Any) -> dict[str, Any]:
    question = {"id": "q1", "text": "?", "points": 10, **changes}
    return {
        "name": "f",
        "sections": [
            {"name": "s", "weight": 60, "questions": [question]},
            {"name": "t", "weight": 40, "questions": [{"id": "q2", "text": "?", "points": 1}]},
        ],
    }


def test_the_default_form_is_sound_and_perfect_is_a_hundred() -> None:
    assert score(DEFAULT, answers()).points == 100.0


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"greeting": "no"}, 90.0),  # 10 of 15 points of a section of 15
        ({"listening": "fair"}, 95.0),
        ({"answered": NOT_APPLICABLE}, 100.0),
        ({"polite": "no"}, 0.0),  # fatal
        ({"refused": "yes", "explained": "", "refusal_script": "yes"}, 100.0),
        ({"refused": "yes", "explained": "", "refusal_script": "no"}, 90.0),  # critical: 10 gone
    ],
)
def test_points(changes: dict[str, str], points: float) -> None:
    assert score(DEFAULT, answers(**changes)).points == points


def test_what_does_not_apply_leaves_its_weight_to_the_rest() -> None:
    body = form_of(form(not_applicable=True))
    given = {"q1": Answer(NOT_APPLICABLE), "q2": Answer("yes")}
    assert score(body, given).points == 100.0
    assert score(body, {**given, "q2": Answer("no")}).points == 0.0


@pytest.mark.parametrize(
    ("changes", "question", "why"),
    [
        ({"greeting": ""}, "greeting", "not answered"),
        ({"greeting": "maybe"}, "greeting", "yes, no"),
        ({"greeting": NOT_APPLICABLE}, "greeting", "always applies"),
        ({"refusal_script": "yes"}, "refusal_script", "not asked"),
    ],
)
def test_answers_that_do_not_fit_are_named(
    changes: dict[str, str], question: str, why: str
) -> None:
    with pytest.raises(AnswersRefused, match=why) as refused:
        score(DEFAULT, answers(**changes))
    assert refused.value.question == question


def test_some_answers_need_a_comment() -> None:
    with pytest.raises(AnswersRefused, match="comment"):
        score(DEFAULT, {**answers(), "tone": Answer("poor", "  ")})


def test_only_what_applies_is_asked() -> None:
    ids = {one.id for one in asked(DEFAULT, answers(refused="yes"))}
    assert "refusal_script" in ids
    assert "explained" not in ids


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda f: f["sections"][0].update(weight=59), "sections", "99"),
        (lambda f: f["sections"][1]["questions"][0].update(id="q1"), "sections", "q1"),
        (lambda f: f["sections"][0].update(questions=[]), "sections.0.questions", "no question"),
        (lambda f: f.update(name=""), "name", "missing"),
        (lambda f: f.update(sections=[]), "sections", "at least one"),
        (lambda f: f["sections"][0].update(weight="x"), "sections.0.weight", "number"),
        (lambda f: f["sections"].append("x"), "sections.2", "wants"),
    ],
)
def test_a_form_at_fault_says_where(change: Any, where: str, what: str) -> None:
    body = copy.deepcopy(form())
    change(body)
    with pytest.raises(FormRefused) as refused:
        form_of(body)
    assert any(fault.where == where and what in fault.what for fault in refused.value.faults)
    assert all(fault.what_zh for fault in refused.value.faults)


@pytest.mark.parametrize(
    "question",
    [
        {"points": -1}, {"points": "many"}, {"weight": "heavy"}, {"choices": {"a": 2}},
        {"comment_on": ["maybe"]}, {"only_if": {"question": "q2", "answer": "yes"}},
        {"only_if": "x"}, {"text": ""},
    ],
)  # fmt: skip
def test_a_question_at_fault_says_where(question: dict[str, Any]) -> None:
    with pytest.raises(FormRefused, match=f"sections.0.questions.0.{next(iter(question))}"):
        form_of(form(**question))


def test_cohens_kappa_of_a_known_table() -> None:
    # 50 cases, 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: 0.4 (Wikipedia, "Cohen's kappa").
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen([a for a, _ in pairs], [b for _, b in pairs]) == pytest.approx(0.4)
    assert kappa(pairs) == pytest.approx(0.4)


def test_fleiss_kappa_of_a_known_table() -> None:
    # Fourteen raters, ten subjects, five categories: 0.210 (Fleiss 1971, as in Wikipedia).
    counts = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    rows = [["abcde"[k] for k, n in enumerate(row) for _ in range(n)] for row in counts]
    assert fleiss(rows) == pytest.approx(0.210, abs=0.0005)


def test_agreement_at_its_ends() -> None:
    assert kappa([("y", "y"), ("y", "y")]) == 1.0
    assert kappa([("y", "n"), ("n", "y")]) == -1.0
    for nothing in ([], [("y",)], [("y", "n"), ("y",)]):
        with pytest.raises(NothingToCompare):
            kappa(nothing)


@pytest.mark.parametrize("state", list(ReviewState))
@pytest.mark.parametrize("step", list(ReviewStep))
def test_every_step_from_every_state(state: ReviewState, step: ReviewStep) -> None:
    if (state, step) in AFTER:
        assert after(state, step) == AFTER[state, step]
    else:
        with pytest.raises(StepNotPossible):
            after(state, step)


def test_suggestions_carry_the_words_that_led_to_them() -> None:
    said = [
        Said("agent", 10.0, 12.0, "您好很高兴为您服务"),
        Said("caller", 12.5, 15.0, "我要反映路灯坏了"),
        Said("agent", 16.0, 18.0, "请问具体是什么位置"),
        Said("agent", 30.0, 32.0, "这个不归我们管"),
        Said("agent", 40.0, 41.0, "嗯"),
        Said("agent", 42.0, 43.0, "好"),
        Said("agent", 44.0, 45.0, "行"),
    ]
    found = suggestions(DEFAULT, Heard(said, 9.5, answer_s=20.0))
    assert (found["greeting"].answer, found["greeting"].words) == ("yes", "您好")
    assert (found["address"].answer, found["address"].at_s) == ("yes", 16.0)
    assert (found["polite"].answer, found["polite"].words) == ("no", "不归我们管")
    assert found["closing"].answer == "no"
    assert (found["answered"].answer, found["answered"].words) == ("no", "20.0 s")
    assert suggestions(DEFAULT, Heard([], 0.0)) == {}


def test_marks_of_a_conversation() -> None:
    said = [
        Said("caller", 10.0, 14.0, "我跟你说"),
        Said("agent", 12.0, 13.5, "您先听我说"),
        Said("agent", 30.0, 31.0, "好的"),
    ]
    steps = [
        Fact("started", 0.0, {"flow": "default", "flow_version": 3}),
        Fact("stepped", 0.1, {"state": {"path": ["greeting"]}}),
        Fact("stepped", 8.0, {"state": {"path": ["greeting", "to_agent"]}}),
        Fact("warned", 20.0, {}),
    ]
    marks = marks_of(said, steps, [(9.0, 35.0), (36.0, 40.0)])
    found = [(mark.kind, mark.from_s, mark.to_s, mark.label) for mark in marks]
    assert found == [
        (MarkKind.NODE, 0.1, 0.1, "greeting (default v3)"),
        (MarkKind.NODE, 8.0, 8.0, "to_agent (default v3)"),
        (MarkKind.TALK_OVER, 12.0, 13.5, ""),
        (MarkKind.SILENCE, 14.0, 30.0, ""),
        (MarkKind.WARNING, 20.0, 20.0, ""),
        (MarkKind.TRANSFER, 36.0, 36.0, ""),
    ]
