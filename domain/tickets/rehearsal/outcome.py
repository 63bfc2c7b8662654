"""Play a scenario through the rules and tell the outcome as plain values ready for JSON."""

from dataclasses import replace
from datetime import datetime

from domain.calendar.limit import Limit
from domain.calendar.table import Calendar
from domain.cities.ids import Category
from domain.cities.load import rules_on
from domain.cities.rules import Rules, Stated
from domain.tickets.disclosure import progress, shown_requester
from domain.tickets.lifecycle.cards import card, late
from domain.tickets.lifecycle.engine import at, step
from domain.tickets.lifecycle.ticket import Clock, Effect, Obligation, Refused, Ticket
from domain.tickets.rehearsal.scenario import Scenario

CITY_SETTING = "the city's setting, not law"


def play(scenario: Scenario, calendar: Calendar) -> dict[str, object]:
    """The outcome at `scenario.now`; docs/howto/rehearse.md describes every key."""
    rules, in_force = rules_on(scenario.city, scenario.events[0].at.date())
    rules = with_settings(rules, scenario.handle_limit, provincial=scenario.provincial_default)
    ticket, rejected = Ticket(), list[dict[str, object]]()
    for index, event in enumerate(scenario.events):
        try:
            ticket = step(ticket, event, rules, calendar)
        except Refused as no:
            rejected.append(
                {
                    "index": index,
                    "do": event.verb,
                    "reason": no.reason,
                    "article": no.article,
                    "allowed": list(no.allowed),
                }
            )
    ticket = at(ticket, scenario.now, rules)
    return {
        **told(ticket, scenario.now),
        "cards": told_cards(ticket, rules, calendar, scenario.now),
        "requester": shown_requester(ticket, rules),
        "progress": progress(ticket, rules),
        "rejected": rejected,
        "rules_version": rules.period.version,
        "in_force": in_force,
        "status": rules.period.status,
        "calendar_version": calendar.version,
        "warnings": list(scenario.warnings),
    }


def with_settings(rules: Rules, limit: Limit | None, *, provincial: bool) -> Rules:
    """A city whose text gives no number may set one, or take the province's, labelled so."""
    if rules.handle_key.value != "external":
        return rules
    article = CITY_SETTING
    if limit is None and provincial:
        limit, article = rules.handle_provincial.value, rules.handle_provincial.article
    if limit is None:
        return rules
    return replace(rules, handle_limits=Stated(dict.fromkeys(Category, limit), article))


def told(ticket: Ticket, now: datetime) -> dict[str, object]:
    """Where a ticket stands at `now`, as plain values ready for JSON."""
    duties = ticket.obligations.values()
    return {
        "state": ticket.state.value,
        "end_state": ticket.state.name if ticket.ended else None,
        "late": late(ticket, now),
        "explained": ticket.explained,
        "false_handling": ticket.false_handling,
        "unit": ticket.unit or None,
        "assist": list(ticket.assist),
        "exempt": ticket.exempted or None,
        "clocks": [_clock(clock) for clock in ticket.clocks.values()],
        "obligations": [_duty(duty) for duty in duties if duty.must],
        "proposals": [_duty(duty) for duty in duties if not duty.must],
        "effects": [_effect(effect) for effect in ticket.effects],
        "history": [
            {
                "at": line.at.isoformat(),
                "what": line.what,
                "by": line.by,
                "article": line.article,
                "reason": line.reason,
                "seal": line.seal,
            }
            for line in ticket.history
        ],
    }


def _clock(clock: Clock) -> dict[str, object]:
    return {
        "name": clock.name,
        "started": clock.started.isoformat(),
        "due": clock.due.isoformat(),
        "provisional": clock.provisional,
        "article": clock.article,
        "limit": clock.limit,
        "stopped": clock.stopped.isoformat() if clock.stopped else None,
    }


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "at": effect.at.isoformat(),
        "kind": effect.kind,
        "to": effect.to,
        "what": effect.what,
        "article": effect.article,
        "about": dict(effect.about),
    }


def _duty(duty: Obligation) -> dict[str, object]:
    by = duty.by.isoformat() if duty.by else None
    return {"who": duty.who, "what": duty.what, "by": by, "article": duty.article}


def told_cards(
    ticket: Ticket, rules: Rules, calendar: Calendar, now: datetime
) -> list[dict[str, object]]:
    """The highest card in force, as plain values; an empty list without one."""
    shown = card(ticket, rules, calendar, now)
    if shown is None:
        return []
    return [{"colour": shown.colour, "at": shown.at.isoformat(), "article": shown.article}]
