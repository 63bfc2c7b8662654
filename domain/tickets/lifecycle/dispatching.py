"""Dispatch, sign-in, return and designation."""

from datetime import datetime

from domain.calendar.limit import due, passed
from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle import district
from domain.tickets.lifecycle.act import HOTLINE, Act
from domain.tickets.lifecycle.clocks import received, take_limits
from domain.tickets.lifecycle.states import WORKED_ON, State
from domain.tickets.lifecycle.ticket import Obligation
from domain.tickets.lifecycle.wording import code_of, item_of


def dispatch(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    unit = _unit(act)
    if ticket.state in WORKED_ON:
        district.hand_on(act, unit)
        return
    if ticket.blocked:
        act.refuse("已有履责意见，原则上不再转派", rules.duty_opinion.article)
    if ticket.state is State.RETURN_REQUESTED and rules.return_review.value:
        act.refuse("退回申请尚未审核 decide the return first", rules.return_review.article)
    if act.flag("several_contents") and act.words("assist") and rules.multi_unit.value == "split":
        act.refuse("属于不同承办单位的应当分别交办", rules.multi_unit.article)
    _consulted(act)
    ticket.keys = act.form("keys") or ticket.keys
    _assign(act, unit, fresh=rules.handle_restart.value or "handle" not in ticket.clocks)
    if district.meant(act, unit):
        district.arrive(act, unit)


def _consulted(act: Act) -> None:
    """What has to be settled before the dispatch, and what it has to go by."""
    rules = act.rules
    before, keys = rules.precheck, act.form("keys")
    if any(act.flag(name) for name in before.value) and not act.flag("consulted"):
        act.refuse(
            "非常见诉求、疑难事项须先与拟承办单位沟通 consult the unit first", before.article
        )
    lacking = [
        name for name in rules.dispatch_keys.value if keys is not None and not keys.get(name)
    ]
    if lacking:
        act.refuse(f"派单依据不全 missing: {', '.join(lacking)}", rules.dispatch_keys.article)


def _unit(act: Act) -> str:
    unit = act.text("unit").strip()
    if not unit:
        act.refuse("缺少 missing: unit", act.rules.multi_unit.article)
    return unit


def _assign(act: Act, unit: str, *, fresh: bool) -> None:
    ticket = act.ticket
    ticket.unit, ticket.assist, ticket.district = unit, act.words("assist"), ""
    ticket.assignments += 1
    ticket.signed = ticket.by_silence = False
    ticket.received_at = ticket.received_at or act.at
    take_limits(act)
    act.move(State.DISPATCHED)
    act.stop("dispatch")
    received(act, fresh=fresh)


def sign(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if act.text("unit") in ticket.assist:
        # The limit and what follows from silence are the lead's.
        act.note("assist_signed", f"协办单位 {act.text('unit')} 已签收", rules.multi_unit.article)
        return
    if ticket.signed:
        act.refuse("已经签收 already signed", rules.sign_limit.article)
    act.require(rules.sign_required.value, rules.sign_required.article)
    ticket.signed = True
    act.stop("sign")
    act.done("sign")
    if ticket.state is State.DISPATCHED:
        act.move(State.ACCEPTED)
    limit = rules.return_after_sign
    if limit.value and not ticket.designated:
        _lengthen_return(act, due(limit.value, act.at, act.calendar).at, limit.article)


def _lengthen_return(act: Act, until: datetime, article: str) -> None:
    """Two limits in one text: the unit has the longer."""
    clock = act.ticket.clocks.get("return")
    if act.rules.return_after_sign.value and (clock is None or until > clock.due):
        act.start("return", act.rules.return_after_sign.value, article)


def request_return(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if act.text("unit") in ticket.assist:
        act.refuse(f"工单由 {ticket.unit} 主办，协办单位不能退回", ENGINE_DEFAULT)
    if ticket.withdrawing:
        act.end(State.WITHDRAWN)
        act.note(
            "withdrawn",
            "承办单位退回，热线统一登记撤诉并办结归档",
            rules.withdraw_dispatched.article,
        )
        return
    act.require(rules.return_required.value, rules.return_required.article)
    _still_open(act)
    if act.flag("several_units") and rules.multi_unit.value == "either":
        act.refuse("涉及多部门的由首个接诉单位协调，不得随意退单", rules.multi_unit.article)
    act.stop("return", "sign")
    act.done("sign")
    act.move(State.RETURN_REQUESTED)
    article = (
        rules.return_review.article if rules.return_review.value else rules.return_limit.article
    )
    office = ticket.district if district.below(ticket) else HOTLINE
    act.owe("return", Obligation(office, "审核退单、重新确定承办单位", None, article))


def _still_open(act: Act) -> None:
    """Whether a return can still be asked for, and the article that says no."""
    ticket, rules = act.ticket, act.rules
    if ticket.designated:
        fixed = rules.return_refused
        article = fixed.article if "fixed_by_superior" in fixed.value else ENGINE_DEFAULT
        act.refuse("承办单位已经指定，不得再退 designated", article)
    if ticket.return_refused_to == ticket.unit:
        act.refuse("退回申请未通过，仍由原承办单位办理", rules.return_required.article)
    if ticket.by_silence:
        act.refuse("逾期未申请退回，视为已受理 deemed accepted", rules.sign_silence.article)
    clock = ticket.clocks.get("return")
    if clock and passed(clock.due, act.at):
        act.refuse(f"退回期限已于 {clock.due.isoformat()} 届满", clock.article)


def decide_return(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    listed = rules.return_refused.value
    ground = code_of(item_of(act.text("ground"), listed), act.event.verb, listed)
    if act.flag("accept"):
        if ground in listed:
            act.refuse(listed[ground], rules.return_refused.article)
        act.done("return", "contact", "handle", "on_site")
        ticket.return_refused_to = ""
        if district.below(ticket):
            district.take_back(act)
            return
        act.move(State.REGISTERED)
        act.start_stated("dispatch", rules.dispatch_limit)
        again = Obligation(HOTLINE, "重新派单", act.due("dispatch"), rules.return_review.article)
        act.owe("dispatch", again)
        return
    if rules.return_refusal_reason.value and not (act.gives("reason") or ground):
        act.refuse("不同意退回的，应当说明理由", rules.return_refusal_reason.article)
    ticket.return_refused_to = ticket.unit
    ticket.signed = True
    act.done("return")
    act.move(State.ACCEPTED)
    act.note("return_refused", "仍由原承办单位办理", rules.return_review.article)


def designate(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    needed = rules.designate_after
    if needed.value is not None and ticket.assignments < needed.value:
        act.refuse(
            f"经{needed.value}次交办仍无法确定的才可以指定，现为{ticket.assignments}次",
            needed.article,
        )
    unit = _unit(act)
    allowed, by = rules.designate_by, act.text("by")
    if by and allowed.value and not any(word in by for word in allowed.value):
        act.refuse(f"{by} 不能指定承办单位", allowed.article, allowed.value)
    ticket.designated = True
    fresh = rules.handle_restart.value or "handle" not in ticket.clocks
    act.done("return")
    _assign(act, unit, fresh=fresh)
    decision = act.text("decision") or act.text("reason")
    act.note("designated", f"{act.text('by') or HOTLINE} 指定 {unit}：{decision}", allowed.article)
    if rules.catalogue.value:
        about: dict[str, object] = {"unit": unit, **ticket.keys}
        article = rules.designate_writeback.article
        act.effect("catalogue", HOTLINE, ("更新派单目录", article), about)
    if rules.designate_writeback.value:
        duty = Obligation(HOTLINE, "更新诉求事项派单目录", None, rules.designate_writeback.article)
        act.owe("catalogue", duty)
