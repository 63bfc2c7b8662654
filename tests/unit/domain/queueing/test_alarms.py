"""Thresholds of the floor."""

from datetime import timedelta

import pytest

from domain.queueing.alarms import AlarmKind, Situation, Thresholds, over

CALM = Situation(0, timedelta(0), None)
LIMITS = Thresholds(20, timedelta(seconds=60), 0.9)


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (CALM, set()),
        (Situation(19, timedelta(seconds=59), 0.9), set()),
        (Situation(20, timedelta(seconds=59), 0.95), {AlarmKind.WAITING}),
        (Situation(1, timedelta(seconds=60), 0.95), {AlarmKind.LONGEST_WAIT}),
        (Situation(0, timedelta(0), 0.89), {AlarmKind.ANSWER_SHARE}),
        (Situation(1, timedelta(0), None, ("medical",)), {AlarmKind.NOBODY_SERVES}),
        (Situation(0, timedelta(0), None, (), 3), {AlarmKind.CALL_BACKS_LATE}),
    ],
)
def test_what_is_past_its_threshold_is_told(at: Situation, kinds: set[AlarmKind]) -> None:
    found = over(at, LIMITS)
    assert set(found) == kinds
    assert all(found.values())


def test_none_asks_for_no_alarm() -> None:
    at = Situation(500, timedelta(hours=1), 0.1, ("general",))
    assert over(at, Thresholds(None, None, None, nobody_serves=False)) == {}
