import random

import pytest

from asr.training.sentence_grammar import SENTENCE, GrammarWrong, cardinal, parse

GRAMMAR = """
# places
district: 甲区 乙区
place = {district}{road}
  | {road}{1-3}号 *3
  |
road: 一路
call = 电话{mobile}
"""


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "零"),
        (10, "十"),
        (14, "十四"),
        (115, "一百一十五"),
        (205, "二百零五"),
        (1015, "一千零一十五"),
        (3600, "三千六百"),
        (9999, "九千九百九十九"),
    ],
)
def test_numbers_as_they_are_spoken(number, spoken):
    assert cardinal(number) == spoken


def test_weights_repeat_an_alternative_and_nothing_is_an_alternative():
    grammar = parse([GRAMMAR])
    assert grammar.rules["place"].count("{road}{1-3}号") == 3
    assert "" in grammar.rules["place"]


def test_the_same_seed_gives_the_same_sentences():
    grammar = parse([GRAMMAR])
    first, second = (
        [grammar.expand("place", choose) for _ in range(200)]
        for choose in (random.Random(4), random.Random(4))
    )
    assert first == second
    assert {"甲区一路", "乙区一路", "一路二号", ""} <= set(first)


def test_a_mobile_number_is_eleven_spoken_digits():
    spoken = parse([GRAMMAR]).expand("call", random.Random(1))
    assert len(spoken) == 13
    assert SENTENCE.fullmatch(spoken)


def test_rules_of_several_files_add_up():
    assert parse([GRAMMAR, "district: 丙区"]).rules["district"] == ("甲区", "乙区", "丙区")


def test_fixed_sentences_are_those_without_a_slot():
    assert parse(["ask = 怎么办 | {who}怎么办 | 怎么办\nwho: 我"]).fixed("ask", "who") == [
        "怎么办",
        "我",
    ]


@pytest.mark.parametrize("wrong", ["place = {nowhere}", "no rule at all", "| alone"])
def test_a_wrong_grammar_is_refused(wrong):
    with pytest.raises(GrammarWrong):
        parse([wrong])
