"""What corrections teach, and that they cannot make a field worse unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.drafting.draft import draft
from domain.drafting.learning.lessons import (
    Example,
    Lessons,
    compared,
    corrected,
    learn_weights,
    office_history,
    runs,
)
from domain.drafting.topic import Topic
from domain.drafting.units import suggest_units
from domain.drafting.written import written_utterance
from tests.db.services.given import NOW


def undecided(_text: str) -> dict[str, float]:
    return {"投诉": 0.1, "举报": 0.0}


SHOPS = [
    "公园里的小卖部收费太高",
    "公园小卖部一瓶水卖十块",
    "景区小卖部乱收费",
    "公园里小卖部不开票",
]
KILNS = ["村后砖窑冒黑烟", "砖窑晚上偷偷冒烟", "村里砖窑又冒烟了", "砖窑夜里冒烟呛人"]


def test_requests_that_sound_alike_are_labelled_alike() -> None:
    labelled = [(text, "投诉") for text in SHOPS] + [(text, "举报") for text in KILNS]
    weights = learn_weights(labelled, undecided)
    for text, label in (("公园门口小卖部太黑", "投诉"), ("砖窑冒烟没人管", "举报")):
        scores = corrected(undecided(text), text, weights)
        assert max(scores, key=scores.__getitem__) == label


def test_right_drafts_teach_nothing() -> None:
    assert learn_weights([(text, "投诉") for text in SHOPS], undecided) == {}


def test_labels_nobody_knows_teach_nothing() -> None:
    assert learn_weights([("路灯坏了", "点歌")], undecided) == {}


def test_figures_tell_before_and_after_on_requests_held_back() -> None:
    told = [(f"{number}{text}", text, "举报") for number, text in enumerate(KILNS * 5)]
    figures = compared(told, undecided)
    assert (figures.requests, figures.before) == (20, 0.0)
    assert figures.after > 0.9
    assert figures.adopted


def test_what_makes_it_worse_is_not_adopted() -> None:
    """Labels at random: nothing to learn, and the rule was right more often."""

    def clever(text: str) -> dict[str, float]:
        return {"投诉": 0.2, "举报": 0.0} if "公园" in text else {"投诉": 0.0, "举报": 0.2}

    told = [(f"a{n}", text, "投诉") for n, text in enumerate(SHOPS[:2] * 8)]
    told += [(f"b{n}", text, "举报" if n % 3 else "投诉") for n, text in enumerate(KILNS * 4)]
    figures = compared(told, clever)
    assert figures.adopted == (figures.after >= figures.before)


@given(st.text(max_size=40))
def test_a_vector_has_length_one(text: str) -> None:
    assert sum(x * x for x in runs(text).values()) == pytest.approx(1 if len(text) > 1 else 0)


def example(number: int, unit: str, district: str = "龙湖区") -> Example:
    path = "城乡建设/城市管理与市政/道路与路灯"
    return Example(str(number), "路灯", path=path, district=district, units=(unit,))


def test_who_acted_before_is_suggested_first_with_its_history() -> None:
    history = office_history(
        [example(1, "龙湖灯光所"), example(2, "龙湖灯光所"), example(3, "城管局")]
    )
    topic = Topic("城乡建设", "城市管理与市政", "道路与路灯", 0.9, ())
    first, *rest = suggest_units([topic], "汕头", "龙湖区", "", history)
    assert (first.name, first.why) == ("龙湖灯光所", "history:2/3")
    assert all(unit.name != "城管局" for unit in (first, *rest))  # once proves nothing
    elsewhere = suggest_units([topic], "汕头", "金平区", "", history)
    assert elsewhere[0].why == "history:2/3"
    assert suggest_units([topic], "汕头", "龙湖区", "")[0].why.startswith("topic:")


def test_a_draft_says_when_a_lesson_decided() -> None:
    text = "砖窑晚上冒烟"

    def made(lessons: Lessons) -> tuple[str, str]:
        one = draft(
            [written_utterance(text)],
            caller_number="",
            call_started_at=NOW,
            city="",
            lessons=lessons,
        )
        return one.category.value, one.category.rule

    before, _ = made(Lessons())
    wanted = "表扬"
    assert before != wanted
    weights = {wanted: dict.fromkeys(runs(text), 9.0)}
    assert made(Lessons(category=weights)) == (wanted, "learnt_from_corrections")
    assert made(Lessons.of_json(Lessons(category=weights).as_json()))[0] == wanted
