import math
from collections import Counter

import pytest

from asr.training.city_words import WordWrong, parse_words
from asr.training.lexicon import HETERONYM, Pronouncer, build, in_context
from asr.training.vocabulary import open_vocabulary

PHONES = ["SIL", "th", "s.", "l", "Q", "iN2", "uei3", "iN1", "@r4", "iou4", "u4", "X", "@2"]
SAID = {
    "停": "th'i35N",
    "水": "s.w'ei214",
    "停水": "th'i35N s.w'ei214",
    "凌": "l'i35N",
    "晨": "th'i35N",
    "凌晨": "l'i35N th'i35N th'i35N",  # the last character twice, as espeak 1.51 does
    "二": "'@r51",
    "二停水": "'@r51 th'i55N s.w'ei214",  # another tone in context
    "A": "h@l'oU",
    "六": "l'iou51",
    "合": "X'@35",
    "六合": "l'iou51 X'@35",
    "lu4": "l'u51",
    "he2": "X'@35",
    "er4": "'@r51",
    "ting1": "th'i55N",
}
PRONOUNCER = Pronouncer(SAID.__getitem__, PHONES)
TING, SHUI = ("th", "iN2"), ("s.", "uei3")


def no_pinyin(_):
    return []


def test_a_word_is_read_as_espeak_reads_it():
    assert build(["停水"], PRONOUNCER, {}, no_pinyin) == {"停水": [((TING, SHUI), 0.0)]}


def test_a_doubled_last_character_keeps_both_readings():
    readings = [reading for reading, _ in build(["凌晨"], PRONOUNCER, {}, no_pinyin)["凌晨"]]
    assert sorted(map(len, readings)) == [2, 3]


def test_unreadable_words_and_unknown_phones_are_left_out():
    few = Pronouncer(SAID.__getitem__, ["SIL", "th", "iN2"])
    assert build(["A"], PRONOUNCER, {}, no_pinyin) == {}
    assert build(["停水"], few, {}, no_pinyin) == {}


def test_readings_in_context_are_counted_per_word():
    seen = in_context(["二停水", "A"], [["二", "停水"], ["A"]], PRONOUNCER)
    assert seen == {
        "二": Counter({(("Q", "@r4"),): 1}),
        "停水": Counter({(("th", "iN1"), SHUI): 1}),
    }
    found = build(["停水"], PRONOUNCER, seen, no_pinyin)
    assert len(found["停水"]) == 2


def test_readings_rarer_than_two_percent_are_slips():
    seen = {"停水": Counter({(TING, SHUI): 1000, (("th", "iN1"), SHUI): 3})}
    assert [r for r, _ in build(["停水"], PRONOUNCER, seen, no_pinyin)["停水"]] == [(TING, SHUI)]


def test_heteronyms_of_single_characters_are_possible_but_costly():
    found = dict(build(["停"], PRONOUNCER, {}, lambda _: ["ting1"])["停"])
    assert found[(TING,)] == 0.0
    assert found[(("th", "iN1"),)] == pytest.approx(-math.log(HETERONYM), abs=1e-3)


def test_a_reading_given_by_hand_costs_nothing():
    given = parse_words(["六合 lu4 he2  # a district", "", "停水"])
    assert given == {"六合": [("lu4", "he2")], "停水": []}
    found = dict(build(["六合"], PRONOUNCER, {}, no_pinyin, given)["六合"])
    assert found[(("l", "u4"), ("X", "@2"))] == 0.0
    assert len(found) == 2


def test_a_letter_may_have_several_syllables_and_readings():
    given = parse_words(["H lu4 he2", "H he2 he2"])
    found = [
        r
        for r, _ in build(
            ["H"], Pronouncer({**SAID, "H": "h"}.__getitem__, PHONES), {}, no_pinyin, given
        )["H"]
    ]
    assert sorted(map(len, found)) == [2, 2]


@pytest.mark.parametrize("line", ["六合 lu4", "Liuhe", "六合区x"])
def test_a_wrong_city_word_is_refused(line):
    with pytest.raises(WordWrong):
        parse_words([line])


def test_open_vocabulary_holds_frequent_words_characters_and_the_city():
    dictionary = [("停水", 90), ("罕见", 1), ("停", 50), ("一二", 99)]
    found = open_vocabulary(dictionary, 1, ["六合区"])
    assert sum(found.values()) == pytest.approx(1.0)
    assert {"停水", "六合区", "停", "罕", "幺"} <= set(found)
    assert not {"罕见", "一二"} & set(found)
