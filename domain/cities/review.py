"""Look a city's rules over: what is silent, what contradicts itself, what can never matter."""

from collections.abc import Iterator
from dataclasses import fields

from domain.cities.parameters import PARAMETERS
from domain.cities.rules import Rules, Stated


def stated(rules: Rules) -> Iterator[tuple[str, Stated[object]]]:
    """Every parameter's name and value, in the order of the table."""
    for name in (field.name for field in fields(rules)):
        if name in PARAMETERS:
            yield name, getattr(rules, name)


def silent(rules: Rules) -> list[str]:
    """The parameters on which the text says nothing: engine defaults, not law."""
    return [name for name, each in stated(rules) if each.silent]


def contradictions(rules: Rules) -> list[str]:
    """Values that cannot both be meant, or that a text itself sets against each other."""
    found = []
    if rules.sign_silence.value == "accept" and rules.sign_limit.value is None:
        found.append("sign_silence: silence accepts, but no limit says when")
    if rules.designate_after.value is not None and rules.designate_after.value < 1:
        found.append("designate_after: fewer than one assignment")
    most, steps = rules.extension_max.value, rules.extension_steps.value
    if most != 0 and not steps:
        found.append("extension_steps: extensions exist but none is described")
    if rules.return_after_sign.value and rules.return_limit.value:
        found.append(
            f"return_limit {rules.return_limit.value} ({rules.return_limit.article}) and "
            f"return_after_sign {rules.return_after_sign.value} "
            f"({rules.return_after_sign.article}): the longer is used"
        )
    yellow, red = rules.card_yellow.value, rules.card_red.value
    if yellow is not None and red is not None and yellow >= red:
        found.append("card_yellow: not before the red card")
    return found


# A parameter that only matters where another one has a value.
NEEDS = {
    "card_exceeded": "card_red",
    "card_percent": "card_red",
    "deemed_kinds": "deemed_closed",
    "designate_writeback": "catalogue",
    "duty_opinion_elements": "duty_opinion",
    "extension_ask_before": "extension_steps",
    "extension_notice": "extension_steps",
    "extension_kinds": "extension_steps",
    "kb_papers": "kb_elements",
    "refer_grounds": "refer_to",
    "return_after_sign": "sign_limit",
    "return_refusal_reason": "return_review",
    "rate_window": "rate_levels",
}


def dead(rules: Rules) -> list[str]:
    """Values that no event can reach."""
    found = []
    if len(rules.extension_steps.value) > (rules.extension_max.value or len(PARAMETERS)):
        found.append("extension_steps: more steps than extension_max")
    if rules.extension_max.value == 0 and rules.extension_steps.value:
        found.append("extension_steps: extension_max is 0")
    for name, needs in NEEDS.items():
        if getattr(rules, name).value and not getattr(rules, needs).value:
            found.append(f"{name}: without {needs} nothing looks at it")
    if rules.handle_key.value in ("ticket", "external") and rules.handle_limits.value:
        found.append("handle_limits: handle_key does not look at them")
    if rules.return_refused.value and not rules.return_review.value:
        found.append("return_refused: returns are not reviewed")
    return found


def shown(value: object) -> str:
    """A value in one line, for people."""
    if value is None or value in ("", (), {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}={each}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(getattr(each, "code", None) or str(each) for each in value)
    return str(value)
