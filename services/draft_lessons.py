"""Learning from what agents corrected in drafts, and forgetting it again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.cities.load import city_names
from domain.drafting.category import category_scores
from domain.drafting.learning.lessons import (
    Example,
    Figures,
    Lessons,
    compared,
    compared_units,
    learn_weights,
    office_history,
)
from domain.drafting.learning.place_names import compared_places, learn_places
from domain.drafting.taxonomy import FIRST_LEVEL
from domain.drafting.topic import Topic, topic_scores
from domain.drafting.units import suggest_units
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.draft_lessons import DraftLessons
from storage.tables.draft_lesson import DraftLessonRow
from storage.tables.ticket import TicketRow

# More teach nothing new and take minutes.
MOST_EXAMPLES = 5000


class NothingToLearn(LookupError):
    """No ticket that a person has signed yet."""

    def __init__(self) -> None:
        super().__init__("no submitted ticket with words of a caller: nothing to learn from")


class NothingToForget(LookupError):
    """Nothing learnt is in force."""

    def __init__(self) -> None:
        super().__init__("nothing learnt is in force")


async def learn(session: AsyncSession, *, actor: Actor, now: datetime) -> DraftLessonRow:
    """Learn from every signed ticket; in force at once. What makes a field worse is left out.

    Raises `NothingToLearn`.
    """
    tickets = await DraftLessons(session).signed_tickets(MOST_EXAMPLES)
    examples = [one for one in map(example_of, tickets) if one.text]
    if not examples:
        raise NothingToLearn
    figures, lessons = taught_by(examples)
    row = DraftLessonRow(
        made_at=now,
        made_by=actor.name,
        examples=len(examples),
        figures={name: asdict(one) for name, one in figures.items()},
        lessons=lessons.as_json(),
    )
    DraftLessons(session).add(row)
    await session.flush()
    write_down(session, actor, Deed("draft.learn", "draft_lesson", str(row.id)), now=now)
    return row


async def forget(session: AsyncSession, *, actor: Actor, now: datetime) -> DraftLessonRow:
    """Withdraw what was learnt last; what was learnt before it is in force again.

    Raises `NothingToForget`.
    """
    row = await DraftLessons(session).in_force()
    if row is None:
        raise NothingToForget
    row.withdrawn_at, row.withdrawn_by = now, actor.name
    write_down(session, actor, Deed("draft.forget", "draft_lesson", str(row.id)), now=now)
    return row


async def lessons_in_force(session: AsyncSession) -> Lessons:
    """What drafts are made with; nothing where nothing was learnt."""
    row = await DraftLessons(session).in_force()
    return Lessons() if row is None else Lessons.of_json(row.lessons)


def taught_by(examples: Sequence[Example]) -> tuple[dict[str, Figures], Lessons]:
    """Figures by field, and the lessons of the fields that did not become worse."""
    kinds = [(one.id, one.text, one.category) for one in examples if one.category]
    topics = [(one.id, one.text, one.topic) for one in examples if one.topic]
    figures = {
        "category": compared(kinds, _kind_scores),
        "topic": compared(topics, topic_scores),
        "units": compared_units(examples, _suggested),
        "places": compared_places(examples),
    }
    adopted = {name for name, one in figures.items() if one.adopted}
    lessons = Lessons(
        learn_weights([one[1:] for one in kinds], _kind_scores) if "category" in adopted else {},
        learn_weights([one[1:] for one in topics], topic_scores) if "topic" in adopted else {},
        office_history(examples) if "units" in adopted else {},
        learn_places(examples) if "places" in adopted else {},
    )
    return figures, lessons


def _kind_scores(text: str) -> dict[str, float]:
    return {kind.value: score for kind, score in category_scores(text).items()}


def _suggested(one: Example, lessons: Lessons) -> list[str]:
    first, second, third = one.path.split("/")
    topic = Topic(first, second, third, 1.0, ())
    units = suggest_units([topic], one.city, one.district, "", lessons.units)
    return [unit.name for unit in units]


def example_of(ticket: TicketRow) -> Example:
    """What a signed ticket teaches: fields by hand count as they are, others as confirmed."""
    path = _text(ticket.fields, "topic")
    levels = path.split("/")
    known = levels[0] in FIRST_LEVEL
    address = ticket.fields.get("address")
    parts = address.get("parts", {}) if isinstance(address, dict) else {}
    return Example(
        id=ticket.id,
        text=ticket.caller_text,
        category=ticket.category,
        topic=levels[0] if known else "",
        path=path if known and len(levels) == len(("first", "second", "third")) else "",
        city=city_names().get(ticket.city, ""),
        district=str(parts.get("district", "")),
        units=tuple(_names(ticket.fields.get("units"))),
        address=_text(ticket.fields, "address"),
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    field = fields.get(name)
    value = field.get("value") if isinstance(field, dict) else field
    return value if isinstance(value, str) else ""


def _names(field: Any) -> list[str]:  # noqa: ANN401  a field's value is any JSON value
    """Offices as a person may give them: a list of names, or one name."""
    value = field.get("value") if isinstance(field, dict) else field
    if isinstance(value, str):
        return [value] if value else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
