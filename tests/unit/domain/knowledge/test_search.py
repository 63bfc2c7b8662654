"""Search in the sample entries, as citizens ask."""

import json
from pathlib import Path

import pytest

from cli.knowledge import SAMPLES, EntryRefused, read_entries
from domain.knowledge.search import Document, SearchIndex, terms_of

ENTRIES = list(read_entries(SAMPLES.read_text("utf-8").splitlines()))
INDEX = SearchIndex(
    [
        Document(number, f"{one.title} {one.keywords}", one.answer)
        for number, one in enumerate(ENTRIES)
    ]
)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("我社保卡丢了怎么补办", "sample-social-card"),
        ("包工头欠我们工资不给", "sample-wage-arrears"),
        ("晚上十二点工地还在打桩吵得睡不着", "sample-night-building-noise"),
        ("楼下烧烤店油烟太大", "sample-restaurant-fumes"),
        ("小区门口路灯不亮了", "sample-streetlight"),
        ("井盖没有了很危险", "sample-manhole"),
        ("家里停水一天了", "sample-water-cut"),
        ("怎么给刚出生的孩子上户口", "sample-hukou"),
        ("身份证快到期了人在外地", "sample-id-renew"),
        ("健身房关门了卡里的钱退不退", "sample-prepaid-refund"),
        ("出租车司机不打表", "sample-taxi"),
        ("外地住院医保能报销吗", "sample-medical-remote"),
        ("村里有人烧秸秆", "sample-straw-burning"),
        ("小孩明年上一年级怎么报名", "sample-school"),
        ("公积金可以提取出来付房租吗", "sample-provident-withdraw"),
        ("驾照到期换证", "sample-license-renew"),
    ],
)
def test_the_entry_that_answers_comes_first(asked: str, key: str) -> None:
    first = INDEX.search(asked)[0]
    assert ENTRIES[first.id].key == key
    assert 0 < first.score <= 1
    assert first.terms


@pytest.mark.parametrize("asked", ["", "，。！", "xyz", "嗯", "\x00"])
def test_nothing_is_found_for_nothing(asked: str) -> None:
    assert INDEX.search(asked) == []
    assert SearchIndex(()).search(asked) == []


def test_latin_words_and_numbers_count_whole() -> None:
    assert terms_of("打12315，用ETC卡") == ["打", "12315", "用", "etc", "卡"]


def test_a_search_finds_at_most_as_many_as_wanted() -> None:
    assert len(INDEX.search("怎么办理", most=3)) <= 3


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ('{"key":"a","title":"b"}', "answer is missing"),
        ('{"key":"a","title":"b","answer":"c","colour":"d"}', "some of"),
        ('{"key":"a","title":"b","answer":"c","valid_until":"bald"}', "valid_until"),
        (json.dumps({"key": "a" * 81, "title": "b", "answer": "c"}), "at most 80"),
        ('{"key":"a","title":"b","answer":7}', "answer: a text"),
    ],
)
def test_a_line_that_is_no_entry_is_told(line: str, why: str) -> None:
    with pytest.raises(EntryRefused, match=why):
        list(read_entries(["", line]))


def test_samples_are_named_once() -> None:
    assert len({one.key for one in ENTRIES}) == len(ENTRIES) >= 20
    assert Path(SAMPLES).is_file()
