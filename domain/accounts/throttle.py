"""How long somebody who gives wrong passwords has to wait. Pure arithmetic."""

from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(minutes=15)


@dataclass(frozen=True)
class Allowance:
    """`free` failures cost nothing; then 1 s, 2 s, 4 s … up to `LONGEST`.

    After `forgotten_after` without a failure the count starts anew.
    """

    free: int
    forgotten_after: timedelta


# A person mistypes twice or thrice; a whole office may sit behind one address.
PER_ACCOUNT_AND_ADDRESS = Allowance(free=3, forgotten_after=timedelta(hours=12))
PER_ADDRESS = Allowance(free=30, forgotten_after=timedelta(hours=1))


def wait_after(failures: int, allowance: Allowance) -> timedelta:
    """The wait after this many failures in a row."""
    if failures < allowance.free:
        return timedelta()
    # 2**10 s is beyond LONGEST; a bigger exponent would only overflow.
    doubled = min(failures - allowance.free, 10)
    return min(timedelta(seconds=2**doubled), LONGEST)
