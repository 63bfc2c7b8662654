"""The handling clock: which limit a ticket has and from when it runs; the clocks of dispatch."""

from datetime import datetime

from domain.calendar.limit import Limit, longer, passed
from domain.cities.ids import Urgency
from domain.tickets.lifecycle.act import HOTLINE, Act
from domain.tickets.lifecycle.ticket import Clock, Obligation

EMERGENCIES = (Urgency.EMERGENCY_GENERAL, Urgency.EMERGENCY_MAJOR)


def base_limit(act: Act) -> Limit | None:
    """The limit of this ticket's kind or urgency; None where the city fixes none."""
    limits = act.rules.handle_limits.value
    key = act.ticket.urgency if act.rules.handle_key.value == "urgency" else act.ticket.category
    return limits.get(key)


def start_handling(act: Act, since: datetime) -> None:
    """Statutory limit before emergency, ticket and kind; nothing where the city fixes nothing."""
    ticket, rules = act.ticket, act.rules
    if ticket.statutory_by:
        _until(act, ticket.statutory_by, rules.statutory.article, "statutory")
        return
    if ticket.urgency in rules.emergency_reply.value:
        for name, stated in (
            ("on_site", rules.emergency_on_site),
            ("reply", rules.emergency_reply),
        ):
            limit = stated.value.get(ticket.urgency)
            if limit:
                act.start(name, limit, stated.article, since)
        return
    if rules.handle_key.value == "ticket":
        if ticket.feedback_by:
            _until(act, ticket.feedback_by, rules.handle_key.article, "ticket")
        return
    limit = base_limit(act)
    if limit:
        act.start("handle", limit, rules.handle_limits.article, since)


def _until(act: Act, until: datetime, article: str, limit: str) -> None:
    clock = act.ticket.clocks.get("handle")
    if clock and clock.due == until and clock.limit == limit and clock.stopped is None:
        return  # a fixed end does not run anew from another unit's receipt
    act.set_clock(Clock("handle", act.at, until, provisional=False, article=article, limit=limit))


def take_limits(act: Act) -> None:
    """A deadline fixed for this one ticket by the event, by the hotline or by law."""
    for name, stated in (
        ("feedback_by", act.rules.handle_key),
        ("statutory_by", act.rules.statutory),
    ):
        until = act.moment(name)
        if until and passed(until, act.at):
            act.refuse(
                f"{name} 早于本事件 is before the event: {until.isoformat()}", stated.article
            )
    if act.moment("feedback_by") and act.rules.handle_key.value != "ticket":
        act.note("feedback_by", "本市不按工单定期限，不改变办理时限", act.rules.handle_key.article)
    act.ticket.feedback_by = act.moment("feedback_by") or act.ticket.feedback_by
    act.ticket.statutory_by = act.moment("statutory_by") or act.ticket.statutory_by


def received(act: Act, *, fresh: bool) -> None:
    """A unit has the ticket: sign-in, return and (where it runs from receipt) handling start.

    `fresh`: the handling limit starts now even if one ran before (another unit, a new round).
    """
    rules, ticket = act.rules, act.ticket
    act.start_stated("sign", rules.sign_limit)
    if ticket.designated:
        act.stop("return")
    else:
        act.start_stated("return", rules.return_limit)
    has_clock = "handle" in ticket.clocks or "reply" in ticket.clocks
    told = act.moment("feedback_by") or act.moment("statutory_by")
    if told or not has_clock or (fresh and rules.handle_start.value == "received"):
        since = act.at
        if rules.handle_start.value == "registered" and ticket.registered_at:
            since = ticket.registered_at
        start_handling(act, since)
        punctual_again(act)
    _oblige(act)


def _oblige(act: Act) -> None:
    rules, ticket = act.rules, act.ticket
    act.done("dispatch", "consult")
    per_ticket = rules.handle_key.value == "ticket"
    if per_ticket and "handle" not in ticket.clocks:
        act.owe("feedback_by", Obligation(HOTLINE, "确定反馈期限", None, rules.handle_key.article))
    else:
        act.done("feedback_by")
    if rules.sign_limit.value:
        act.owe(
            "sign", Obligation(ticket.unit, "签收确认", act.due("sign"), rules.sign_limit.article)
        )
    if rules.contact.value:
        act.owe("contact", Obligation(ticket.unit, "联系诉求人", None, rules.contact.article))
    if "on_site" in ticket.clocks:
        article = rules.emergency_on_site.article
        act.owe("on_site", Obligation(ticket.unit, "抵达现场", act.due("on_site"), article))
    until = act.due("handle") or act.due("reply")
    article = rules.close_required.article
    what = "办理并将进度或者结果告知热线" if per_ticket else "办理并答复、反馈"
    act.owe("handle", Obligation(ticket.unit, what, until, article))
    if per_ticket and reply_owed(act):
        act.owe("reply", Obligation(ticket.unit, "将办理情况告知诉求人", until, article))
    if ticket.urgency in EMERGENCIES and rules.emergency_report.value:
        article = rules.emergency_report.article
        act.owe("report_up", Obligation(HOTLINE, "紧急事项即时上报、快速转办", act.at, article))
        about: dict[str, object] = {"unit": ticket.unit, "urgency": ticket.urgency}
        act.effect("report_up", "上级", ("紧急事项上报", article), about)
    if ticket.urgency in EMERGENCIES and "life_safety" in rules.supervise_triggers.value:
        propose_supervision(act)
    oblige_assist(act)
    if ticket.assist and rules.multi_unit.value == "main":
        act.note("main_unit", "由负有主要责任的单位承办", rules.multi_unit.article)


def reply_owed(act: Act) -> bool:
    """Hangzhou, Art. 17: who asked for it and can be reached is told, nobody else has to be."""
    requester = act.ticket.requester
    wanted = bool(requester.get("wants_reply")) and act.ticket.replied_at is None
    return wanted and bool(requester.get("name")) and bool(requester.get("contact"))


def oblige_assist(act: Act) -> None:
    """Assisting units hand in their part before the lead's limit; no text says how much before."""
    ticket, rules = act.ticket, act.rules
    until = act.due("handle")
    if until and rules.assist_before.value:
        # Not before the ticket came: a limit of one day leaves no day for the lead alone.
        until = max(longer(until, -rules.assist_before.value, act.calendar).at, act.at)
    for unit in ticket.assist:
        what = f"配合办理，结果提交 {ticket.unit}"
        act.owe(f"assist:{unit}", Obligation(unit, what, until, rules.multi_unit.article))


def propose_supervision(act: Act) -> None:
    """Where the text says may (可以), somebody decides; where it says shall, it is a duty."""
    stated = act.rules.supervise_modality
    duty = Obligation(HOTLINE, "督办", None, stated.article, stated.value == "shall")
    act.owe("supervise", duty)


def punctual_again(act: Act) -> None:
    """A limit that moved into the future: what followed from its end is no longer so."""
    clock = act.ticket.clocks.get("handle")
    if clock and not passed(clock.due, act.at):
        act.ticket.overdue_seen = False
        act.done("supervise", "explain")
