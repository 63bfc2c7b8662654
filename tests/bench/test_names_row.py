"""How names are scored; the measurement itself takes minutes and belongs to `hotline bench`."""

from pathlib import Path

import pytest

from cli.bench.asr_names import NAMES, Spoken, name_errors, score


@pytest.mark.parametrize(
    ("text", "errors"),
    [("我在乌山路这边", 0), ("我在五山路这边", 1), ("我在乌山这边", 1), ("停水了", 3), ("", 3)],
)
def test_errors_are_counted_where_the_name_is_likeliest(text: str, errors: int) -> None:
    assert name_errors("乌山路", text) == errors


def test_scores_are_pooled() -> None:
    spoken = [Spoken(Path("a"), "我在塔巷", "塔巷"), Spoken(Path("b"), "乌山路停水", "乌山路")]
    found = score(spoken, ["我在塔巷", "五山路停水"])
    assert (found.errors.errors, found.errors.spoken) == (1, 9)
    assert (found.right, found.name_errors, found.name_characters) == (1, 1, 5)


def test_the_names_are_all_different() -> None:
    assert len(set(NAMES)) == len(NAMES) == 40
