"""The likeliest row of words."""

from asr.training.segmentation import Segmenter, everyday_words

LIKELY = {
    "我们": 1e-2, "小区": 1e-3, "停水": 1e-3, "了": 1e-2, "我": 1e-2, "们": 1e-3,
    "停": 1e-3, "水": 1e-3, "的": 0.9,
}  # fmt: skip


def test_whole_words_win_over_their_characters():
    assert Segmenter(LIKELY).words("我们小区停水了") == ["我们", "小区", "停水", "了"]


def test_given_words_are_kept_whole():
    assert Segmenter(LIKELY, ["停水了"]).words("停水了") == ["停水了"]


def test_numbers_and_letters_stand_one_by_one_and_punctuation_goes():
    cutter = Segmenter({**LIKELY, "一三": 0.5})
    assert cutter.words("我，浙A一三八水") == ["我", "浙", "A", "一", "三", "八", "水"]


def test_an_unknown_character_is_a_word():
    assert Segmenter(LIKELY).words("堽了") == ["堽", "了"]


def test_everyday_words_are_chinese_ones():
    assert everyday_words({"停水": 1e-4, "ok": 0.1, "</s>": 0.1}) == [("停水", 100_000)]
