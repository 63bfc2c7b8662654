"""What is wrong with a request, field by field, in English and Chinese."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.schemas.failure import Fault

# Keys: error types of pydantic (docs.pydantic.dev/latest/errors/validation_errors/);
# the braces are filled from the error's own facts.
CHINESE = {
    "missing": "缺少该项",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "json_type": "不是有效的 JSON",
    "string_type": "应为字符串",
    "string_unicode": "含有无效字符",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "greater_than": "应大于 {gt}",
    "datetime_type": "应为 ISO 8601 时间",
    "datetime_parsing": "应为 ISO 8601 时间",
    "datetime_from_date_parsing": "应为 ISO 8601 时间",
    "timezone_aware": "时间须带时区，例如 +08:00",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
}
UNKNOWN = "内容不正确"


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """One fault per error of pydantic, the field as a path with dots (`fields.address.value`)."""
    return [_fault(error) for error in errors]


def _fault(error: Mapping[str, Any]) -> Fault:
    facts = error.get("ctx") or {}
    # The first part says body, query, path or header: the caller knows where he put it.
    place = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])
    own = facts.get("error")
    chinese = getattr(own, "reason_zh", None)
    if chinese is None:
        pattern = CHINESE.get(error["type"], UNKNOWN)
        chinese = pattern.format_map({key: str(value) for key, value in facts.items()})
    return Fault(field=place, reason=getattr(own, "reason", error["msg"]), reason_zh=chinese)
