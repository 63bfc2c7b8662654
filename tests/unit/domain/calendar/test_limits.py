"""Working days by the State Council's notices, and the ends of limits."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.limit import CHINA, due, end_of, longer, parse_limit, passed
from domain.calendar.table import CalendarInvalid, OutsideCalendar, build, parse, state_council

TABLE = state_council()
SEPTEMBER_30 = datetime(2026, 9, 30, 10, tzinfo=CHINA)
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def ends(text: str, start: datetime = SEPTEMBER_30) -> str:
    return due(parse_limit(text), start, TABLE).at.isoformat()


def test_three_and_seven_working_days_over_the_national_holiday() -> None:
    assert ends("3wd") == "2026-10-10T23:59:59+08:00"  # a Saturday that is worked
    assert ends("7wd") == "2026-10-15T23:59:59+08:00"


def test_a_day_off_counts_from_the_next_working_day() -> None:
    assert ends("1wd", datetime(2026, 10, 3, 9, tzinfo=CHINA)) == "2026-10-08T23:59:59+08:00"


def test_hours_run_to_the_second() -> None:
    assert ends("1h") == "2026-09-30T11:00:00+08:00"


def test_same_day_and_natural_days_end_at_midnight() -> None:
    assert ends("0d") == "2026-09-30T23:59:59+08:00"
    assert ends("1nd") == "2026-10-01T23:59:59+08:00"


def test_unqualified_days_move_off_a_day_off() -> None:
    assert ends("1d") == "2026-10-08T23:59:59+08:00"
    assert ends("30d") == "2026-10-30T23:59:59+08:00"


def test_time_is_chinas_whatever_the_zone_of_the_event() -> None:
    utc = datetime.fromisoformat("2026-09-29T17:30:00+00:00")  # already the 30th in China
    assert ends("3wd", utc) == "2026-10-10T23:59:59+08:00"


def test_a_year_not_announced_is_provisional() -> None:
    late = datetime(2026, 12, 28, 10, tzinfo=CHINA)
    assert not due(parse_limit("3wd"), late, TABLE).provisional
    assert due(parse_limit("7wd"), late, TABLE).provisional
    assert due(parse_limit("7wd"), late, TABLE).at.year == 2027
    assert not due(parse_limit("7nd"), late, TABLE).provisional  # needs no notice
    assert longer(end_of(date(2026, 12, 30)), 5, TABLE).provisional


def test_a_new_notice_moves_the_deadline() -> None:
    years = {2026: ([], []), 2027: ([date(2027, 1, 1), date(2027, 1, 4)], [date(2027, 1, 2)])}
    table = build("test", years)
    late = datetime(2026, 12, 30, 10, tzinfo=CHINA)
    assert due(parse_limit("3wd"), late, table).at.date() == date(2027, 1, 5)
    assert not due(parse_limit("3wd"), late, table).provisional


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2020, 1, 31), False),  # the notice of January 2020 prolonged the holiday
        (date(2004, 5, 8), True),
        (date(2026, 3, 7), False),
    ],
)
def test_known_days(day: date, working: bool) -> None:
    assert TABLE.is_working(day) is working


def test_the_table_covers_2004_to_2026() -> None:
    assert TABLE.announced == frozenset(range(2004, 2027))


@pytest.mark.parametrize("text", ["3", "wd", "-1wd", "3 wd", "3x", "1000wd"])
def test_no_limit(text: str) -> None:
    with pytest.raises(ValueError, match="no time limit"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("version = 1", "years"),
        ('version = "a"\n[years.2026]\noff = ["2026-03-07"]\nwork = []', "weekend"),
        ('version = "a"\n[years.2026]\noff = ["2025-03-07"]\nwork = []', "2026"),
        ('version = "a"\n[years.2026]\noff = []', "work"),
        ("]", "working-day table"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(text: str, wrong: str) -> None:
    with pytest.raises(CalendarInvalid, match=wrong):
        parse(text)


def test_outside_the_calendar_is_said() -> None:
    with pytest.raises(OutsideCalendar):
        TABLE.shift(date(2060, 12, 30), 30)


@given(DAYS, st.integers(1, 200))
def test_shift_counts_working_days(day: date, count: int) -> None:
    end = TABLE.shift(day, count)
    between = ((day + timedelta(days=n)) for n in range(1, (end - day).days + 1))
    assert sum(TABLE.is_working(each) for each in between) == count
    assert TABLE.is_working(end)


@given(DAYS, st.integers(1, 60))
def test_back_undoes_forth_from_a_working_day(day: date, count: int) -> None:
    day = TABLE.on_or_after(day)
    assert TABLE.shift(TABLE.shift(day, count), -count) == day


@given(DAYS, st.integers(1, 99))
def test_more_days_never_end_earlier(day: date, count: int) -> None:
    start = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    for unit in ("h", "nd", "d", "wd"):
        less, more = parse_limit(f"{count}{unit}"), parse_limit(f"{count + 1}{unit}")
        assert start < due(less, start, TABLE).at <= due(more, start, TABLE).at


def test_the_last_second_belongs_to_the_day() -> None:
    end = end_of(date(2026, 9, 30))
    assert not passed(end, end + timedelta(milliseconds=900))
    assert passed(end, end + timedelta(seconds=1))
