"""What happens when nobody does anything: acceptance by silence, limits that run out."""

from datetime import datetime

from domain.calendar.limit import passed
from domain.cities.rules import Rules
from domain.tickets.lifecycle.act import HOTLINE, write
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Clock, Obligation, Ticket

_WATCHED = ("sign", "rate", "handle", "reply")


def advance(ticket: Ticket, rules: Rules, now: datetime) -> None:
    """Let time pass until `now`: changes `ticket`, which must be the caller's own copy."""
    over = [
        clock
        for name in _WATCHED
        if (clock := ticket.clocks.get(name)) and clock.stopped is None and passed(clock.due, now)
    ]
    for clock in sorted(over, key=lambda clock: clock.due):
        if clock.name == "sign":
            _unsigned(ticket, rules, clock)
        elif clock.name == "rate":
            _stop(ticket, "rate", clock.due)
            write(ticket, clock.due, ("rating_over", "silence", clock.article, "评价期届满"))
        else:
            _late(ticket, rules, clock)


def _stop(ticket: Ticket, name: str, at: datetime) -> None:
    clock = ticket.clocks.get(name)
    if clock and clock.stopped is None:
        ticket.clocks[name] = Clock(
            clock.name, clock.started, clock.due, clock.provisional, clock.article, clock.limit, at
        )


def _unsigned(ticket: Ticket, rules: Rules, clock: Clock) -> None:
    if rules.sign_silence.value != "accept" or ticket.state is not State.DISPATCHED:
        return
    ticket.state, ticket.by_silence = State.ACCEPTED, True
    _stop(ticket, "sign", clock.due)
    _stop(ticket, "return", clock.due)
    ticket.obligations.pop("sign", None)
    reason = "逾期未申请退回、未确认，视为受理"
    line = ("deemed_accepted", "silence", rules.sign_silence.article, reason)
    write(ticket, clock.due, line)


def _late(ticket: Ticket, rules: Rules, clock: Clock) -> None:
    if ticket.overdue_seen:
        return
    ticket.overdue_seen = True
    write(ticket, clock.due, ("overdue", "silence", clock.article, "超过办理时限"))
    if not rules.extension_max.silent and rules.extension_max.value == 0 and not ticket.explained:
        article = rules.stage_report.article
        what = "说明理由、反馈阶段性情况"
        ticket.obligations["explain"] = Obligation(ticket.unit, what, None, article)
    if "overdue" in rules.supervise_triggers.value and not ticket.exempted:
        must = rules.supervise_modality.value == "shall"
        article = rules.supervise_modality.article
        ticket.obligations["supervise"] = Obligation(HOTLINE, "督办", None, article, must)
