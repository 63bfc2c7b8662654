import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.cer import CharacterErrors, character_errors, entity_recall, normalise, total


@pytest.mark.parametrize(
    ("spoken", "recognised", "counts"),
    [
        ("小区停水", "小区停水", (0, 0, 0)),
        ("小区停水", "小区听水", (1, 0, 0)),
        ("小区停水", "小停水", (0, 1, 0)),
        ("小区停水", "小区都停水", (0, 0, 1)),
        ("小区停水", "", (0, 4, 0)),
        ("", "喂", (0, 0, 1)),
        ("你好，我要投诉。", "你好 我要 投诉", (0, 0, 0)),
        ("ＡＢ１２", "ab12", (0, 0, 0)),
        ("12号", "十二号", (2, 0, 0)),
    ],
)
def test_counts(spoken: str, recognised: str, counts: tuple[int, int, int]) -> None:
    errors = character_errors(spoken, recognised)
    assert (errors.substituted, errors.deleted, errors.inserted) == counts


def test_rate_is_errors_over_spoken_characters() -> None:
    assert character_errors("小区停水", "小区听水").rate == 0.25
    assert character_errors("", "").rate == 0.0
    assert character_errors("", "喂").rate == 1.0


def test_a_total_weighs_long_sentences_more() -> None:
    both = total(
        [character_errors("停", "听"), character_errors("三个月没有人来修", "三个月没有人来修")]
    )
    assert both == CharacterErrors(substituted=1, spoken=9)


@given(st.text("小区停水了", max_size=12), st.text("小区停水了", max_size=12))
def test_counts_explain_both_lengths(spoken: str, recognised: str) -> None:
    errors = character_errors(spoken, recognised)
    assert len(recognised) - len(spoken) == errors.inserted - errors.deleted
    assert errors.errors <= max(len(spoken), len(recognised))
    assert (errors.errors == 0) == (spoken == recognised)


def test_digits_are_left_as_they_are() -> None:
    assert normalise("12 栋，三 单元") == "12栋三单元"


def test_entities_are_found_whole_and_used_up() -> None:
    recall = entity_recall(["建设路", "建设路", "三号楼", "八号"], "建设路三号楼旁边")
    assert (recall.found, recall.spoken) == (2, 4)
    assert entity_recall([], "随便").rate == 1.0
