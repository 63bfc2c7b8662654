"""Call slips, as the dialplan and the fail-safe script write them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.slips import Slip, every, read

BEGAN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
EPOCH = int(BEGAN.timestamp())


def put(folder: Path, call_id: str, text: str) -> None:
    (folder / f"{call_id}.slip").write_text(text)


@pytest.mark.parametrize(
    ("text", "caller", "fell_back"),
    [
        (f"{EPOCH} 12345 13800000000\n", "13800000000", False),
        (f"{EPOCH} 12345 +8613800000000", "+8613800000000", False),
        (f"{EPOCH} 12345 \n", "", False),  # a withheld number
        (f"{EPOCH} 12345 138\nfallback {EPOCH}\nfallback {EPOCH + 9}\n", "138", True),
    ],
)
def test_a_slip_says_who_called_and_when(
    tmp_path: Path, text: str, caller: str, fell_back: bool
) -> None:
    put(tmp_path, "hl1-1.1", text)
    assert read(tmp_path, "hl1-1.1") == Slip("hl1-1.1", BEGAN, "12345", caller, fell_back)


@pytest.mark.parametrize(
    "text", ["", "\n", "now 12345 138", "17", f"{EPOCH}", "9" * 30 + " 12345 138", "\udcff"]
)
def test_a_slip_that_cannot_be_read_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "hl1-1.1.slip").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read(tmp_path, "hl1-1.1") is None
    assert list(every(tmp_path)) == []


def test_there_may_be_no_slip(tmp_path: Path) -> None:
    assert read(tmp_path, "hl1-1.1") is None
    assert list(every(tmp_path / "nowhere")) == []


def test_every_slip_comes_oldest_first_with_its_whole_id(tmp_path: Path) -> None:
    for seconds, call_id in ((5, "hl1-1763843556.13"), (1, "hl1-1763843556.2")):
        put(tmp_path, call_id, f"{EPOCH + seconds} 12345 138\n")
    put(tmp_path, "broken", "")
    (tmp_path / "notes.txt").write_text("no slip")
    assert [slip.call_id for slip in every(tmp_path)] == ["hl1-1763843556.2", "hl1-1763843556.13"]
