"""After a result: visits, ratings, rework, duty opinions, exemptions."""

from dataclasses import replace

from domain.calendar.limit import passed
from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle.act import HOTLINE, Act
from domain.tickets.lifecycle.clocks import base_limit, received, take_limits
from domain.tickets.lifecycle.closing import owe_visit
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Obligation, Rating
from domain.tickets.lifecycle.wording import code_of

NEGATIVE = frozenset({"unsolved", "dissatisfied", "very_dissatisfied"})
LEVELS = {
    "非常满意": "very_satisfied",
    "满意": "satisfied",
    "基本满意": "basically_satisfied",
    "不满意": "dissatisfied",
    "非常不满意": "very_dissatisfied",
    "已解决": "solved",
    "未解决": "unsolved",
    "5": "very_satisfied",
    "4": "satisfied",
    "3": "basically_satisfied",
    "2": "dissatisfied",
    "1": "very_dissatisfied",
}
AXES = {
    "解决": "solved",
    "满意": "satisfied",
    "satisfaction": "satisfied",
    "热线": "line",
    "12345热线": "line",
    "承办单位": "unit",
}
_PROOF = ("proof", "evidence", "materials")


def visit(act: Act) -> None:
    """A call-back: solved and satisfied are two questions; both may be left open."""
    solved, satisfied = act.flag("solved", default=True), act.flag("satisfied", default=True)
    clock = act.ticket.clocks.get("visit")
    if clock and clock.stopped is None and passed(clock.due, act.at):
        act.note("visit_late", f"回访期限为 {clock.due.isoformat()}", clock.article)
    act.stop("visit")
    act.done("visit")
    if act.flag("contested") and not act.ticket.told:
        act.ticket.false_handling = not act.rules.reply_evidence.silent
        act.note(
            "false_handling", "无法提供告知证据，视为虚假办理", act.rules.reply_evidence.article
        )
    _judge(act, negative=not (solved and satisfied))


def _judge(act: Act, *, negative: bool) -> None:
    ticket, rules = act.ticket, act.rules
    if rules.full_push.value and ticket.unit:
        about: dict[str, object] = {"lines": len(ticket.history), "ratings": len(ticket.ratings)}
        told = ("工单记录、回访评价全量数据", rules.full_push.article)
        act.effect("push", ticket.unit, told, about)
    ticket.negative = negative
    if not negative:
        act.done("verify")
        return
    stated = rules.negative_action
    act.note("negative", "未解决或者不满意", stated.article)
    who, what = HOTLINE, "评估是否重办；不重办的向诉求人解释说明"
    if stated.value == "unit_verifies":
        who, what = ticket.unit or HOTLINE, "核实并反馈；未到位的限期整改"
    must = stated.value != "line_may"
    act.owe("verify", Obligation(who, what, None, stated.article, must))


