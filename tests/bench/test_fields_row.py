"""The measurement of drafts, in small: it measures what it says."""

from cli.bench import ROWS, fields


def test_both_lines_are_measured() -> None:
    found = fields.lines(requests=21)
    assert fields.ROW in ROWS
    assert [line.row for line in found] == ["fields", "fields"]
    assert all(line.ratio and line.ratio > 1 for line in found)  # a draft writes figures too
    assert all("characters" in line.what for line in found)


def test_every_input_is_measured() -> None:
    seen: list[int] = []
    took = fields.milliseconds(seen.append, [1, 2, 3])
    assert (len(took), seen) == (3, [1, 1, 2, 3])
