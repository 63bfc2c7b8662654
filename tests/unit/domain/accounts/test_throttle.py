from datetime import timedelta

from domain.accounts.throttle import LONGEST, PER_ACCOUNT_AND_ADDRESS, wait_after


def test_the_first_failures_are_free_then_the_wait_doubles() -> None:
    waits = [wait_after(n, PER_ACCOUNT_AND_ADDRESS).total_seconds() for n in range(8)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16]


def test_the_wait_has_an_end() -> None:
    assert wait_after(10_000_000, PER_ACCOUNT_AND_ADDRESS) == LONGEST == timedelta(minutes=15)
