import pytest

from asr.training.overlap import TestSetLeaked, check, grams, without

TEST = "大风把楼顶的铁皮吹下来了"


def test_runs_of_eight_characters_ignore_punctuation():
    assert grams("一二三四，五六七八九") == {"一二三四五六七八", "二三四五六七八九"}
    assert grams("一二三四五六七") == set()


def test_eight_shared_characters_fail():
    with pytest.raises(TestSetLeaked, match=r"blind.*把楼顶的铁皮吹下"):
        check(["你好", "昨天把楼顶的铁皮，吹下去"], {"blind": [TEST]})


def test_seven_shared_characters_pass():
    check(["昨天把楼顶的铁皮吹走了"], {"blind": [TEST]})


def test_leaking_sentences_are_dropped_before():
    text = ["昨天把楼顶的铁皮吹下去", "我要投诉", "请帮我，转税务局"]
    assert without(text, [TEST], ["请帮我转税务局"]) == ["我要投诉"]
