"""The measurement of the rule engine, in small: it measures what it says."""

from cli.bench import ROWS, rules


def test_both_lines_are_measured() -> None:
    events, deadlines = rules.lines(tickets=20, deadlines=500)
    assert rules.ROW in ROWS
    assert events.ratio
    assert events.ratio < 1  # a bare lookup is faster than law
    assert deadlines.ratio
    assert deadlines.ratio > 1
    assert "500" in deadlines.what
