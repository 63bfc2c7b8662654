"""When citizens are rung back, how often, and which numbers at all."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.queueing.call_backs import (
    CallBack,
    CallBackRule,
    CallBackSettled,
    Cause,
    State,
    begun,
    cancelled,
    diallable,
    missed,
    next_opening,
    promised,
    reached,
    window_prompt,
)

ZONE = ZoneInfo("Asia/Shanghai")
RULE = CallBackRule()


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def wanted(cause: Cause = Cause.OFFERED) -> CallBack:
    return CallBack("c1", "c1", "13800000000", "general", cause, at(9), at(9), at(11))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(9), at(9)),
        (at(7, 59), at(8)),
        (at(21), at(8, day=24)),
        (at(23), at(8, day=24)),
        (at(0, 30), at(8)),
    ],
)
def test_nobody_is_rung_at_night(now: datetime, opening: datetime) -> None:
    assert next_opening(RULE, now, ZONE) == opening


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(9), at(11)),
        (at(20), at(9, day=24)),  # one hour today, the other tomorrow
        (at(23), at(10, day=24)),
    ],
)
def test_a_promise_is_one_of_hours_in_which_telephones_ring(now: datetime, until: datetime) -> None:
    assert promised(RULE, now, ZONE) == until


@pytest.mark.parametrize(
    ("until", "prompt"),
    [
        (at(10), "call-back-within-1h"),
        (at(11), "call-back-within-2h"),
        (at(13), "call-back-within-4h"),
        (at(15), "call-back-today"),
        (at(9, day=24), "call-back-tomorrow"),
        (at(9, day=26), "call-back-thanks"),
    ],
)
def test_the_citizen_is_told_until_when(until: datetime, prompt: str) -> None:
    assert window_prompt(at(9), until, ZONE) == prompt


def test_an_attempt_is_made_once_and_repeated_by_rule() -> None:
    first = begun(wanted(), "1001")
    assert (first.state, first.attempts, first.leg) == (State.DIALLING, 1, "c1-b1")
    with pytest.raises(CallBackSettled):
        begun(first, "1001")
    with pytest.raises(CallBackSettled):
        cancelled(first, "too late")
    again = missed(first, RULE, "busy", at(9, 1), ZONE)
    assert (again.state, again.due_at, again.result) == (State.WAITING, at(9, 11), "busy")
    second = begun(again, "1002")
    assert second.leg == "c1-b2"
    third = begun(missed(second, RULE, "no answer", at(20, 55), ZONE), "1001")
    given_up = missed(third, RULE, "no answer", at(21), ZONE)
    assert (given_up.state, given_up.attempts) == (State.FAILED, 3)
    assert reached(third).state is State.REACHED


def test_a_pause_that_ends_at_night_ends_in_the_morning() -> None:
    again = missed(begun(wanted(), "1001"), RULE, "busy", at(20, 55), ZONE)
    assert again.due_at == at(8, day=24)


def test_what_an_agent_dials_is_tried_once() -> None:
    assert missed(begun(wanted(Cause.AGENT), "1"), RULE, "busy", at(9), ZONE).state is State.FAILED


def test_one_that_waits_can_be_called_off_once() -> None:
    off = cancelled(wanted(), "called again")
    assert (off.state, off.result) == (State.CANCELLED, "called again")
    with pytest.raises(CallBackSettled, match="cancelled already"):
        cancelled(off, "again")


@pytest.mark.parametrize("number", ["13800000000", "057112345678", "02012345678", "85551234"])
def test_telephones_of_citizens_are_rung(number: str) -> None:
    assert diallable(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "anonymous",
        "110",
        "12345",
        "0044207946000",  # international: revenue share fraud begins with a missed call
        "+8613800000000",
        "16812345678",  # premium service
        "9501234",
        "13800000000,1",
        "138000000001",
    ],
)
def test_no_other_number_is(number: str) -> None:
    assert not diallable(number)


@given(st.integers(min_value=0, max_value=366 * 86_400))
def test_a_promise_lies_ahead_and_within_the_hours(second: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    until = promised(RULE, now, ZONE)
    assert now < until <= now + timedelta(hours=13)
    assert RULE.opens <= until.astimezone(ZONE).time() <= RULE.closes


@pytest.mark.parametrize(
    "wrong",
    [{"attempts": 0}, {"opens": time(9), "closes": time(9)}, {"within": timedelta(0)}],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        CallBackRule(**wrong)  # type: ignore[arg-type]
