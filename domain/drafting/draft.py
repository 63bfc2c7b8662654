"""The draft ticket of a call: every field with its confidence, its speech and its rule."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.drafting.address import Address, find_place
from domain.drafting.attention import find_abuse, find_emergency
from domain.drafting.category import find_category
from domain.drafting.contact import find_contact, find_contact_name
from domain.drafting.event_time import find_event_time
from domain.drafting.facts import find_facts
from domain.drafting.found import Found
from domain.drafting.learning.lessons import NOTHING_LEARNT, Lessons
from domain.drafting.missing import Missing, missing_fields
from domain.drafting.speech import Side, Span, Transcript, Utterance
from domain.drafting.subject import find_subject
from domain.drafting.summary import summarise
from domain.drafting.topic import Topic, rank_topics
from domain.drafting.units import Unit, suggest_units
from domain.drafting.urgency import find_urgency
from domain.drafting.wish import find_wish
from domain.drafting.wishes import find_reply_wish, find_secrecy_wish
from domain.tickets.category import Category

# What only the agent said (often reading it back) is worth less than the caller's own words.
AGENT_ONLY = 0.7
NOTHING = "nothing_found"


@dataclass(frozen=True)
class Field:
    """``value`` is "" and ``confidence`` 0 when nothing was found. ``rule``: what found it."""

    value: str
    confidence: float
    spans: tuple[Span, ...]
    rule: str


@dataclass(frozen=True)
class Draft:
    """What a person confirms.

    ``place``: the parts of ``address``. ``event_at``: ``event_time`` as an aware moment, if any.

    ``topic``: the likeliest, its three levels joined by "/"; ``topics``: all fifteen first levels,
    the likeliest first. ``units``: who should act; ``missing``: what to ask next.
    ``event_precision``: "minute", "part_of_day", "day", "approximate", "recurring", "vague", "".
    """

    category: Field
    title: Field
    summary: Field
    address: Field
    place: Address | None
    event_time: Field
    event_at: datetime | None
    event_precision: str
    caller_number: Field
    contact_number: Field
    contact_name: Field
    wants_reply: Field
    wants_secrecy: Field
    facts: Field
    emergency: Field
    abuse: Field
    request: Field
    subject: Field
    topic: Field
    topics: tuple[Topic, ...]
    urgency: Field
    units: tuple[Unit, ...]
    missing: tuple[Missing, ...]


def draft(
    utterances: Sequence[Utterance],
    *,
    caller_number: str,
    call_started_at: datetime,
    city: str,
    lessons: Lessons = NOTHING_LEARNT,
) -> Draft:
    """Draft a ticket from what was recognised, in any order of utterances.

    Args:
        utterances: both sides; only the caller's words decide category, summary and request.
        caller_number: as signalled by the network; "" or "anonymous" when withheld.
        call_started_at: aware, in the city's time zone ("昨天" is a day there, not in UTC).
        city: Chinese name, e.g. "杭州"; decides which places are known.
        lessons: what agents' corrections taught.
    """
    caller = Transcript.of(utterances, Side.CALLER)
    agent = Transcript.of(utterances, Side.AGENT)
    said, clauses = caller.text, caller.clauses()
    category = (
        _field(caller, find_category(said, clauses, lessons.category))
        if said
        else _nothing(Category.OTHER)
    )
    learnt = lessons.places.get(city.removesuffix("市"), {})
    places = {
        heard.side: find_place(heard.text, city, heard.breaks, learnt=learnt)
        for heard in (caller, agent)
    }
    place = places[Side.CALLER] or places[Side.AGENT]
    address = _either(caller, agent, lambda heard: _found(places[heard.side]))
    when = find_event_time(said, call_started_at)
    summary = summarise(said, clauses, category=category.value, address=address.value)
    clarity = caller.confidence(0, len(said)) if said else 0.0
    told = Found(summary.text, summary.stretches, 0.7, "telling_clauses")
    topics = tuple(rank_topics(said, lessons.topic))
    contact = _either(caller, agent, lambda heard: find_contact(heard.text))
    wish = find_wish(said, clauses)
    request = _field(caller, wish)
    facts = find_facts(said, clauses, wish.stretches if wish else ())
    subject = _field(caller, find_subject(said))
    kind = Category(category.value)
    district = place.parts.get("district", "") if place else ""
    values = {
        "request": request.value,
        "address": address.value,
        "event_time": when.found.value if when else "",
        "subject": subject.value,
        "contact_number": contact.value,
    }
    return Draft(
        category=category,
        title=_field(caller, Found(summary.title, summary.stretches, 0.7 * clarity, "title")),
        summary=_field(caller, told if summary.text else None),
        address=address,
        place=place,
        event_time=_field(caller, when.found if when else None),
        event_at=when.resolved if when else None,
        event_precision=when.precision if when else "",
        caller_number=_signalled(caller_number),
        contact_number=contact,
        contact_name=_field(caller, find_contact_name(said)),
        wants_reply=_field(caller, find_reply_wish(said)),
        wants_secrecy=_field(caller, find_secrecy_wish(said)),
        facts=_field(caller, facts),
        emergency=_field(caller, find_emergency(said)),
        abuse=_field(caller, find_abuse(said)),
        request=request,
        subject=subject,
        topic=_topic(caller, topics[0]),
        topics=topics,
        urgency=_field(caller, find_urgency(said, kind)),
        units=tuple(suggest_units(topics, city, district, address.value, lessons.units))
        if said
        else (),
        missing=tuple(missing_fields(kind, values, district_known=bool(district))),
    )


def _found(place: Address | None) -> Found | None:
    return place.found if place else None


def _topic(heard: Transcript, topic: Topic) -> Field:
    """The path of the likeliest topic; nothing where no known word was said."""
    if not topic.third:
        return _nothing()
    path = "/".join((topic.first, topic.second, topic.third))
    return _field(heard, Found(path, topic.stretches, topic.share, "words_of_the_topic"))


def _field(heard: Transcript, found: Found | None) -> Field:
    """A rule's finding with the recogniser's confidence in the words behind it."""
    if found is None:
        return _nothing()
    heard_well = [heard.confidence(start, end) for start, end in found.stretches]
    certainty = sum(heard_well) / len(heard_well) if heard_well else 1.0
    spans = tuple(heard.span(start, end) for start, end in found.stretches)
    return Field(found.value, round(found.strength * certainty, 3), spans, found.rule)


def _either(
    caller: Transcript, agent: Transcript, find: Callable[[Transcript], Found | None]
) -> Field:
    """What the caller said; else what only the agent said, often reading it back: worth less."""
    if found := find(caller):
        return _field(caller, found)
    if found := find(agent):
        return _field(agent, replace(found, strength=found.strength * AGENT_ONLY))
    return _nothing()


def _signalled(number: str) -> Field:
    """The caller's number as the network gave it, without separators; withheld ones are empty."""
    figures = re.sub(r"[^0-9+]", "", number)
    if not re.search(r"[0-9]", figures):
        return _nothing(rule="number_withheld")
    return Field(figures, 1.0, (), "signalled_by_the_network")


def _nothing(value: str = "", rule: str = NOTHING) -> Field:
    return Field(value, 0.0, (), rule)
