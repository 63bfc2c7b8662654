"""The fields that each event may carry, and how their JSON values are read."""

from collections.abc import Callable
from datetime import date, datetime

from domain.calendar.limit import CHINA, end_of
from domain.calendar.table import FIRST, LAST
from domain.cities.ids import Category, Urgency
from domain.tickets.lifecycle.states import Verb

Read = Callable[[object], object]


class FieldUnusable(ValueError):
    """A value that its field cannot take; the text says what it expects."""


def text(raw: object) -> str:
    if not isinstance(raw, str):
        raise FieldUnusable("expected text")
    return raw


def flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise FieldUnusable("expected true or false")
    return raw


def number(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise FieldUnusable("expected a whole number")
    return raw


def words(raw: object) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
        raise FieldUnusable("expected a list of texts")
    return raw


def papers(raw: object) -> list[str]:
    """A list of texts, or the one text there is."""
    return [raw] if isinstance(raw, str) else words(raw)


def moment(raw: object) -> datetime:
    """`2026-09-30T10:00:00+08:00`, in China's time; a zone must be given."""
    try:
        found = datetime.fromisoformat(text(raw))
    except ValueError:
        raise FieldUnusable(f"{raw!r} is no time; write 2026-09-30T10:00:00+08:00") from None
    if found.tzinfo is None:
        full = raw if "T" in text(raw) or " " in text(raw) else f"{raw}T10:00:00"
        raise FieldUnusable(f"{raw} has no time zone; write {full}+08:00")
    if not FIRST.year < found.year < LAST.year:
        raise FieldUnusable(f"{raw} is outside the calendar, {FIRST.year} to {LAST.year}")
    return found.astimezone(CHINA)


def deadline(raw: object) -> datetime:
    """A moment, or a date, which ends at its 23:59:59."""
    try:
        day = date.fromisoformat(text(raw))
    except ValueError:
        return moment(raw)
    return moment(end_of(day).isoformat())


def category(raw: object) -> str:
    return _one_of(raw, tuple(Category))


def urgency(raw: object) -> str:
    return _one_of(raw, tuple(Urgency))


def _one_of(raw: object, allowed: tuple[str, ...]) -> str:
    if raw not in allowed:
        raise FieldUnusable(f"{raw!r} is none of {', '.join(allowed)}")
    return text(raw)


def form(raw: object) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise FieldUnusable("expected an object")
    return {str(key): value for key, value in raw.items()}


_WHO: dict[str, Read] = {"name": text, "contact": text, "anonymous": flag, "wants_reply": flag}


def requester(raw: object) -> dict[str, object]:
    """An object; its known parts must be what they are called, others may be given."""
    found = form(raw)
    for name, read in _WHO.items():
        if found.get(name) is None:
            continue
        try:
            read(found[name])
        except FieldUnusable as problem:
            raise FieldUnusable(f"{name}: {problem}") from None
    return found


def level(raw: object) -> str:
    """A level by name, or its number: 5 is the best."""
    return str(number(raw)) if isinstance(raw, int) else text(raw)


def reply(raw: object) -> object:
    """Text, or a form: an object of named texts."""
    return form(raw) if isinstance(raw, dict) else text(raw)


_EXTRA: dict[Verb, dict[str, Read]] = {
    Verb.REGISTER: {
        "category": category,
        "urgency": urgency,
        "requester": requester,
        "feedback_by": deadline,
        "statutory_by": deadline,
        "duplicate_of": text,
        "origin": text,
        "requests": words,
        "needs": words,
        "content": form,
        "template": words,
        "channel": text,
        "domain": text,
        "attachments": words,
        "secret": flag,
    },
    Verb.ANSWER_DIRECTLY: {"category": category, "reply": reply},
    Verb.REFUSE: {"ground": text, "asked": flag},
    Verb.TRANSFER_LINE: {"line": text},
    Verb.DISPATCH: {
        "unit": text,
        "assist": words,
        "feedback_by": deadline,
        "statutory_by": deadline,
        "several_contents": flag,
        "level": text,
        "keys": form,
        "uncommon": flag,
        "difficult": flag,
        "consulted": flag,
    },
    Verb.SIGN: {"unit": text, "handler_name": text, "handler_contact": text},
    Verb.REQUEST_RETURN: {
        "unit": text,
        "basis": text,
        "suggested_unit": text,
        "materials": words,
        "documents": words,
        "several_units": flag,
    },
    Verb.DECIDE_RETURN: {"accept": flag, "ground": text},
    Verb.DESIGNATE: {
        "unit": text,
        "feedback_by": deadline,
        "statutory_by": deadline,
        "assist": words,
        "decision": text,
    },
    Verb.SUPPLEMENT: {
        "ask": words,
        "asked": flag,
        "given": form,
        "refused": flag,
        "unreachable": flag,
    },
    Verb.CONTACT: {"unit": text},
    Verb.ARRIVE_ON_SITE: {"unit": text},
    Verb.REPORT_STAGE: {"unit": text, "report": text, "unsolvable": flag},
    Verb.REQUEST_EXTENSION: {"unit": text, "days": number, "plan": text, "documents": words},
    Verb.DECIDE_EXTENSION: {"accept": flag},
    Verb.REQUEST_CLOSE: {
        "unit": text,
        "reply": reply,
        "evidence": words,
        "kind": text,
        "cause": text,
        "progress": text,
        "plan": text,
        "reply_record": text,
        "opinion": text,
    },
    Verb.DECIDE_CLOSE: {"accept": flag},
    Verb.REPLY_REQUESTER: {"unit": text, "reply": reply, "evidence": words},
    Verb.DEEM_CLOSED: {
        "unit": text,
        "kind": text,
        "evidence": words,
        "materials": words,
        "documents": words,
    },
    Verb.VISIT: {"solved": flag, "satisfied": flag, "contested": flag},
    Verb.RATE: {"level": level, "axis": text},
    Verb.ORDER_REWORK: {
        "ground": text,
        "reasonable": flag,
        "feedback_by": deadline,
        "statutory_by": deadline,
    },
    Verb.DUTY_OPINION: {"unit": text, "opinion": reply},
    Verb.EXEMPT: {
        "ground": text,
        "proof": papers,
        "evidence": words,
        "materials": words,
        "documents": words,
        "statement": text,
        "reviewer": text,
    },
    Verb.DUPLICATE: {"new_facts": flag},
    Verb.WITHDRAW: {},
    Verb.SUPERVISE: {"trigger": text, "joint": flag, "measure": text, "ground": text},
}
# Every event may say who did it and why.
FIELDS: dict[Verb, dict[str, Read]] = {
    verb: {"by": text, "reason": text, **extra} for verb, extra in _EXTRA.items()
}
MUST: dict[Verb, tuple[str, ...]] = {
    Verb.REGISTER: ("category",),
    Verb.DECIDE_RETURN: ("accept",),
    Verb.DECIDE_EXTENSION: ("accept",),
    Verb.DECIDE_CLOSE: ("accept",),
    Verb.DUPLICATE: ("new_facts",),
}
