"""Repeats, withdrawal and supervision."""

from domain.calendar.limit import passed
from domain.cities.rules import ENGINE_DEFAULT, Stated
from domain.tickets.lifecycle import measures
from domain.tickets.lifecycle.act import HOTLINE, REQUESTER, Act
from domain.tickets.lifecycle.clocks import oblige_assist, punctual_again, received, start_handling
from domain.tickets.lifecycle.states import FOLLOWS, State
from domain.tickets.lifecycle.ticket import Obligation


def duplicate(act: Act) -> None:
    """The same requester with the same matter again: open or closed, with new facts or without."""
    ticket, rules = act.ticket, act.rules
    new = act.flag("new_facts")
    if not new and ticket.duplicate_of and ticket.state is State.REGISTERED:
        _told(act, rules.duplicate_open_same, "本件为重复来电，归档")
        act.end(State.DUPLICATE_ARCHIVED)
    elif ticket.ended:
        _closed(act, new=new)
    elif new:
        _merged(act)
    else:
        _told(act, rules.duplicate_open_same, "告知办理进度")


def _told(act: Act, stated: Stated[str], what: str) -> None:
    archived = stated.value == "archive"
    reason = "作为重复来电归档" if archived else what
    act.note(f"duplicate:{stated.value}", reason, stated.article, by=HOTLINE)


def _merged(act: Act) -> None:
    stated, ticket = act.rules.duplicate_open_new, act.ticket
    act.note("duplicate:merged", "补充信息并入原工单合并处理", stated.article)
    if stated.value != "restart" or ticket.received_at is None:
        return
    if overdue(act):
        # Art. 16 speaks of repeats 在办理期限内: what is late already does not become punctual.
        act.note("duplicate:late", "办理期限已过，不重新起算", ENGINE_DEFAULT)
        return
    start_handling(act, act.at)
    oblige_assist(act)
    punctual_again(act)
    ticket.extensions = 0


def _closed(act: Act, *, new: bool) -> None:
    ticket, rules = act.ticket, act.rules
    if not new:
        _told(act, rules.duplicate_closed_same, "告知办理结果")
        return
    stated = rules.duplicate_closed_new
    if ticket.blocked:
        act.refuse("已有履责意见，原则上不再受理转派", rules.duty_opinion.article)
    can_go_on = bool(ticket.unit) and State.DISPATCHED in FOLLOWS[ticket.state]
    if stated.value == "reopen" and can_go_on:
        act.note("duplicate:reopened", "再次转交承办单位，办理时限重新计算", stated.article)
        act.move(State.DISPATCHED)
        ticket.signed = ticket.by_silence = ticket.overdue_seen = False
        ticket.closed_at = ticket.replied_at = None
        ticket.extensions = 0
        act.stop("visit", "rate")
        act.done("visit", "verify")
        received(act, fresh=True)
        return
    act.owe("new_ticket", Obligation(HOTLINE, "有新情况，另行登记", None, stated.article))


def withdraw(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if ticket.upstream and rules.withdraw_upstream.value == "origin":
        act.refuse("应引导诉求人向原诉求平台撤诉", rules.withdraw_upstream.article)
    stated = rules.withdraw_dispatched
    # A ticket on its way back from the unit needs no second return.
    with_the_line = ticket.state in (State.REGISTERED, State.RETURN_REQUESTED)
    if with_the_line or stated.value == "direct":
        act.end(State.WITHDRAWN)
        return
    if act.text("by") in ("unit", "承办单位", ticket.unit):
        act.refuse("承办单位应引导诉求人同时向12345热线撤诉", stated.article)
    ticket.withdrawing = True
    act.owe("withdraw", Obligation(ticket.unit, "将撤诉工单退回热线", None, stated.article))
    act.note("withdrawal", f"{REQUESTER}撤诉，待承办单位退回后归档", stated.article)


def supervise(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if ticket.exempted and rules.supervise_joint.value == "after_first":
        act.refuse("已不纳入负面评价的，不督办", rules.supervise_triggers.article)
    trigger, known = act.text("trigger"), rules.supervise_triggers
    if trigger and known.value and trigger not in known.value:
        act.refuse(f"不是督办情形: {trigger}", known.article, known.value)
    if trigger == "overdue" and not overdue(act):
        act.refuse("没有超过期限 nothing is overdue", known.article)
    if act.flag("joint") and rules.supervise_joint.value == "after_first" and not ticket.supervised:
        act.refuse("督办后仍未解决的才可以联合督办", rules.supervise_joint.article)
    if act.flag("joint") and rules.supervise_joint.value == "none":
        act.note("joint", "联合督办", ENGINE_DEFAULT)
    measures.take(act)
    ticket.supervised += 1
    act.done("supervise")


def overdue(act: Act) -> bool:
    found = (act.ticket.clocks.get(name) for name in ("handle", "reply", "on_site"))
    return any(clock and passed(clock.due, clock.stopped or act.at) for clock in found)
