"""The rows of the floor, as lines; measuring them needs a whole system."""

from cli.bench.floor import ROW, _line, _note


def test_a_row_says_whether_its_goal_is_met() -> None:
    met, missed = _line("a", [0.01] * 20, 0.95, 0.1), _line("b", [0.2] * 20, 0.95, 0.1)
    assert (met.row, met.ours, met.goal, met.met) == (ROW, "10 ms", "≤ 100 ms", True)
    assert missed.met is False


def test_the_first_alarm_of_a_call_counts() -> None:
    alarms: dict[str, float] = {}
    callers: dict[str, str] = {}
    _note({"type": "call_started", "call_id": "c1", "caller": "139"}, alarms, callers)
    _note({"type": "alarm", "kind": "help", "call_id": "c1"}, alarms, callers)
    _note({"type": "alarm", "kind": "emergency", "call_id": "c1"}, alarms, callers)
    first = alarms["c1"]
    _note({"type": "alarm", "kind": "emergency", "call_id": "c1"}, alarms, callers)
    assert (callers, alarms) == ({"c1": "139"}, {"c1": first})
