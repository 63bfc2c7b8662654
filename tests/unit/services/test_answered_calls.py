"""Asterisk's own list of calls: which of its rows are answered calls of citizens."""

from pathlib import Path

import pytest

from services.reconcile import answered_calls


def row(channel: str, unique_id: str, disposition: str = "ANSWERED") -> str:
    """A row as cdr_csv of Asterisk 22 writes it (loguniqueid=yes, loguserfield=no)."""
    return (
        f'"","13800000000","12345","hotline","""13800000000"" <13800000000>","{channel}","",'
        f'"AGI","agi://127.0.0.1:4573/call,x,138","2026-11-22 07:30:00","2026-11-22 07:30:00",'
        f'"2026-11-22 07:30:12",12,12,"{disposition}","DOCUMENTATION","{unique_id}"\n'
    )


@pytest.mark.parametrize(
    ("rows", "call_ids"),
    [
        ([], []),
        ([row("PJSIP/citizen-00000001", "hl1-1.1")], ["hl1-1.1"]),
        ([row("PJSIP/trunk-00000001", "hl1-1.1")], ["hl1-1.1"]),
        ([row("PJSIP/1001-00000001", "hl1-1.1")], []),  # an agent calls
        ([row("PJSIP/citizens-00000001", "hl1-1.1")], []),
        ([row("PJSIP/citizen-00000001", "hl1-1.1", "NO ANSWER")], []),
        (
            [row("PJSIP/citizen-1", "hl1-2.2"), row("PJSIP/citizen-1", "hl1-1.1")] * 2,
            ["hl1-2.2", "hl1-1.1"],
        ),
        ([row("PJSIP/citizen-1", "hl1-1.1"), '"half a r'], ["hl1-1.1"]),
    ],
)
def test_answered_calls_of_citizens_each_once(
    tmp_path: Path, rows: list[str], call_ids: list[str]
) -> None:
    (tmp_path / "Master.csv").write_text("".join(rows))
    assert answered_calls(tmp_path / "Master.csv") == call_ids


def test_there_may_have_been_no_call_yet(tmp_path: Path) -> None:
    assert answered_calls(tmp_path / "Master.csv") == []
