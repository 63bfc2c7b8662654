from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.drafting.draft import Draft, draft
from domain.drafting.speech import Side, Span, SpokenWord, Transcript, Utterance
from domain.tickets.category import Category
from tests.unit.domain.drafting.spoken import utterances

CALLED = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def made(*said: Utterance, number: str = "13800000000") -> Draft:
    return draft(said, caller_number=number, call_started_at=CALLED, city="杭州")


def test_every_field_plays_the_speech_it_came_from() -> None:
    words = "我 要 投诉 西湖区 文三路 一百 二十三 号 的 烧烤店 | 昨天 晚上 十一点 半 还 很 吵"
    result = made(*utterances(words))
    assert result.category.value == Category.COMPLAINT
    assert result.address.value == "西湖区文三路123号"
    (span,) = result.address.spans
    assert span == Span(Side.CALLER, span.start_s, span.end_s, "西湖区文三路一百二十三号")
    assert round(span.start_s, 1) == 0.8
    assert round(span.end_s, 1) == 3.2
    assert result.event_at == datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert result.event_precision == "minute"
    assert result.event_time.spans[0].words == "昨天晚上十一点半"
    assert [span.words for span in result.summary.spans] == [
        "我要投诉西湖区文三路一百二十三号的烧烤店",
        "昨天晚上十一点半还很吵",
    ]


def test_a_number_is_no_fact_also_when_the_word_before_it_was_misheard() -> None:
    words = "文明路 的 工地 半夜 还 在 施工 | 画 是 一三八 三四五 六七八"
    result = made(*utterances(words))
    assert "施工" in result.summary.value
    assert "138" not in result.summary.value + str(result.facts.value)


def test_badly_heard_words_lower_the_confidence() -> None:
    clear = (SpokenWord("文三路", 0, 1, 1.0), SpokenWord("堵车", 1, 2, 1.0))
    murky = (SpokenWord("文三路", 0, 1, 0.4), SpokenWord("堵车", 1, 2, 1.0))
    sure = made(Utterance(Side.CALLER, clear)).address
    unsure = made(Utterance(Side.CALLER, murky)).address
    assert unsure.value == sure.value
    assert round(unsure.confidence / sure.confidence, 2) == 0.4


def test_what_only_the_agent_said_counts_less() -> None:
    agent = utterances("您 是 说 文三路 一百 号 对 吧", Side.AGENT)
    caller = utterances("对 的 | 那里 的 路灯 坏 了", start_s=5)
    result = made(*agent, *caller)
    assert result.address.value == "文三路100号"
    assert result.address.spans[0].side is Side.AGENT
    told = made(*utterances("您 是 说 文三路 一百 号 对 吧"))
    assert result.address.confidence < told.address.confidence
    assert "您是说" not in result.summary.value


def test_the_callers_number_and_the_one_to_call_back() -> None:
    said = "我 的 电话 是 幺三八 零零零 一一一 二二 | 不对 是 幺三九 零零零 一一一 二二"
    result = made(*utterances(said), number="+86 571-8765 4321")
    assert (result.caller_number.value, result.caller_number.confidence) == ("+8657187654321", 1.0)
    assert result.contact_number.value == "13900011122"
    assert result.contact_number.spans[0].words == "幺三九零零零一一一二二"


def test_a_withheld_number_is_empty() -> None:
    result = made(*utterances("路灯 坏 了"), number="anonymous")
    assert (result.caller_number.value, result.caller_number.confidence) == ("", 0.0)


def test_the_wish_is_kept_apart() -> None:
    result = made(*utterances("文三路 的 路灯 坏 了 | 希望 你们 尽快 派人 来 修 谢谢"))
    assert result.request.value == "希望你们尽快派人来修"


def test_silence_gives_an_empty_draft() -> None:
    result = made()
    assert result.category.value == Category.OTHER
    assert result.summary.value == result.address.value == result.event_time.value == ""
    assert result.event_at is None
    assert result.category.confidence == result.summary.confidence == result.title.confidence == 0


def test_utterances_may_come_in_any_order() -> None:
    said = utterances("我 要 投诉 | 文三路 的 烧烤店 | 天天 冒烟")
    assert made(*reversed(said)) == made(*said)


def test_a_word_at_a_time_or_a_character_at_a_time_draft_the_same() -> None:
    words = "我 要 投诉 西湖区 文三路 一百 二十三 号 的 烧烤店"
    characters = " ".join(words.replace(" ", ""))
    by_word, by_character = made(*utterances(words)), made(*utterances(characters))
    assert by_word.address.value == by_character.address.value
    assert by_word.category.value == by_character.category.value


def test_a_rest_begins_a_new_clause() -> None:
    words = (
        SpokenWord("停水", 0, 0.5, 1),
        SpokenWord("了", 0.5, 0.7, 1),
        SpokenWord("急", 1.2, 2, 1),
    )
    transcript = Transcript.of([Utterance(Side.CALLER, words)], Side.CALLER)
    assert transcript.clauses() == [(0, 3), (3, 4)]


SAYABLE = """
我 要 投诉 西湖区 文三路 一百 二十三 号 小区 村 点 半 昨天 每天 晚上 月 三 十 万 块 钱 路口 的 希望
幺三八零零零零一一一一 电话 请问 没有 坏 了 二三 年 前 周 六 号楼 单元 三零一 路 上 谢谢 oK 5
"""
vocabulary = st.sampled_from(SAYABLE.split())


@given(st.lists(st.lists(vocabulary, max_size=12).map(" ".join), max_size=5).map(" | ".join))
def test_any_speech_gives_a_draft_whose_spans_were_spoken(spoken: str) -> None:
    result = made(*utterances(spoken))
    said = spoken.replace(" ", "").replace("|", "")
    fields = [
        result.category, result.title, result.summary, result.address, result.event_time,
        result.contact_number, result.request,
    ]  # fmt: skip
    for field in fields:
        assert 0 <= field.confidence <= 1
        for span in field.spans:
            assert span.words in said
            assert span.start_s < span.end_s
    assert len(result.summary.value) <= 60
    assert result.event_at is None or result.event_at.tzinfo is not None
