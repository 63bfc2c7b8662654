"""Ticket numbers that can be given out while a call runs, with no database to ask."""

from datetime import datetime, timedelta

STEP = timedelta(milliseconds=100)


class TicketNumbers:
    """Twelve figures: YYMMDD and the tenth of a second of the day, never the same twice.

    One engine is active at a time, and a number is always later than the one before, so a
    restarted engine goes on where the clock is. ``last`` is the latest number already given out.
    """

    def __init__(self, last: str = "") -> None:
        self._last = last

    def next(self, now: datetime) -> str:
        """``now`` in the city's time zone. A burst borrows from the future."""
        number = _number(now)
        if number <= self._last:
            number = _number(_moment(self._last, now) + STEP)
        self._last = number
        return number


def _number(now: datetime) -> str:
    tenths = (now.hour * 3600 + now.minute * 60 + now.second) * 10 + now.microsecond // 100_000
    return f"{now:%y%m%d}{tenths:06d}"


def _moment(number: str, like: datetime) -> datetime:
    """When it was this number's turn, in the time zone of ``like``."""
    day = datetime.strptime(number[:6], "%y%m%d").replace(tzinfo=like.tzinfo)
    return day + int(number[6:]) * STEP
