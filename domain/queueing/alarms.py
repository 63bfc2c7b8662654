"""When supervisors are called: thresholds over the whole floor; each alarm is raised once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AlarmKind(StrEnum):
    EMERGENCY = "emergency"  # words or keys of danger
    TRUNK_DOWN = "trunk_down"  # an emergency number could not be reached
    HELP = "help"  # an agent's panic button
    WAITING = "waiting"
    LONGEST_WAIT = "longest_wait"
    ANSWER_SHARE = "answer_share"
    NOBODY_SERVES = "nobody_serves"
    CALL_BACKS_LATE = "call_backs_late"


@dataclass(frozen=True)
class Thresholds:
    """None: no alarm of this kind. ``answer_share``: of the last half hour, within the goal."""

    waiting: int | None = 20
    longest_wait: timedelta | None = timedelta(seconds=60)
    answer_share: float | None = 0.9
    nobody_serves: bool = True


@dataclass(frozen=True)
class Situation:
    """``answer_share``: None while too few have asked. ``unserved``: queues with callers only."""

    waiting: int
    longest_wait: timedelta
    answer_share: float | None
    unserved: tuple[str, ...] = ()
    call_backs_late: int = 0


def over(at: Situation, limits: Thresholds) -> dict[AlarmKind, str]:
    """What is past its threshold, each with the figure that says so."""
    found: dict[AlarmKind, str] = {}
    if limits.waiting is not None and at.waiting >= limits.waiting:
        found[AlarmKind.WAITING] = f"{at.waiting} >= {limits.waiting}"
    if limits.longest_wait is not None and at.longest_wait >= limits.longest_wait:
        waited_s, limit_s = at.longest_wait.total_seconds(), limits.longest_wait.total_seconds()
        found[AlarmKind.LONGEST_WAIT] = f"{waited_s:.0f} s >= {limit_s:.0f} s"
    share = at.answer_share
    if limits.answer_share is not None and share is not None and share < limits.answer_share:
        found[AlarmKind.ANSWER_SHARE] = f"{share:.1%} < {limits.answer_share:.1%}"
    if limits.nobody_serves and at.unserved:
        found[AlarmKind.NOBODY_SERVES] = ", ".join(at.unserved)
    if at.call_backs_late:
        found[AlarmKind.CALL_BACKS_LATE] = str(at.call_backs_late)
    return found
