"""The measurement of call flows, in small: it measures what it says."""

from callflow.check import check
from cli.bench import ROWS, flows


def test_all_three_lines_are_measured() -> None:
    steps, proofs, back = flows.lines(calls=20, rollbacks=2)
    assert flows.ROW in ROWS
    assert steps.ratio
    assert steps.ratio < 1  # a bare look-up is faster
    assert "300 nodes" in proofs.what
    assert back.met is not None


def test_the_flow_that_is_proved_is_a_sound_one_of_the_size_it_says() -> None:
    flow = flows.flow_of(100)
    assert len(flow.nodes) == 100
    report = check(flow, flows._PROMPTS)
    assert report.publishable, report.faults
