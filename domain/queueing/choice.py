"""Which free seat rings for which waiting caller."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.queueing.seats import Assignment, Caller, Seat, SeatState, Why

# A priority level is worth this much waiting, so that a stream of urgent calls cannot keep an
# ordinary caller waiting for ever: after ten minutes it stands level with a new priority-1 call.
PRIORITY_WORTH = timedelta(minutes=10)

LONGEST_IDLE = "longest_idle"
NOT_YET_RUNG = "longest_idle_not_yet_rung_for_this_call"
RUNG_LONGEST_AGO = "all_free_seats_were_rung_longest_ago_first"


def choose(seats: Iterable[Seat], waiting: Iterable[Caller]) -> list[Assignment]:
    """One free seat for each caller, in order of `rank`, until either runs out.

    Of the free seats, those that have not yet rung for the call come first, the longest idle
    before the others; when all have rung, the one whose turn is longest ago. Ties are broken by
    identifier, so that the same state always gives the same answer.
    """
    free = [seat for seat in seats if seat.state is SeatState.FREE]
    assignments = []
    for caller in sorted(waiting, key=rank):
        if not free:
            break
        preferred = sorted(free, key=lambda seat: _preference(seat, caller))
        chosen = preferred[0]
        free.remove(chosen)
        names = tuple(seat.seat_id for seat in preferred)
        why = Why(_rule(chosen, caller), names)
        assignments.append(Assignment(caller.call_id, chosen.seat_id, why))
    return assignments


def rank(caller: Caller) -> tuple[datetime, str]:
    """Sort key of a caller: the smallest is served first. It never changes while one waits."""
    return (caller.waiting_since - caller.priority * PRIORITY_WORTH, caller.call_id)


def _preference(seat: Seat, caller: Caller) -> tuple[int, datetime, str]:
    return (_last_turn(seat, caller), seat.idle_since, seat.seat_id)


def _last_turn(seat: Seat, caller: Caller) -> int:
    """When this seat last rang for the call: 0 never, then 1, 2, … by order."""
    turns = [turn for turn, seat_id in enumerate(caller.rung, start=1) if seat_id == seat.seat_id]
    return max(turns, default=0)


def _rule(seat: Seat, caller: Caller) -> str:
    if not caller.rung:
        return LONGEST_IDLE
    return RUNG_LONGEST_AGO if seat.seat_id in caller.rung else NOT_YET_RUNG
