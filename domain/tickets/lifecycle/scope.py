"""What may be registered at all: who asks, in which domain, in which form, with which elements."""

from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle.act import HOTLINE, Act
from domain.tickets.lifecycle.ticket import Obligation


def check(act: Act) -> None:
    """Refuses what the text does not know; what the event does not mention is not examined."""
    rules = act.rules
    kind = act.ticket.requester.get("kind")
    if kind and rules.requester_kinds.value and kind not in rules.requester_kinds.value:
        known = rules.requester_kinds
        act.refuse(f"不是诉求人的种类: {kind}", known.article, known.value)
    domain = act.text("domain")
    if domain and rules.domains.value and domain not in rules.domains.value:
        act.refuse(f"不属于受理领域: {domain}", rules.domains.article, tuple(rules.domains.value))
    forms = rules.input_forms
    strange = [each for each in act.words("attachments") if each not in forms.value]
    if forms.value and strange:
        act.refuse(f"不是诉求的形式: {', '.join(strange)}", forms.article, forms.value)
    if act.rules.missing_info.value == "not_registered" and (lacking := _lacking(act)):
        elements = rules.content_elements.article
        act.refuse(f"须引导诉求人明确: {', '.join(lacking)}", elements)


def _lacking(act: Act) -> list[str]:
    """What the form leaves empty of the city's elements and of the matter's own template."""
    form = act.form("content")
    if form is None:
        return []
    wanted = (*act.rules.content_elements.value, *act.words("template"))
    return [name for name in wanted if not form.get(name)]


def complete(act: Act) -> None:
    """After registration: the channel it came by, and what is still to be asked, all at once."""
    rules = act.rules
    channel = act.text("channel")
    if channel:
        listed = channel in rules.channels.value
        article = rules.channels.article if listed else ENGINE_DEFAULT
        act.note("channel", channel if listed else f"{channel}（列举之外）", article)
    act.ticket.secret = act.flag("secret")
    if lacking := _lacking(act):
        what = f"一次性告知诉求人补充: {', '.join(lacking)}"
        duty = Obligation(HOTLINE, what, None, rules.content_elements.article)
        act.owe("supplement", duty)
