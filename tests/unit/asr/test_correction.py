"""Names by their sound."""

import pytest

from asr.correction import Gazetteer, corrected
from asr.recognizer import Word

NAMES = ["文明一路", "丽阳街", "佃户屯街道", "红旗路", "云山西路", "曹县"]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(NAMES)


def said(text: str) -> list[Word]:
    """Words divided by blanks, half a second each."""
    return [
        Word(word, 0.5 * number, 0.5 * number + 0.4, 0.6)
        for number, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("我 在 文 名 一路 上", "我在文明一路上"),
        ("店 虎 屯 街道 停电", "佃户屯街道停电"),
        ("云 三 西路 堵车", "云山西路堵车"),
        ("红齐 路 路灯 坏了", "红旗路路灯坏了"),
    ],
)
def test_what_sounds_like_a_name_is_proposed(gazetteer: Gazetteer, heard: str, wanted: str) -> None:
    words = said(heard)
    found = gazetteer.corrections(words)
    assert len(found) == 1
    assert corrected(words, found) == wanted


def test_the_original_its_time_and_the_confidence_are_kept(gazetteer: Gazetteer) -> None:
    words = said("在 文 名 一路")
    (one,) = gazetteer.corrections(words)
    assert (one.original, one.name) == ("文名一路", "文明一路")
    assert (one.start_s, one.end_s) == (0.5, 1.9)
    assert 0.9 < one.confidence <= 1
    assert "".join(word.word for word in words) == "在文名一路"


@pytest.mark.parametrize(
    "heard",
    ["文明 一路 到 丽阳 街", "我家 停水 了", "曹 线", "车牌 浙 A 一 二", "", "长 城 路 在 修"],
)
def test_names_and_other_words_are_left_alone(gazetteer: Gazetteer, heard: str) -> None:
    assert gazetteer.corrections(said(heard)) == []


def test_a_surer_proposal_wins_where_two_overlap() -> None:
    both = Gazetteer(["中山一路", "中三一路"])
    words = said("中 山 医 路")
    (one,) = both.corrections(words)
    assert one.name == "中山一路"


def test_a_name_inside_a_word_keeps_what_stands_around_it() -> None:
    words = said("到 红齐路口 了")
    (one,) = Gazetteer(["红旗路"]).corrections(words)
    assert (one.original, one.name) == ("红齐路口", "红旗路口")
