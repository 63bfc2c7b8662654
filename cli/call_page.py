"""One file that shows a call: draft, words and sound; a click on a field plays its words."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from domain.drafting.readable import readable
from domain.drafting.speech import SpokenWord

PAGE = Path(__file__).with_name("call_page.html")
NAMES = {
    "category": "诉求类型 Category", "title": "标题 Title", "summary": "摘要 Summary",
    "topic": "主题 Topic", "urgency": "紧急程度 Urgency", "emergency": "紧急用语 Danger",
    "address": "地点 Address", "event_time": "时间 Time", "subject": "涉事主体 Subject",
    "facts": "事实 Facts", "request": "诉求 Request", "contact_name": "称呼 Name",
    "contact_number": "联系电话 Number told", "caller_number": "来电号码 Caller's number",
    "wants_reply": "要求回复 Wants a reply", "wants_secrecy": "要求保密 Wants secrecy",
    "abuse": "不当用语 Abuse", "units": "建议承办单位 Units", "missing": "还需询问 Ask next",
    "duplicates": "疑似重复 Likely duplicates", "knowledge": "知识条目 Knowledge",
}  # fmt: skip


def page(call: Mapping[str, Any], ticket: Mapping[str, Any], sound: bytes) -> str:
    """HTML with everything inside it: no other file, no network.

    ``call`` and ``ticket`` as the API answers them; ``sound``: the wav to play.
    """
    told = {
        "title": ticket["title"] or ticket["ticket_id"],
        "about": f"{ticket['ticket_id']} · {call['started_at']} · {call['caller']} · "
        f"{call['call_id']}",
        "turns": [_turn(one) for one in call["transcript"]],
        "fields": [_field(name, ticket["fields"][name]) for name in _known(ticket["fields"])],
    }
    # A "</script>" said or typed must not end the block it stands in.
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return Template(PAGE.read_text("utf-8")).substitute(
        call_id=str(call["call_id"]),
        sound=f"data:audio/wav;base64,{base64.b64encode(sound).decode()}",
        data=data,
    )


def _known(fields: Mapping[str, Any]) -> list[str]:
    """Names in the order of reading; fields that only a person knows come last."""
    return [name for name in NAMES if name in fields] + sorted(set(fields) - set(NAMES))


def _turn(utterance: Mapping[str, Any]) -> dict[str, Any]:
    words = [
        SpokenWord(one["word"], one["start_s"], one["end_s"], one.get("confidence") or 0.0)
        for one in utterance["words"]
    ]
    return {
        "side": utterance["side"],
        "start_s": utterance["start_s"],
        "words": [vars(word) for word in words],
        "readable": readable(words),
    }


def _field(name: str, field: Any) -> dict[str, Any]:  # noqa: ANN401  a field is any JSON value
    known = field if isinstance(field, dict) else {"value": field}
    return {
        "key": name,
        "name": NAMES.get(name, name),
        "value": _shown(known.get("value")),
        "confidence": known.get("confidence") or 0.0,
        "rule": _rule(known),
        "spans": known.get("spans") or [],
    }


def _rule(field: Mapping[str, Any]) -> str:
    rule = str(field.get("rule") or "")
    why = field.get("why")
    return f"{rule} ({'; '.join(map(_shown, why))})" if why else rule


def _shown(value: Any) -> str:  # noqa: ANN401  any JSON value
    if isinstance(value, Mapping):
        return str(
            value.get("question") or value.get("title") or "；".join(map(str, value.values()))
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "；".join(map(_shown, value))
    return "" if value is None else str(value)