def rate(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    level = LEVELS.get(act.text("level"), act.text("level"))
    if level not in rules.rate_levels.value:
        known = rules.rate_levels
        act.refuse(f"没有这一评价等级: {level or '?'}", known.article, known.value)
    axis = AXES.get(act.text("axis"), act.text("axis")) or _axis(level, rules.rate_axes.value)
    if axis not in rules.rate_axes.value:
        act.refuse(f"没有这一评价项: {axis}", rules.rate_axes.article, rules.rate_axes.value)
    clock = ticket.clocks.get("rate")
    if clock and passed(clock.due, act.at):
        act.refuse(f"评价期已于 {clock.due.isoformat()} 届满", clock.article)
    ticket.ratings += (Rating(act.at, axis, level),)
    if axis != "line":
        _judge(act, negative=level in NEGATIVE)
        if level in NEGATIVE and rules.visit_scope.value == "negative":
            owe_visit(act)


def _axis(level: str, axes: tuple[str, ...]) -> str:
    """Whether it was solved and whether one is satisfied are told apart by the level itself."""
    wanted = "solved" if level in ("solved", "unsolved") else "satisfied"
    return wanted if wanted in axes else axes[0]


def order_rework(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    most = rules.rework_max
    if most.value is not None and ticket.reworks >= most.value:
        act.refuse(
            f"重办不超过{most.value}次，应当审查后移送或者结案 {most.note}",
            most.article,
            ("supervise",),
        )
    _grounds(act)
    ticket.reworks += 1
    ticket.negative = False
    ticket.closed_at = ticket.replied_at = None
    ticket.told = ticket.overdue_seen = False
    ticket.extensions = 0
    act.stop("visit", "rate")
    act.done("verify", "visit", "evidence", "reply")
    act.move(State.ACCEPTED)
    ticket.feedback_by = ticket.statutory_by = None
    take_limits(act)
    received(act, fresh=True)
    _new_limit(act)
    act.stop("sign", "return")
    act.done("sign")


def _new_limit(act: Act) -> None:
    """No text limits a rework: it has the kind's own limit from its order on."""
    rules, clock = act.rules, act.ticket.clocks.get("handle")
    if clock is None or clock.stopped is None:
        return
    if rules.handle_key.value == "ticket":
        act.owe("feedback_by", Obligation(HOTLINE, "确定反馈期限", None, rules.handle_key.article))
        return
    limit = base_limit(act)
    if limit:
        act.start("handle", limit, ENGINE_DEFAULT)
        act.owe("handle", replace(act.ticket.obligations["handle"], by=act.due("handle")))


def _grounds(act: Act) -> None:
    ticket, needs = act.ticket, act.rules.rework_needs
    known = act.rules.rework_grounds
    # A finding in words says the ground as well as its code does.
    ground = code_of(act.text("ground") or act.text("reason"), act.event.verb, known.value)
    if not act.text("ground") and ground not in known.value:
        ground = ""
    if known.value and ground and ground not in known.value:
        act.refuse(f"不是重办的理由: {ground}", known.article, known.value)
    if "ground" in needs.value and not ground:
        act.refuse("办理不合法、不合理的才可以要求重办", needs.article, known.value)
    if "negative" in needs.value and not ticket.negative:
        act.refuse("回访或者评价未解决、不满意的才可以重办", needs.article)
    if "negative_or_objection" in needs.value and not (ticket.negative or ground):
        act.refuse("经回访未依法处理或者异议成立的才可以重办", needs.article, known.value)
    if "reasonable" in needs.value and not act.flag("reasonable", default=True):
        act.refuse("诉求不合理，不退回重办", needs.article)


def duty_opinion(act: Act) -> None:
    ticket, stated = act.ticket, act.rules.duty_opinion
    if not stated.value:
        act.refuse("本市没有履责意见", ENGINE_DEFAULT)
    if ticket.reworks == 0:
        act.refuse("履责意见在重办环节出具", stated.article)
    form = act.form("opinion")
    lacking = [
        name for name in act.rules.duty_opinion_elements.value if form and not form.get(name)
    ]
    if lacking:
        elements = act.rules.duty_opinion_elements
        act.refuse(f"履责意见缺少 missing: {', '.join(lacking)}", elements.article, elements.value)
    ticket.blocked = True
    act.note("blocked", "原则上不再受理转派", stated.article)


def exempt(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    known = rules.exempt_grounds
    if known.silent:
        act.refuse("本市没有不计负面评价的规定", ENGINE_DEFAULT)
    ground = code_of(act.text("ground"), act.event.verb, known.value)
    if ground not in known.value:
        act.refuse(f"不是不计负面评价的情形: {ground or '?'}", known.article, known.value)
    needs = rules.exempt_required
    if "proof" in needs.value and not any(act.gives(name) for name in _PROOF):
        act.refuse("须提供证明材料 proof is missing", needs.article)
    act.require(tuple(name for name in needs.value if name != "proof"), needs.article)
    ticket.exempted = ground
    act.done("verify")
