"""Which ready seat rings for which waiting caller."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from domain.queueing.rules import QueueRule, Selection
from domain.queueing.seats import MOST_NAMED, Assignment, Caller, Seat, Why

# A priority level is worth this much waiting, so that a stream of urgent calls cannot keep an
# ordinary caller waiting for ever: after ten minutes it stands level with a new priority-1 call.
PRIORITY_WORTH = timedelta(minutes=10)

ASKED_FOR = "asked_for_by_name"
SPOKE_BEFORE = "spoke_with_this_caller_before"
NOT_YET_RUNG = "longest_idle_not_yet_rung_for_this_call"
RUNG_LONGEST_AGO = "all_ready_seats_were_rung_longest_ago_first"


def rank(caller: Caller) -> tuple[datetime, str]:
    """Sort key of a caller in one queue: the smallest is served first.

    Waiting does not change it, because everybody's waiting grows alike.
    """
    return (caller.waiting_since - caller.priority * PRIORITY_WORTH, caller.call_id)


def urgency(caller: Caller, rule: QueueRule, now: datetime) -> float:
    """How much of the queue's goal this caller has used up: what a seat of several queues compares.

    It grows without bound for everybody, so that no queue starves.
    """
    return (now - rank(caller)[0]) / rule.goal_within


def waits_for_one(caller: Caller, now: datetime) -> bool:
    """Whether the seat asked for by name is still the only one that may ring."""
    return bool(caller.wants) and (caller.wants_until is None or now < caller.wants_until)


def serves(seat: Seat, needs: Mapping[str, int]) -> bool:
    """Whether the seat knows enough."""
    if not needs:
        return True
    skills = seat.profile.skills
    return all(skills.get(skill, 0) >= level for skill, level in needs.items())


def pick_seat(
    caller: Caller, rule: QueueRule, ready: Iterable[Seat], now: datetime
) -> Assignment | None:
    """The seat for this caller of those that are ready, given the longest idle first."""
    needs = rule.needs_of(caller, now)
    fit: Iterator[Seat] = (seat for seat in ready if serves(seat, needs))
    if waits_for_one(caller, now):
        wanted = next((seat for seat in fit if seat.seat_id == caller.wants), None)
        return _assigned(caller, rule, ASKED_FOR, [wanted] if wanted else [], now)
    if rule.selection is Selection.LAST_AGENT and caller.last_seat:
        seats = list(fit)
        before = [seat for seat in seats if seat.seat_id == caller.last_seat]
        if before and caller.last_seat not in caller.rung:
            others = [seat for seat in seats if seat.seat_id != caller.last_seat]
            return _assigned(caller, rule, SPOKE_BEFORE, before + others, now)
        fit = iter(seats)
    if caller.rung:
        return _of_those_rung(caller, rule, list(fit), now)
    if rule.selection is Selection.LEAST_OCCUPIED:
        seats = sorted(fit, key=lambda seat: (seat.busy_s, seat.idle_since, seat.seat_id))
        return _assigned(caller, rule, rule.selection.value, seats, now)
    return _assigned(caller, rule, Selection.LONGEST_IDLE.value, list(islice(fit, MOST_NAMED)), now)


def _of_those_rung(
    caller: Caller, rule: QueueRule, fit: list[Seat], now: datetime
) -> Assignment | None:
    """Seats that have not rung for this call come first; then the one whose turn is longest ago."""
    turn = {seat_id: place for place, seat_id in enumerate(caller.rung, start=1)}
    ordered = sorted(fit, key=lambda seat: turn.get(seat.seat_id, 0))  # stable: longest idle first
    if not ordered:
        return None
    name = RUNG_LONGEST_AGO if ordered[0].seat_id in turn else NOT_YET_RUNG
    return _assigned(caller, rule, name, ordered, now)


def _assigned(
    caller: Caller, rule: QueueRule, name: str, ordered: list[Seat], now: datetime
) -> Assignment | None:
    if not ordered:
        return None
    named = ordered[:MOST_NAMED]
    if name == Selection.LEAST_OCCUPIED.value:
        scores = tuple(round(seat.busy_s, 1) for seat in named)
    else:
        scores = tuple(round((now - seat.idle_since).total_seconds(), 1) for seat in named)
    waited_s = round((now - caller.waiting_since).total_seconds(), 1)
    why = Why(
        name,
        tuple(seat.seat_id for seat in named),
        scores,
        caller.queue,
        waited_s,
        rule.relaxed(caller, now),
    )
    return Assignment(caller.call_id, ordered[0].seat_id, why)
