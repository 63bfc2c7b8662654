import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.draft import CannotDraft, each, of_file
from domain.drafting.urgency import Urgency

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
TEXT = "你好，我住在西湖区文三路一百八十六号。昨天晚上11点半楼下烧烤店油烟很大！电话：138-0000-1111"


def one(text: str, **more: str) -> dict:
    (made,) = each([json.dumps({"id": 7, "text": text} | more)], NOW)
    return made


def test_a_written_request_becomes_a_draft() -> None:
    made = one(TEXT, city="杭州")
    assert list(made) == ["id", "category", "topic", "urgency", "fields", "summary", "units"]
    assert (made["id"], made["category"], made["urgency"]) == (7, "投诉", "general")
    assert made["topic"][0][0] == "环境保护"
    assert len(made["topic"]) == 15
    assert made["units"][0] == "杭州市生态环境局"
    fields = made["fields"]
    assert fields["topic"]["levels"] == ["环境保护", "环境污染", "大气与油烟"]
    assert fields["address"]["value"] == "西湖区文三路186号"
    assert fields["event_time"]["value"] == "昨天晚上11点半"
    assert fields["event_time"]["at"] == "2026-11-21T23:30:00+08:00"
    assert fields["contact_number"]["value"] == "13800001111"
    assert len(made["summary"]) <= 60
    # What the API asks of a ticket's fields.
    assert all({"value", "confidence", "spans", "rule"} <= set(field) for field in fields.values())


def test_spans_say_where_in_the_text() -> None:
    fields = one(TEXT, city="杭州")["fields"]
    for name in ("address", "event_time", "contact_number", "topic"):
        (span, *_) = fields[name]["spans"]
        assert TEXT[span["start"] : span["end"]] == span["words"]


def test_the_city_is_taken_from_what_is_named() -> None:
    assert one("澄海区的路灯坏了")["fields"]["city"]["value"] == "汕头"
    assert one("路灯坏了", city="lishui")["units"][0].startswith("丽水市")
    assert one("路灯坏了", city="惠州市")["fields"]["city"]["value"] == "惠州"
    assert one("路灯坏了")["fields"]["city"]["value"] == ""
    assert one("小金口街道青塘村路灯坏了")["fields"]["city"]["value"] == "惠州"


def test_questions_for_what_is_missing() -> None:
    missing = one("楼道灯坏了")["fields"]["missing"]["value"]
    assert [question["field"] for question in missing] == [
        "address",
        "event_time",
        "contact_number",
    ]


@given(st.text(max_size=60))
def test_any_text_gives_a_draft(text: str) -> None:
    made = one(text)
    assert made["urgency"] in set(Urgency)
    assert len(made["summary"]) <= 60
    json.dumps(made)


def test_blank_lines_are_passed_over_and_bad_ones_named(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text('{"id": 1, "text": "停水了"}\n\n{"id": 2}\n', "utf-8")
    drafts = of_file(file)
    assert next(drafts)["id"] == 1
    with pytest.raises(CannotDraft, match="line 3"):
        next(drafts)
    with pytest.raises(CannotDraft, match="line 1"):
        list(each(["no json"]))
    with pytest.raises(CannotDraft, match="missing"):
        list(of_file(tmp_path / "missing"))
