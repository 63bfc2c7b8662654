"""What is remembered of a number between its calls: whom it spoke with, how often it gave up.

Fed from the facts that the engine writes, so that a restart remembers the same.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.journal import Record

REMEMBERED = 50_000  # numbers; the least recent are forgotten
A_DAY = timedelta(days=1)


@dataclass
class Regular:
    last_seat: str = ""
    given_up: list[datetime] = field(default_factory=list)


class Regulars:
    def __init__(self) -> None:
        self._numbers: OrderedDict[str, Regular] = OrderedDict()
        self._callers: dict[str, str] = {}  # open call → number

    def noted(self, record: Record) -> None:
        """One fact of a call."""
        if record.kind == "started":
            self._callers[record.call_id] = str(record.body["caller"])
        caller = self._callers.get(record.call_id, "")
        if record.kind == "ended":
            self._callers.pop(record.call_id, None)
        if not caller:
            return
        if record.kind == "talked" and record.body["seat"]:
            known = self._of(caller)
            known.last_seat, known.given_up = str(record.body["seat"]), []
        elif record.kind == "ended" and record.body["outcome"] == "abandoned":
            self._of(caller).given_up.append(record.at)

    def last_seat(self, caller: str) -> str:
        """The seat that this number spoke with last; ""."""
        known = self._numbers.get(caller)
        return "" if known is None else known.last_seat

    def given_up(self, caller: str, now: datetime) -> int:
        """How often it gave up within a day without having been served since."""
        known = self._numbers.get(caller)
        if known is None:
            return 0
        known.given_up = [at for at in known.given_up if now - at < A_DAY]
        return len(known.given_up)

    def _of(self, caller: str) -> Regular:
        known = self._numbers.setdefault(caller, Regular())
        self._numbers.move_to_end(caller)
        if len(self._numbers) > REMEMBERED:
            self._numbers.popitem(last=False)
        return known


class AnswerShare:
    """The share of callers answered in time, of the last half hour."""

    WITHIN = timedelta(minutes=30)
    LEAST = 10  # fewer callers are no share

    def __init__(self, goal: timedelta = timedelta(seconds=15)) -> None:
        self._goal = goal
        self._waiting: dict[str, datetime] = {}
        self._answers: list[tuple[datetime, bool]] = []

    def noted(self, record: Record) -> None:
        """One fact of a call."""
        if record.kind == "queued":
            self._waiting[record.call_id] = record.at
        elif record.kind in ("answered", "ended") and record.call_id in self._waiting:
            waited = record.at - self._waiting.pop(record.call_id)
            in_time = record.kind == "answered" and waited <= self._goal
            self._answers.append((record.at, in_time))

    def share(self, now: datetime) -> float | None:
        """None while too few have asked."""
        self._answers = [one for one in self._answers if now - one[0] < self.WITHIN]
        if len(self._answers) < self.LEAST:
            return None
        return sum(in_time for _, in_time in self._answers) / len(self._answers)
