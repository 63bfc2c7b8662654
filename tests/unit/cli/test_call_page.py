"""The page of a call: complete in itself, and nothing a caller said is taken for markup."""

import json
import re

from cli.call_page import page

SPAN = {"side": "caller", "start_s": 1.0, "end_s": 1.8, "words": "人民路"}
CALL = {
    "call_id": "hl1-1.1",
    "started_at": "2026-11-22T15:28:21+08:00",
    "caller": "138****0000",
    "transcript": [
        {
            "side": "caller",
            "start_s": 1.0,
            "words": [
                {"word": "人民路", "start_s": 1.0, "end_s": 1.8, "confidence": 0.9},
                {"word": "</script><b>", "start_s": 2.6, "end_s": 2.9, "confidence": None},
            ],
        }
    ],
}
TICKET = {
    "ticket_id": "261122557010",
    "title": "",
    "fields": {
        "units": {"value": ["城管局", "街道"], "spans": [], "rule": "r", "why": [["a"]]},
        "address": {"value": "人民路", "confidence": 0.9, "spans": [SPAN], "rule": "road"},
        "missing": {"value": [{"field": "time", "question": "何时？"}], "rule": "needed"},
        "own": "by hand",
    },
}  # fmt: skip


def told(html: str) -> dict:
    found = re.search('id="call">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_everything_is_inside() -> None:
    html = page(CALL, TICKET, b"RIFFsound")
    assert 'src="data:audio/wav;base64,UklGRnNvdW5k"' in html
    assert not re.search(r'(?:src|href)="(?!data:)', html)
    assert "http" not in html


def test_fields_stand_in_the_order_of_reading_with_their_seconds() -> None:
    fields = told(page(CALL, TICKET, b""))["fields"]
    assert [one["key"] for one in fields] == ["address", "units", "missing", "own"]
    assert fields[0]["spans"] == [SPAN]
    assert [one["value"] for one in fields[1:]] == ["城管局；街道", "何时？", "by hand"]
    assert fields[1]["rule"] == "r (a)"


def test_what_was_said_is_no_markup() -> None:
    html = page(CALL, TICKET, b"")
    assert "</script><b>" not in html
    turn = told(html)["turns"][0]
    assert turn["words"][1]["word"] == "</script><b>"
    assert turn["readable"] == "人民路。</script><b>。"
    assert told(html)["title"] == "261122557010"
