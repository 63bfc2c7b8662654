"""What a supervisor does: a measure of the text, the coordinating body, handing leads over."""

from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle.act import Act

COORDINATION, REFERRAL = "coordination", "referral"


def take(act: Act) -> None:
    measure = act.text("measure")
    if not measure:
        return
    if measure == COORDINATION:
        _coordinate(act)
        return
    if measure == REFERRAL:
        _refer(act)
        return
    known = act.rules.supervise_measures
    told = known.value.get(measure, measure)
    if known.value and not any(_same(measure, key, label) for key, label in known.value.items()):
        allowed = (*known.value, COORDINATION, REFERRAL)
        act.refuse(f"不是督办措施: {measure}", known.article, allowed)
    act.note("measure", told, known.article if known.value else ENGINE_DEFAULT)


def _same(measure: str, key: str, label: str) -> bool:
    """True if a measure is meant by its key or by a word of the text (电话督办 is 电话)."""
    return measure == key or any(word in measure for word in label.split("、"))


def _coordinate(act: Act) -> None:
    """A hard case goes to the coordinating body, for one of the matters it may take."""
    known, ground = act.rules.coordination, act.text("ground")
    if known.silent:
        act.refuse("本市文本没有协调机制", ENGINE_DEFAULT)
    if ground not in known.value:
        act.refuse(f"不是协调机制的事项: {ground or '?'}", known.article, tuple(known.value))
    act.note("coordination", known.value[ground], known.article)


def _refer(act: Act) -> None:
    """Leads on a unit's conduct are handed over; Shantou: only after the last rework."""
    rules, ground = act.rules, act.text("ground")
    if rules.refer_to.silent:
        act.refuse("本市文本没有移交线索的规定", ENGINE_DEFAULT)
    known = rules.refer_grounds
    if ground not in known.value:
        act.refuse(f"不是移交的情形: {ground or '?'}", known.article, tuple(known.value))
    most = rules.rework_max
    if most.value and most.article == rules.refer_to.article and act.ticket.reworks < most.value:
        act.refuse(f"经{most.value}次退回重办、仍有异议的才审查移送", most.article)
    to = rules.refer_to.value
    act.note("referral", f"{known.value[ground]}：移交{to}", rules.refer_to.article)
    about: dict[str, object] = {"ground": ground, "unit": act.ticket.unit}
    act.effect("referral", to, (known.value[ground], rules.refer_to.article), about)
