"""From the first word to a registered ticket, an answer, a refusal or another line."""

from domain.cities.ids import Category, Urgency
from domain.cities.rules import ENGINE_DEFAULT, Ground
from domain.tickets.lifecycle import scope
from domain.tickets.lifecycle.act import HOTLINE, Act
from domain.tickets.lifecycle.clocks import start_handling, take_limits
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Obligation
from domain.tickets.lifecycle.wording import code_of

# How a matter is called that came from another level's platform and goes back there.
_UPSTREAM = ("national", "provin", "upstream", "国家", "省", "上级")


def register(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    if len(act.words("requests")) > 1 and rules.split_requests.value:
        act.refuse(
            "多项诉求应当分别登记 register each request by itself", rules.split_requests.article
        )
    requester = act.event.fields.get("requester")
    ticket.requester = requester if isinstance(requester, dict) else {}
    _needs(act)
    scope.check(act)
    ticket.category = Category(act.text("category") or Category.OTHER)
    ticket.urgency = Urgency(act.text("urgency") or Urgency.GENERAL)
    origin = act.text("origin").lower()
    ticket.upstream = any(word in origin for word in _UPSTREAM)
    ticket.duplicate_of = act.text("duplicate_of")
    ticket.registered_at = act.at
    take_limits(act)
    act.move(State.REGISTERED)
    act.start_stated("dispatch", rules.dispatch_limit)
    dispatch = Obligation(
        HOTLINE, "派发承办单位", act.due("dispatch"), rules.dispatch_limit.article
    )
    act.owe("dispatch", dispatch)
    if rules.handle_start.value == "registered" or ticket.feedback_by or ticket.statutory_by:
        start_handling(act, act.at)
    kind = rules.categories.value[ticket.category]
    act.note("kind", f"归入{kind}", rules.categories.article)
    if several := len(act.words("requests")):
        act.note("requests", f"{several} 项诉求记入本件", rules.split_requests.article)
    _disclaim(act)
    scope.complete(act)


def _needs(act: Act) -> None:
    """Personal data without which nothing can be done: demanded, or told at once."""
    rules, requester = act.rules, act.ticket.requester
    lacking = ", ".join(name for name in act.words("needs") if not requester.get(name))
    if not lacking:
        return
    if rules.needed_data.value:
        act.refuse(f"办理所需信息应当如实提供: {lacking}", rules.needed_data.article)
    if rules.needed_data_told.value:
        what = f"在线及时告知诉求人须提供: {lacking}"
        act.owe("supplement", Obligation(HOTLINE, what, act.at, rules.needed_data_told.article))


def _disclaim(act: Act) -> None:
    stated = act.rules.disclaimer
    if stated.value:
        act.note("disclaimer", stated.value, stated.article, by=HOTLINE)


def answer_directly(act: Act) -> None:
    rules = act.rules
    category = act.text("category") or act.ticket.category
    if category not in rules.direct_answer.value:
        act.refuse("只有咨询可以当场直接答复 only consultations", rules.direct_answer.article)
    act.end(State.DIRECT_ANSWERED)
    _disclaim(act)


def refuse(act: Act) -> None:
    """Not taken, for a ground the city knows, with the reply that the text prescribes."""
    ground = _ground(act)
    lacking = [need for need in ground.needs if not act.gives(need)]
    if lacking:
        act.refuse(f"{ground.code} 之前须先: {', '.join(lacking)}", ground.article)
    act.end(State(ground.ends))
    act.note(f"reply:{ground.action}", ground.script, ground.article, by=HOTLINE)


def _ground(act: Act) -> Ground:
    grounds = act.rules.grounds
    asked = code_of(act.text("ground"), act.event.verb, (each.code for each in grounds.value))
    found = next((ground for ground in grounds.value if ground.code == asked), None)
    if found is None:
        known = tuple(ground.code for ground in grounds.value)
        act.refuse(f"本市没有这一不予受理情形: {asked or '?'}", grounds.article, known)
    return found


def transfer_line(act: Act) -> None:
    act.end(State.TRANSFERRED_LINE)
    line, linked = act.text("line"), act.rules.linked_lines
    if line:
        article = linked.article if line in linked.value else ENGINE_DEFAULT
        act.note("line", f"转至 {line}", article)


def supplement(act: Act) -> None:
    """Missing data: asked for, given, refused, or the requester cannot be reached."""
    if act.flag("refused") or act.flag("unreachable"):
        _not_given(act)
        return
    if act.words("ask") or act.flag("asked"):
        once = act.rules.missing_info.value == "ask_once_then_close"
        if once and act.ticket.asked_for_data:
            act.refuse(
                "缺少的信息应当一次性告知 all missing items at once", act.rules.missing_info.article
            )
        act.ticket.asked_for_data = True
        act.owe(
            "supplement", Obligation("诉求人", "补充信息", None, act.rules.missing_info.article)
        )
        return
    act.done("supplement")


def _not_given(act: Act) -> None:
    outcome, article = act.rules.missing_info.value, act.rules.missing_info.article
    if outcome == "ask_once_then_close":
        if not act.ticket.asked_for_data:
            act.refuse("须先一次性告知诉求人补充 ask first", article)
        act.end(State.CLOSED_NO_INFO)
    elif outcome == "may_refuse" and act.ticket.state is State.REGISTERED:
        act.end(State.REFUSED)
    elif outcome == "not_registered" and act.ticket.state is State.REGISTERED:
        act.end(State.NOT_REGISTERED)
    elif outcome == "terminate":
        act.done("supplement")
        duty = Obligation(act.ticket.unit, "提交材料申请终止办理", None, article, must=False)
        act.owe("terminate", duty)
    else:
        act.done("supplement")
        act.note("no_data", "继续办理", ENGINE_DEFAULT)
