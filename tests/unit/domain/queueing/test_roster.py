"""Experts and leaders serve by the roster."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.queueing.roster import (
    Duty,
    NotOnDuty,
    RosterRefused,
    admitted,
    announcement,
    check,
    on_duty,
)
from domain.queueing.seats import SeatKind

CITY = timezone(timedelta(hours=8))

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def duty(from_h: float, to_h: float, account: str = "zhao", **changes: object) -> Duty:
    values: dict[str, object] = {
        "account": account,
        "kind": SeatKind.EXPERT,
        "queue": "experts",
        "title": "市医保局",
        "starts_at": NOW + timedelta(hours=from_h),
        "ends_at": NOW + timedelta(hours=to_h),
    }
    return Duty(**{**values, **changes})  # type: ignore[arg-type]


def test_who_is_on_duty_serves() -> None:
    roster = [duty(-1, 1), duty(2, 3), duty(-1, 1, "qian", queue="leaders")]
    assert admitted(roster, "zhao", NOW) == roster[0]
    assert on_duty(roster, NOW, queue="leaders") == [roster[2]]
    assert on_duty(roster, NOW + timedelta(hours=1)) == []  # the end is excluded


@pytest.mark.parametrize(
    ("roster", "expired", "told"),
    [
        ([], False, "no duty"),
        ([duty(-3, -1)], True, "ended"),
        ([duty(2, 3), duty(5, 6), duty(-3, -1)], False, "begins 2026-11-23T03:00"),
    ],
)
def test_out_of_hours_is_refused_with_the_reason(
    roster: list[Duty], expired: bool, told: str
) -> None:
    with pytest.raises(NotOnDuty, match=told) as refused:
        admitted(roster, "zhao", NOW)
    assert refused.value.expired is expired
    assert "不能以专家或领导坐席签入" in refused.value.chinese


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (duty(-2, -1), "ends_at"),  # expired
        (duty(2, 1), "ends_at"),
        (duty(1, 2, kind=SeatKind.GENERAL), "kind"),
        (duty(3.5, 5), "starts_at"),  # overlaps
    ],
)
def test_a_duty_that_cannot_be_is_refused(wrong: Duty, field: str) -> None:
    with pytest.raises(RosterRefused) as refused:
        check(wrong, [duty(3, 4)], NOW)
    assert refused.value.field == field


def test_a_duty_of_somebody_else_at_the_same_time_is_none_of_mine() -> None:
    check(duty(3, 4), [duty(3, 4, "qian"), duty(4, 5)], NOW)


def window(days: int, hour: int, title: str = "王局长") -> Duty:
    starts = datetime(2026, 11, 23 + days, hour, 30, tzinfo=CITY)
    return Duty("wang", SeatKind.LEADER, "leaders", title, starts, starts + timedelta(hours=2))


def test_callers_are_told_of_booked_windows_in_the_citys_time() -> None:
    now = datetime(2026, 11, 23, 10, 0, tzinfo=CITY)
    assert announcement([], "leaders", now) == ""
    assert announcement([window(2, 9)], "leaders", now) == "王局长，11月25日9点30分到11点30分接听。"
    assert announcement([window(0, 9)], "leaders", now) == "现在由王局长接听，到11点30分为止。"
    in_london = now.astimezone(UTC)
    assert announcement([window(0, 9)], "leaders", in_london).endswith("到3点30分为止。")


def test_windows_that_are_over_far_off_or_anothers_are_not_announced() -> None:
    now = datetime(2026, 11, 23, 13, 0, tzinfo=CITY)
    over, far, next_one, then = window(0, 9), window(7, 14), window(1, 9), window(2, 9, "李局长")
    assert announcement([over, far], "leaders", now) == ""
    assert announcement([next_one], "experts", now) == ""
    told = announcement([then, next_one, over], "leaders", now)
    assert told.index("王局长") < told.index("李局长")
    assert told.count("接听") == 2
