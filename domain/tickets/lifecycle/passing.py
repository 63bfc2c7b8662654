"""What time alone does to a ticket: silence, limits that end, cards, a new working-day table.

All of it follows from the ticket, the rules and the calendar, so that a history replayed with the
same moments gives the same lines again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.calendar.limit import Unit, due, end_of, longer, parse_limit, passed
from domain.calendar.table import LAST, Calendar
from domain.cities.rules import ENGINE_DEFAULT, Rules
from domain.tickets.lifecycle.act import write
from domain.tickets.lifecycle.cards import cards
from domain.tickets.lifecycle.engine import at, step
from domain.tickets.lifecycle.ticket import Clock, Event, Ticket

TIMER, TABLE = "timer", "calendar"
# The last second of a limit still belongs to it (`limit.passed`).
_AFTER = timedelta(seconds=1)
_BY_SILENCE = ("overdue", "rating_over", "deemed_accepted")
_FIXED = ("ticket", "statutory")


@dataclass(frozen=True, slots=True)
class Edition:
    """The working-day table as it stood from `since` on; `number` counts its changes from 1."""

    number: int
    since: datetime
    calendar: Calendar


def carry_on(ticket: Ticket, rules: Rules, editions: Sequence[Edition], now: datetime) -> Ticket:
    """The ticket at `now`; `editions`: the one it was last counted by, then all newer ones."""
    before = editions[0]
    for edition in editions[1:]:
        since = max(edition.since, _last(ticket, edition.since))
        ticket = pass_time(ticket, rules, before.calendar, since)
        ticket = recount(ticket, before, edition, since)
        before = edition
    return pass_time(ticket, rules, before.calendar, now)


def _last(ticket: Ticket, otherwise: datetime) -> datetime:
    return ticket.history[-1].at if ticket.history else otherwise


def pass_time(ticket: Ticket, rules: Rules, calendar: Calendar, now: datetime) -> Ticket:
    """A copy at `now`, with a line for each limit that ended and each card that was reached."""
    own = at(ticket, now, rules)
    written = {(line.what, line.at) for line in own.history}
    for clock in sorted(own.clocks.values(), key=lambda each: each.due):
        if clock.stopped is None and passed(clock.due, now):
            known = (f"due:{clock.name}", *_BY_SILENCE)
            if not any((what, clock.due) in written for what in known):
                told = (known[0], TIMER, clock.article, f"{clock.limit} 期限届满")
                write(own, clock.due, told)
    for card in cards(own, rules, calendar, now):
        if (f"card:{card.colour}", card.at) not in written:
            write(own, card.at, (f"card:{card.colour}", TIMER, card.article, ""))
    return own


def happened(ticket: Ticket, event: Event, rules: Rules, calendar: Calendar) -> Ticket:
    """The ticket after `event`, with what time has done to it by then.

    A limit that the event sets running again (a closing sent back) may have ended long ago.
    """
    return pass_time(step(ticket, event, rules, calendar), rules, calendar, event.at)


def next_moment(ticket: Ticket, rules: Rules, calendar: Calendar, now: datetime) -> datetime | None:
    """When time will do something to the ticket next; None: nothing is running."""
    moments = [clock.due for clock in ticket.clocks.values() if clock.stopped is None]
    moments += [card.at for card in cards(ticket, rules, calendar, end_of(LAST))]
    ahead = [moment + _AFTER for moment in moments if not passed(moment, now)]
    return min(ahead, default=None)


def recount(ticket: Ticket, before: Edition, after: Edition, now: datetime) -> Ticket:
    """A copy whose running limits are counted by the new table; each change is a line of history.

    Time granted on top of a limit keeps its number of working days.
    """
    own = ticket.copy()
    table = f"工作日表第 {before.number} 版 → 第 {after.number} 版"
    write(own, now, (TABLE, TABLE, ENGINE_DEFAULT, table))
    for name, clock in own.clocks.items():
        if clock.stopped is not None:
            continue
        moved = _counted_anew(clock, own, before.calendar, after.calendar)
        if moved == clock:
            continue
        own.clocks[name] = moved
        reason = f"{table}：{clock.due} → {moved.due}"
        write(own, now, (f"clock:{name}", TABLE, clock.article, reason))
        for key, duty in own.obligations.items():
            if duty.by == clock.due:
                own.obligations[key] = replace(duty, by=moved.due)
    return own


def _counted_anew(clock: Clock, ticket: Ticket, before: Calendar, after: Calendar) -> Clock:
    if clock.limit in _FIXED:
        fixed = ticket.statutory_by if clock.limit == "statutory" else ticket.feedback_by
        old, provisional = fixed or clock.due, False
        new = old
    else:
        limit = parse_limit(clock.limit)
        if limit.unit in (Unit.HOURS, Unit.NATURAL_DAYS):
            return clock
        old = due(limit, clock.started, before).at
        base = due(limit, clock.started, after)
        new, provisional = base.at, base.provisional
    granted = working_days_between(old, clock.due, before)
    if granted:
        end = longer(new, granted, after)
        new, provisional = end.at, provisional or end.provisional
    return replace(clock, due=new, provisional=provisional)


def working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working days after the day of `start` up to and with that of `end`."""
    day, count = start.date(), 0
    while day < end.date():
        day += timedelta(days=1)
        count += calendar.is_working(day)
    return count
