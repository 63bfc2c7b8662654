"""The row that measures the exchange, in small."""

from cli.bench import queueing


def test_the_row_has_a_rate_beside_the_bare_loop() -> None:
    told, line = queueing.lines(decisions=200)
    assert told.met
    assert line.cells()[0] == queueing.ROW
    assert queueing.decisions_per_s(200) > 0
