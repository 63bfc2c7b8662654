"""Yellow and red cards: signed offsets from the handling limit, and whether a ticket is late.

Huizhou warns before the limit ends, Shantou punishes after it; being late is another thing.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.calendar.limit import Unit, longer, parse_limit, passed
from domain.calendar.table import Calendar
from domain.cities.rules import Rules
from domain.tickets.lifecycle.ticket import Clock, Ticket

_LIMITS = ("handle", "reply", "on_site")


@dataclass(frozen=True, slots=True)
class Card:
    colour: str
    at: datetime
    article: str


def late(ticket: Ticket, now: datetime) -> bool:
    """True if a handling limit is over at `now`, or was when the unit finished."""
    return any(
        passed(clock.due, clock.stopped or now)
        for name in _LIMITS
        if (clock := ticket.clocks.get(name))
    )


def card(ticket: Ticket, rules: Rules, calendar: Calendar, now: datetime) -> Card | None:
    """The highest card in force at `now`; a warning ends when the unit has finished."""
    found = cards(ticket, rules, calendar, now)
    return found[-1] if found else None


def cards(ticket: Ticket, rules: Rules, calendar: Calendar, now: datetime) -> list[Card]:
    """Every card in force at `now`, the highest last."""
    found: list[Card] = []
    for name in _LIMITS:
        clock = ticket.clocks.get(name)
        if clock is not None:
            found += _of(clock, rules, calendar, now)
    return sorted(found, key=lambda each: (each.colour == "red", each.at))


def _of(clock: Clock, rules: Rules, calendar: Calendar, now: datetime) -> list[Card]:
    until = min(now, clock.stopped or now)
    counted = clock.limit in ("ticket", "statutory") or (
        parse_limit(clock.limit).unit is Unit.WORKING_DAYS
    )
    found = []
    for index, (colour, stated) in enumerate(
        (("yellow", rules.card_yellow), ("red", rules.card_red))
    ):
        if stated.value is None:
            continue
        article = stated.article
        if counted:
            at = longer(clock.due, stated.value, calendar).at
        else:
            # The texts give cards for working-day limits only: a share of the time is the default.
            share = rules.card_percent.value[index]
            at = clock.started + (clock.due - clock.started) * share / 100
            article = rules.card_percent.article
        reached = passed(at, until) if rules.card_exceeded.value else until >= at
        warning = at < clock.due
        if reached and not (warning and clock.stopped and not passed(clock.due, clock.stopped)):
            found.append(Card(colour, at, article))
    return found
