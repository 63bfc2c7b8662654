"""The form of a matter: what is asked for this kind of request, and what its topic needs besides.

Source: 诉求事项模板 (Huizhou, article 9): a template for each matter is the standard.
"""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.drafting.missing import NEEDED, QUESTIONS
from domain.tickets.category import Category

# What the cities' texts call the elements of a registration (`content_elements`), by our fields.
ELEMENTS = {
    "request": "request",
    "demand": "request",
    "subject": "subject",
    "parties": "subject",
    "address": "address",
    "place": "address",
    "time": "event_time",
    "contact": "contact_number",
}
TABLE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True)
class Wanted:
    """A field the form asks for, and how to ask. ``own``: it belongs to the topic."""

    field: str
    question: str
    own: bool


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def template_of(category: Category, topic: str, elements: Collection[str] = ()) -> Sequence[Wanted]:
    """The fields in the order of asking.

    Args:
        category: of the request.
        topic: levels joined by "/", "" when unknown.
        elements: what the city's text demands of a registration, by its own names.
    """
    demanded = [ELEMENTS[name] for name in elements if name in ELEMENTS]
    names = dict.fromkeys((*NEEDED[category], *demanded))
    wanted = [Wanted(name, QUESTIONS[name], own=False) for name in names]
    levels = topic.split("/") if topic else []
    for depth in range(1, len(levels) + 1):
        own = _table().get("/".join(levels[:depth]), {})
        wanted += [Wanted(name, question, own=True) for name, question in own.items()]
    return wanted
