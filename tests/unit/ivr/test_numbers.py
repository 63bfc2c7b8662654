"""Ticket numbers: always later than the one before, whatever the clock does."""

from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.numbers import TicketNumbers

SHANGHAI = ZoneInfo("Asia/Shanghai")
# 2026 to 2090, to the hundredth of a second.
MOMENTS = st.integers(176_722_560_000, 378_691_200_000).map(
    lambda hundredths: datetime.fromtimestamp(hundredths / 100, SHANGHAI)
)


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 11, 22, 15, 28, 21, 50_000, SHANGHAI), "261122557010"),
        (datetime(2026, 11, 22, 15, 28, 21, 199_999, SHANGHAI), "261122557011"),
        (datetime(2026, 1, 2, 0, 0, 0, 0, SHANGHAI), "260102000000"),
        (datetime(2026, 1, 2, 23, 59, 59, 999_999, SHANGHAI), "260102863999"),
    ],
)
def test_day_and_tenth_of_a_second(moment: datetime, number: str) -> None:
    assert TicketNumbers().next(moment) == number


@given(st.lists(MOMENTS, min_size=1, max_size=40), st.data())
def test_never_the_same_twice_through_any_clock_and_any_restart(
    moments: list[datetime], data: st.DataObject
) -> None:
    numbers = TicketNumbers()
    given_out: list[str] = []
    for moment in moments:
        if given_out and data.draw(st.booleans()):
            numbers = TicketNumbers(given_out[-1])
        given_out.append(numbers.next(moment))
    assert given_out == sorted(set(given_out))
    assert all(len(number) == 12 and number.isdigit() for number in given_out)


def test_a_burst_borrows_from_the_future_and_pays_it_back() -> None:
    numbers = TicketNumbers()
    now = datetime(2026, 11, 22, 23, 59, 59, 900_000, SHANGHAI)
    assert [numbers.next(now) for _ in range(3)] == [
        "261122863999",
        "261123000000",
        "261123000001",
    ]
    assert numbers.next(now + timedelta(seconds=1)) == "261123000009"


def test_a_clock_that_was_years_ahead_costs_no_time() -> None:
    numbers = TicketNumbers("990101000000")
    began = perf_counter()
    assert numbers.next(datetime(2026, 11, 22, tzinfo=SHANGHAI)) == "990101000001"
    assert perf_counter() - began < 1.0  # in steps of a tenth of a second it takes hours
