"""What an agent still has to ask, in the order of asking."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.tickets.category import Category

QUESTIONS = {
    "request": "请问您具体想反映什么事情？",
    "address": "请问事情发生在什么地方？请说一下区县、街道和门牌号。",
    "district": "请问这是在哪个区县、哪个街道？",
    "event_time": "请问是什么时候发生的，持续多久了？",
    "subject": "请问涉及的单位、店铺或者个人叫什么名字？",
    "contact_number": "请问怎么联系您，方便留一个电话吗？",
}
# A question about rules needs no place; neither time nor opponent matter to a proposal.
NEEDED = {
    Category.CONSULT: ("contact_number",),
    Category.SUGGEST: ("address", "contact_number"),
    Category.PRAISE: ("subject", "event_time", "contact_number"),
    Category.HELP: ("address", "event_time", "contact_number"),
    Category.COMPLAINT: ("address", "subject", "event_time", "contact_number"),
    Category.REPORT: ("address", "subject", "event_time"),
    Category.CRITICISM: ("subject", "event_time"),
    Category.OTHER: ("request", "contact_number"),
}


@dataclass(frozen=True)
class Missing:
    """A field without a value, and how to ask for it."""

    field: str
    question: str


def missing_fields(
    category: Category, values: Mapping[str, str], *, district_known: bool
) -> list[Missing]:
    """Needed fields of this kind of request that ``values`` (by field name) lack."""
    asked = []
    for name in NEEDED[category]:
        if not values.get(name):
            asked.append(Missing(name, QUESTIONS[name]))
        elif name == "address" and not district_known:
            asked.append(Missing("district", QUESTIONS["district"]))
    return asked
