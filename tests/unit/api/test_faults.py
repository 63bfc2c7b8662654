import re
from pathlib import Path

import pytest

from api.errors import VERDICTS
from api.faults import CHINESE, faults_of
from api.schemas.shapes import InputRefused, clean_json, clean_text

HAN = re.compile("[\u4e00-\u9fff]")


def test_the_field_is_a_path_without_the_place() -> None:
    errors = [
        {"loc": ("body", "fields", "a", "value"), "type": "missing", "msg": "Field required"},
        {"loc": ("body",), "type": "json_invalid", "msg": "JSON decode error"},
        {"loc": ("query", "limit"), "type": "x", "msg": "?", "ctx": {"le": 3}},
    ]
    faults = faults_of(errors)
    assert [fault.field for fault in faults] == ["fields.a.value", "body", "limit"]
    assert [fault.reason_zh for fault in faults] == ["缺少该项", "不是有效的 JSON", "内容不正确"]


def test_facts_are_filled_in() -> None:
    error = {"loc": ("q", "n"), "type": "less_than_equal", "msg": "", "ctx": {"le": 200}}
    assert faults_of([error])[0].reason_zh == "应不大于 200"


def test_a_failure_of_our_own_brings_both_texts() -> None:
    own = InputRefused("why", "为什么")
    error = {"loc": ("body", "a"), "type": "value_error", "msg": "x", "ctx": {"error": own}}
    fault = faults_of([error])[0]
    assert (fault.reason, fault.reason_zh) == ("why", "为什么")


def test_every_reason_is_told_in_chinese() -> None:
    for text in [*CHINESE.values(), *(verdict.chinese for verdict in VERDICTS.values())]:
        assert HAN.search(text)


def test_failures_become_a_status_in_one_place_only() -> None:
    """Routes and services know no HTTP status of a failure."""
    root = Path(__file__).parents[3]
    for folder in ("api/routes", "services"):
        for file in (root / folder).rglob("*.py"):
            assert "HTTPException" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("text", ["a\x00", "\ud800", "\udfff\ud800"])
def test_what_is_no_text(text: str) -> None:
    with pytest.raises(InputRefused):
        clean_text(text)
    with pytest.raises(InputRefused):
        clean_json({"a": [{"b": text}]})
    with pytest.raises(InputRefused):
        clean_json({text: 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(InputRefused):
        clean_json(value)


def test_how_deep_is_too_deep() -> None:
    value: object = 1
    for _ in range(12):
        value = [value]
    assert clean_json(value) == value
    with pytest.raises(InputRefused, match="deeper"):
        clean_json([value])
