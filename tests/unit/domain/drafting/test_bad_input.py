"""Whatever a recogniser delivers, a draft comes of it: nothing invented, nothing lost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.drafting.draft import Draft, draft
from domain.drafting.readable import readable
from domain.drafting.speech import Side, SpokenWord, Transcript, Utterance
from domain.tickets.category import Category
from tests.unit.domain.drafting.spoken import utterances

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def drafted(said: list[Utterance], city: str = "汕头") -> Draft:
    return draft(said, caller_number="anonymous", call_started_at=NOW, city=city)


@pytest.mark.parametrize(
    "said",
    [
        [],
        [Utterance(Side.CALLER, ())],
        [Utterance(Side.CALLER, (SpokenWord("", 0.0, 0.0, 0.0),))],
        utterances("喂 你好", side=Side.AGENT),
    ],
)
def test_a_caller_who_says_nothing_has_an_empty_draft(said: list[Utterance]) -> None:
    made = drafted(said)
    assert made.category.value == Category.OTHER
    for field in (made.address, made.event_time, made.facts, made.request, made.emergency):
        assert (field.value, field.confidence, field.spans) == ("", 0.0, ())
    assert made.units == ()
    assert [one.field for one in made.missing] == ["request", "contact_number"]


@pytest.mark.parametrize(
    "gibberish",
    [
        "嗯 嗯 啊 呃 那个 那个", "哇 内 爱 搞 歹 志 阮 厝 边", "得 咯 唔 系 喺 度 嘅 冇 人 理",
        "的 的 的 了 了 了", "abc def ghi", "一 二 三 四 五 六 七 八 九 十", "〇" * 300,
        "\x00\ud7ff\u200b", "路 路 路 路 号 号 号 村 村 街 街 道 道 镇",
    ],
)  # fmt: skip
def test_sounds_without_sense_name_no_place_and_no_time(gibberish: str) -> None:
    made = drafted(utterances(gibberish))
    assert made.address.value == ""
    assert made.event_time.value == ""
    assert made.contact_number.value == ""
    assert made.abuse.value == ""
    assert made.missing


PLACES = (
    "在文三路小公园龙湖区珠池街道一百二十号栋单元不对是和跟到的方向口那边"
    "昨天晚上十点半三天没停了年月日"
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(PLACES, min_size=1, max_size=6), max_size=12))
def test_spans_are_words_that_were_said(clauses: list[str]) -> None:
    said = utterances(" | ".join(clauses))
    made = drafted(said, city="")
    whole = Transcript.of(said, Side.CALLER).text
    for field in (made.address, made.event_time, made.facts, made.request, made.summary):
        for span in field.spans:
            assert span.words in whole
            assert span.start_s < span.end_s
    if made.place:
        assert all(made.place.parts.values())


def test_fillers_stay_in_the_words_and_go_from_the_summary() -> None:
    said = utterances("嗯 我想 投诉 那个 呃 楼下 烧烤店 嗯 油烟 太大 就是说 每天 熏 得 受不了")
    made = drafted(said)
    assert "嗯" in Transcript.of(said, Side.CALLER).text
    assert "嗯" in readable(said[0].words)
    assert "嗯" not in made.summary.value + made.facts.value
    assert "呃" not in made.summary.value
    assert "油烟" in made.summary.value
