import pytest

from domain.drafting.privacy import silenced
from domain.drafting.readable import readable
from domain.drafting.speech import Side, SpokenWord, Transcript
from tests.unit.domain.drafting.spoken import utterances


def words(*told: tuple[str, float]) -> list[SpokenWord]:
    """Words of 0.2 s, each after a rest of so many seconds."""
    spoken, at_s = [], 0.0
    for word, rest_s in told:
        at_s += rest_s
        spoken.append(SpokenWord(word, at_s, at_s + 0.2, 0.9))
        at_s += 0.2
    return spoken


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([("路灯坏了", 0), ("三天", 0.4), ("没人修", 0.0)], "路灯坏了，3天没人修。"),
        ([("你好", 0), ("文三路", 0.9), ("一百二十号", 0.1)], "你好。文三路120号。"),
        ([("什么时候修", 0), ("要多少", 1.0)], "什么时候修。要多少？"),
        ([("能修吗", 0), ("谢谢", 0.5)], "能修吗？谢谢。"),
        ([("我不知道是谁", 0)], "我不知道是谁。"),
        ([], ""),
    ],
)
def test_stops_come_from_rests(told: list[tuple[str, float]], text: str) -> None:
    assert readable(words(*told)) == text


def test_nothing_is_lost() -> None:
    told = words(("喂", 0), ("嗯", 0.4), ("那个", 0.1), ("路灯", 0.9), ("坏了", 0))
    assert readable(told) == "喂，嗯那个。路灯坏了。"


def hidden(spoken: str) -> list[tuple[float, float]]:
    told = Transcript.of(utterances(spoken), Side.CALLER)
    return [(round(start, 2), round(end, 2)) for start, end in silenced(told)]


def test_exactly_the_private_words_are_silenced() -> None:
    assert hidden("我 叫 王小明 | 谢谢") == [(0.4, 1.08)]  # no rest before, one behind
    assert hidden("电话 | 幺三八零零一一二二三三 | 谢谢") == [(1.32, 3.68)]


def test_a_number_said_in_groups_is_silenced_with_its_rests() -> None:
    assert hidden("电话 | 幺三八 | 零零一一 | 二二三三") == [(1.32, 5.68)]


def test_a_number_of_which_a_digit_was_lost_is_silenced_too() -> None:
    assert hidden("幺三八零零一一二二 谢谢") == [(0.0, 1.8)]


@pytest.mark.parametrize("spoken", ["路灯 坏了", "打 一二三四五", "文三路 一百二十号", ""])
def test_what_is_public_sounds(spoken: str) -> None:
    assert hidden(spoken) == []
