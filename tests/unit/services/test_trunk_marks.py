"""Marks of emergency lines tried in vain: taken once, found again after a crash."""

from datetime import UTC, datetime
from pathlib import Path

from cli.doctor import Verdict, lines_in_vain
from config.settings import Settings
from services import trunk_marks
from services.trunk_marks import NAME, TrunkMark

FIRST = TrunkMark(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), "110", "1", "CHANUNAVAIL", "hl1-1.1")
SECOND = TrunkMark(datetime(2026, 11, 23, 2, 1, tzinfo=UTC), "119", "2", "CONGESTION", "")


def mark(folder: Path, text: str) -> None:
    """As the dialplan does."""
    with (folder / NAME).open("a") as file:
        file.write(text + "\n")


def test_marks_are_taken_once(tmp_path: Path) -> None:
    assert trunk_marks.take(tmp_path) == []
    mark(tmp_path, "1795399200 110 1 CHANUNAVAIL hl1-1.1")
    mark(tmp_path, "1795399260 119 2 CONGESTION -")
    assert trunk_marks.waiting(tmp_path) == [FIRST, SECOND]
    assert trunk_marks.take(tmp_path) == [FIRST, SECOND]
    trunk_marks.settle(tmp_path)
    assert trunk_marks.take(tmp_path) == trunk_marks.waiting(tmp_path) == []


def test_what_was_taken_and_not_settled_is_taken_again_and_new_marks_wait(tmp_path: Path) -> None:
    mark(tmp_path, "1795399200 110 1 CHANUNAVAIL hl1-1.1")
    trunk_marks.take(tmp_path)
    mark(tmp_path, "1795399260 119 2 CONGESTION -")
    assert trunk_marks.waiting(tmp_path) == [FIRST, SECOND]
    assert trunk_marks.take(tmp_path) == [FIRST]
    trunk_marks.settle(tmp_path)
    assert trunk_marks.take(tmp_path) == [SECOND]


def test_the_doctor_names_them(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert list(lines_in_vain(settings)) == []
    folder = settings.spool_dir / "slips"
    folder.mkdir(parents=True)
    mark(folder, "1795399200 110 1 CHANUNAVAIL hl1-1.1")
    (found,) = lines_in_vain(settings)
    assert found.verdict is Verdict.BAD
    assert "11-23 10:00 110" in found.what


def test_a_line_that_is_none_hides_no_other(tmp_path: Path) -> None:
    mark(tmp_path, "never 110 1 CHANUNAVAIL hl1-1.1")
    mark(tmp_path, "1795399200 110")
    mark(tmp_path, "1795399200 110 1 CHANUNAVAIL hl1-1.1")
    assert trunk_marks.take(tmp_path) == [FIRST]
