"""The one function that moves a ticket: state + event + time + city → state, or a refusal."""

from collections.abc import Callable
from datetime import datetime

from domain.calendar.limit import CHINA
from domain.calendar.table import Calendar
from domain.cities.rules import ENGINE_DEFAULT, Rules, Stated
from domain.tickets.lifecycle import (
    after,
    closing,
    dispatching,
    handling,
    oversight,
    registering,
    silence,
)
from domain.tickets.lifecycle.act import HOTLINE, REQUESTER, Act, write
from domain.tickets.lifecycle.states import HAPPENS_IN, SPEAKS_OF, WORKED_ON, Verb
from domain.tickets.lifecycle.ticket import Entry, Event, Refused, Ticket

HANDLERS: dict[Verb, Callable[[Act], None]] = {
    Verb.REGISTER: registering.register,
    Verb.ANSWER_DIRECTLY: registering.answer_directly,
    Verb.REFUSE: registering.refuse,
    Verb.TRANSFER_LINE: registering.transfer_line,
    Verb.SUPPLEMENT: registering.supplement,
    Verb.DISPATCH: dispatching.dispatch,
    Verb.SIGN: dispatching.sign,
    Verb.REQUEST_RETURN: dispatching.request_return,
    Verb.DECIDE_RETURN: dispatching.decide_return,
    Verb.DESIGNATE: dispatching.designate,
    Verb.CONTACT: handling.contact,
    Verb.ARRIVE_ON_SITE: handling.arrive_on_site,
    Verb.REPORT_STAGE: handling.report_stage,
    Verb.REQUEST_EXTENSION: handling.request_extension,
    Verb.DECIDE_EXTENSION: handling.decide_extension,
    Verb.REQUEST_CLOSE: closing.request_close,
    Verb.DECIDE_CLOSE: closing.decide_close,
    Verb.REPLY_REQUESTER: closing.reply_requester,
    Verb.DEEM_CLOSED: closing.deem_closed,
    Verb.VISIT: after.visit,
    Verb.RATE: after.rate,
    Verb.ORDER_REWORK: after.order_rework,
    Verb.DUTY_OPINION: after.duty_opinion,
    Verb.EXEMPT: after.exempt,
    Verb.DUPLICATE: oversight.duplicate,
    Verb.WITHDRAW: oversight.withdraw,
    Verb.SUPERVISE: oversight.supervise,
}

_BY_UNIT = frozenset(
    {
        Verb.SIGN,
        Verb.REQUEST_RETURN,
        Verb.CONTACT,
        Verb.ARRIVE_ON_SITE,
        Verb.REPORT_STAGE,
        Verb.REQUEST_EXTENSION,
        Verb.REQUEST_CLOSE,
        Verb.REPLY_REQUESTER,
        Verb.DEEM_CLOSED,
        Verb.DUTY_OPINION,
    }
)
_BY_REQUESTER = frozenset({Verb.RATE, Verb.DUPLICATE, Verb.WITHDRAW})


class OutOfOrder(ValueError):
    """An event before the last one: history is only ever continued."""


def step(ticket: Ticket, event: Event, rules: Rules, calendar: Calendar) -> Ticket:
    """The ticket after `event`; `Refused` (nothing changed) cites what forbids it.

    Time passes first: what silence brings about until then has happened when the event comes.
    """
    event = Event(event.at.astimezone(CHINA), event.verb, event.fields)
    after_silence = at(ticket, event.at, rules)
    if after_silence.history and event.at < after_silence.history[-1].at:
        raise OutOfOrder(f"{event.at.isoformat()} is before {after_silence.history[-1].at}")
    act = Act(after_silence, rules, calendar, event)
    verb = event.verb
    article = speaks_of(rules, verb)
    if after_silence.state not in HAPPENS_IN[verb]:
        allowed = tuple(v for v in Verb if after_silence.state in HAPPENS_IN[v])
        act.refuse(f"{after_silence.state} 状态下不能 {verb}", article, allowed)
    if verb in _BY_UNIT and after_silence.state in WORKED_ON:
        _is_theirs(act)
    write(after_silence, event.at, (verb, _who(act), article, act.text("reason")), event)
    HANDLERS[verb](act)
    return after_silence


def at(ticket: Ticket, now: datetime, rules: Rules) -> Ticket:
    """The ticket at `now`, if nothing else happens: a copy."""
    own = ticket.copy()
    silence.advance(own, rules, now)
    return own


def speaks_of(rules: Rules, verb: Verb) -> str:
    stated: Stated[object] = getattr(rules, SPEAKS_OF[verb])
    return stated.article


def _is_theirs(act: Act) -> None:
    """What a unit does, only a unit that has the ticket can do."""
    unit, ticket = act.text("unit"), act.ticket
    if unit and unit not in (ticket.unit, ticket.district, *ticket.assist):
        act.refuse(f"工单在 {ticket.unit}，不在 {unit}", ENGINE_DEFAULT)


def _who(act: Act) -> str:
    if by := act.text("by"):
        return by
    if act.event.verb in _BY_UNIT:
        return act.text("unit") or act.ticket.unit
    return REQUESTER if act.event.verb in _BY_REQUESTER else HOTLINE


def rebuild(history: tuple[Entry, ...], rules: Rules, calendar: Calendar, now: datetime) -> Ticket:
    """The ticket at `now` that a history tells of."""
    ticket = Ticket()
    for line in history:
        if line.event is not None:
            ticket = step(ticket, line.event, rules, calendar)
    return at(ticket, now, rules)


__all__ = ["HANDLERS", "OutOfOrder", "Refused", "at", "rebuild", "speaks_of", "step"]
