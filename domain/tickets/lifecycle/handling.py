"""While a unit works on it: contact, arrival, stage reports, extensions."""

from dataclasses import replace

from domain.calendar.limit import longer, parse_limit, passed
from domain.cities.rules import ENGINE_DEFAULT, ExtensionStep
from domain.tickets.lifecycle.act import HOTLINE, REQUESTER, Act
from domain.tickets.lifecycle.clocks import base_limit, oblige_assist, punctual_again
from domain.tickets.lifecycle.ticket import Obligation


def contact(act: Act) -> None:
    act.done("contact", "notice")


def arrive_on_site(act: Act) -> None:
    if "on_site" not in act.ticket.clocks:
        act.note("on_site", "本市对到场没有时限", ENGINE_DEFAULT)
    act.stop("on_site")
    act.done("on_site")


def report_stage(act: Act) -> None:
    """A stage report; where a city has no extensions it explains a late ticket."""
    ticket, rules = act.ticket, act.rules.stage_report
    unit = act.text("unit")
    if unit in ticket.assist:
        # The assisting unit hands its part to the leading one; that explains nothing.
        act.done(f"assist:{unit}")
        act.note("assisted", f"{unit} 的办理结果已提交 {ticket.unit}", act.rules.multi_unit.article)
        return
    act.require(rules.value, rules.article)
    ticket.explained = True
    act.done("explain")
    unsolvable = act.rules.explain_unsolvable
    if act.flag("unsolvable") and unsolvable.value:
        duty = Obligation(ticket.unit, "向诉求人作出相关解释", None, unsolvable.article)
        act.owe("explain_requester", duty)


def request_extension(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    step = _step(act)
    act.require(step.needs, rules.extension_steps.article)
    clock = ticket.clocks.get("handle")
    if clock is None or clock.stopped:
        act.refuse("没有可延长的办理时限 no handling limit to extend", ENGINE_DEFAULT)
    ahead = rules.extension_ask_before
    # Only the first extension has to be filed ahead; the text asks the second "及时".
    if ahead.value and ticket.extensions == 0:
        latest = longer(clock.due, -ahead.value, act.calendar).at
        if passed(latest, act.at):
            act.refuse(
                f"应当在时限届满{ahead.value}个工作日前提出，即 {latest.isoformat()}", ahead.article
            )
    if passed(clock.due, act.at):
        act.refuse(f"办理时限已于 {clock.due.isoformat()} 届满", ENGINE_DEFAULT)
    days = _days(act, step)
    if not step.approver:
        _extend(act, days)
        return
    ticket.extension_asked = days
    article = rules.extension_steps.article
    act.owe("extension", Obligation(step.approver, "审核延期申请", clock.due, article))


def _step(act: Act) -> ExtensionStep:
    """The rules for the next extension, or the reason why there is none."""
    ticket, rules = act.ticket, act.rules
    if ticket.urgency in rules.emergency_reply.value and not rules.extension_emergency.value:
        act.refuse("紧急事项原则上不得申请延期", rules.extension_emergency.article)
    limit = rules.extension_max
    if limit.value is not None and ticket.extensions >= limit.value:
        told = "没有延期" if limit.value == 0 else f"延期不超过{limit.value}次"
        act.refuse(
            f"{told}，应当说明情况并反馈 {limit.note}", limit.article, ("report_stage", "contact")
        )
    kinds = rules.extension_kinds
    if kinds.value and ticket.category not in kinds.value:
        act.refuse("此类事项不能延期 this kind cannot be extended", kinds.article, kinds.value)
    if ticket.extension_asked is not None:
        act.refuse("延期申请尚未审核 an extension is undecided", ENGINE_DEFAULT)
    steps = rules.extension_steps.value
    return steps[min(ticket.extensions, len(steps) - 1)]


def _days(act: Act, step: ExtensionStep) -> int:
    article = act.rules.extension_steps.article
    base = base_limit(act)
    longest = None
    if step.longest == "base":
        longest = base.count if base else None
    elif step.longest != "given":
        longest = parse_limit(step.longest).count
    days = act.number("days")
    if days is None and step.days_default:
        days = longest
    if days is None or days < 1:
        act.refuse("缺少 missing: days（延长多少个工作日）", article)
    if longest is not None and days > longest:
        act.refuse(f"延长不得超过{longest}个工作日 at most {longest} working days", article)
    return days


def decide_extension(act: Act) -> None:
    ticket, rules = act.ticket, act.rules
    days = ticket.extension_asked
    if days is None:
        act.refuse("没有待审核的延期申请 no extension is waiting", rules.extension_steps.article)
    ticket.extension_asked = None
    act.done("extension")
    if act.flag("accept"):
        _extend(act, days)


def _extend(act: Act, days: int) -> None:
    ticket, rules = act.ticket, act.rules
    clock = ticket.clocks["handle"]
    end = longer(clock.due, days, act.calendar)
    ticket.extensions += 1
    # The granted time runs from the old end, whichever day the grant was made.
    moved = replace(clock, due=end.at, provisional=clock.provisional or end.provisional)
    act.set_clock(moved, reason=f"第{ticket.extensions}次延期 {days} 个工作日")
    oblige_assist(act)
    punctual_again(act)
    if rules.extension_notice.value:
        by_sms = "短信" in rules.extension_notice.value
        who = HOTLINE if by_sms else ticket.unit
        about: dict[str, object] = {"until": end.at.isoformat(), "number": ticket.extensions}
        what, article = rules.extension_notice.value, rules.extension_notice.article
        act.effect("sms" if by_sms else "notice", REQUESTER, (what, article), about)
        notice = Obligation(who, what, None, article)
        act.owe("notice", notice)
    act.note("extended", f"{REQUESTER}应被告知延期", rules.extension_steps.article)
