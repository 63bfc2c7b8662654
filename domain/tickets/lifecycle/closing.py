"""Closing: what a result must contain, its review, and the ends a text deems to be closings."""

import re

from domain.calendar.limit import Limit, Unit, due
from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle.act import HOTLINE, REQUESTER, Act
from domain.tickets.lifecycle.clocks import reply_owed
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Obligation
from domain.tickets.lifecycle.wording import code_of

_LAW = re.compile(
    r"(根据|依据|按照)?《[^》]*》(第[一二三四五六七八九十百零〇\d]+[条款项])*(的?规定)?[,，。;；、\s]*"
)
_SUBSTANCE = 4  # characters that must remain when the citations are taken away
_AFTER_TWO = ("reply_record", "opinion")


def request_close(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    staged = act.text("kind") == "staged"
    if act.text("unit") in ticket.assist and rules.multi_unit.value in ("lead", "main"):
        act.refuse(f"由 {ticket.unit} 统一答复、办结", rules.multi_unit.article)
    _check_reply(act)
    if staged:
        _check_staged(act)
    ticket.close_as = State.CLOSED_STAGED if staged else State.CLOSED
    ticket.told = bool(act.words("evidence")) or ticket.told
    act.stop("sign", "return", "handle", "reply", "on_site")
    act.done("sign", "contact", "handle", "on_site", "explain", "extension", "report")
    act.done("explain_requester", *(f"assist:{unit}" for unit in ticket.assist))
    ticket.extension_asked = None
    anonymous = bool(ticket.requester.get("anonymous"))
    if rules.reply_evidence.value and not ticket.told and not anonymous:
        duty = Obligation(
            ticket.unit, "留存告知诉求人的证据材料", None, rules.reply_evidence.article
        )
        act.owe("evidence", duty)
    if rules.close_review.value:
        act.move(State.CLOSING_REVIEW)
        act.owe("review", Obligation(HOTLINE, "复核办结申请", None, rules.close_review.article))
        return
    _close(act)


def _check_reply(act: Act) -> None:
    """A reply as text must say something; as a form it must fill the city's elements."""
    rules = act.rules
    reply = act.event.fields.get("reply")
    article = rules.close_required.article
    if act.ticket.category in rules.written_reply.value:
        article = rules.written_reply.article
    if isinstance(reply, dict):
        lacking = [name for name in rules.close_elements.value if not reply.get(name)]
        if lacking or not any(reply.values()):
            act.refuse(f"答复缺少要素 missing elements: {', '.join(lacking)}", article)
        return
    act.require(rules.close_required.value, article)
    text = str(reply)
    said = _LAW.sub("", text).strip()
    if rules.close_elements.value and said != text.strip() and len(said) < _SUBSTANCE:
        act.refuse(
            "不能简单罗列法律法规、答非所问 a mere list of laws", rules.close_elements.article
        )


def _check_staged(act: Act) -> None:
    stated = act.rules.close_staged
    if stated.silent:
        act.refuse("本市没有阶段性办结", ENGINE_DEFAULT)
    needed = stated.value
    most = act.rules.extension_max.value
    if most and act.ticket.extensions >= most:
        needed += _AFTER_TWO
    act.require(needed, stated.article)


def _close(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    act.move(ticket.close_as)
    ticket.closed_at = act.at
    act.done("review", "supervise")
    _after_result(act)
    if rules.handle_key.value == "ticket" and reply_owed(act):
        duty = Obligation(ticket.unit, "将办理情况告知诉求人", None, rules.close_required.article)
        act.owe("reply", duty)


def _after_result(act: Act) -> None:
    """The duties that follow a result: the visit, and the time in which it may be rated."""
    rules, ticket = act.rules, act.ticket
    act.start_stated("visit", rules.visit_limit)
    if rules.visit_scope.value == "all":
        owe_visit(act)
    window = rules.rate_window
    if window.value:
        act.start("rate", window.value, window.article, since=ticket.replied_at or act.at)


def owe_visit(act: Act) -> None:
    stated = act.rules.visit_modality
    if not stated.silent:
        must = stated.value == "shall"
        act.owe("visit", Obligation(HOTLINE, "回访诉求人", act.due("visit"), stated.article, must))


def decide_close(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if ticket.state is State.CLOSED:
        if rules.close_review.value:
            act.refuse("已经办结 already closed", rules.close_review.article)
        act.note("review", "本市没有办结复核，热线的意见照记", ENGINE_DEFAULT)
    if act.flag("accept"):
        if ticket.state is not State.CLOSED:
            _close(act)
        elif rules.visit_from.value == "closed":
            # Where the hotline confirms a closing, the ticket is closed when it does.
            ticket.closed_at = act.at
            act.start_stated("visit", rules.visit_limit)
        return
    act.move(State.ACCEPTED)
    for name in ("handle", "reply", "on_site"):
        act.resume(name)
    act.stop("visit", "rate")
    act.done("review", "visit", "evidence")
    article = rules.close_review.article
    until = act.due("handle") or act.due("reply")
    act.owe("handle", Obligation(ticket.unit, "重新办理，期限按首次收到工单起算", until, article))
    act.note("sent_back", "退回重新办理，办理期限不重新起算", article)


def reply_requester(act: Act) -> None:
    """The requester was told; where the text says so the centre is told on the same day."""
    ticket, rules = act.ticket, act.rules
    first = ticket.replied_at is None
    ticket.replied_at = ticket.replied_at or act.at
    ticket.told = bool(act.words("evidence")) or ticket.told
    act.stop("reply")
    act.done("reply", "contact", "explain_requester", "notice")
    if ticket.told:
        act.done("evidence")
    open_still = ticket.closed_at is None
    if rules.report_same_day.value and open_still:
        # The limit is one to reply; the report to the centre has the same day for itself.
        act.stop("handle")
        act.done("handle", "extension")
        today = due(Limit(0, Unit.DAYS), act.at, act.calendar).at
        duty = Obligation(ticket.unit, "当日报送处理结果", today, rules.report_same_day.article)
        act.owe("report", duty)
    window = rules.rate_window
    if window.value and first and not open_still:
        act.start("rate", window.value, window.article)


def deem_closed(act: Act) -> None:
    ticket, stated = act.ticket, act.rules.deemed_closed
    kind = code_of(act.text("kind"), act.event.verb, stated.value)
    if stated.silent:
        act.refuse("本市没有视同办结、终止办理", ENGINE_DEFAULT)
    if kind not in stated.value:
        act.refuse(
            f"不是视同办结、终止办理的情形: {kind or '?'}", stated.article, tuple(stated.value)
        )
    if not any(act.gives(name) for name in ("evidence", "materials", "documents")):
        act.refuse("须提交相关证据、材料 evidence is missing", stated.article)
    end = State(stated.value[kind])
    if end is State.TERMINATED:
        ticket.close_as = end
        act.note("termination_asked", "经审核后终止办理", stated.article)
        _await_review(act)
        return
    kinds = act.rules.deemed_kinds
    if kinds.value and ticket.category not in kinds.value:
        act.refuse("此类事项不能视同办结 not for this kind", kinds.article, kinds.value)
    act.stop("sign", "return", "handle", "reply")
    act.done("sign", "handle", "contact", "extension")
    act.move(end)
    ticket.closed_at = act.at
    _after_result(act)
    act.note("deemed_closed", f"{REQUESTER}的事项视同办结", stated.article)


def _await_review(act: Act) -> None:
    act.stop("sign", "return", "handle", "reply")
    act.done("sign", "contact", "handle", "on_site", "explain", "extension", "terminate")
    act.move(State.CLOSING_REVIEW)
    article = act.rules.deemed_closed.article
    act.owe("review", Obligation(HOTLINE, "审核终止办理", None, article))
