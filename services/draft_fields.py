"""A draft as the fields of a ticket: every one with value, confidence, spans and rule."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from domain.drafting.draft import Draft, Field
from domain.drafting.speech import Span

FIELDS = (
    "category", "title", "summary", "address", "event_time", "caller_number", "contact_number",
    "request", "subject", "topic", "urgency", "facts", "contact_name", "wants_reply",
    "wants_secrecy", "emergency", "abuse",
)  # fmt: skip
# Topics that a person who corrects the first may want to choose from.
RANKED = 3


def fields_of(drafted: Draft, span_of: Callable[[Span], dict[str, Any]]) -> dict[str, Any]:
    """Every field with its evidence; category, title and summary too, beside their columns.

    ``span_of`` writes a span: seconds of a call, or characters of a text.
    """

    def written(field: Field) -> dict[str, Any]:
        return {
            "value": field.value,
            "confidence": round(field.confidence, 3),
            "spans": [span_of(span) for span in field.spans],
            "rule": field.rule,
        }

    fields = {name: written(getattr(drafted, name)) for name in FIELDS}
    if drafted.event_at is not None:
        fields["event_time"]["at"] = drafted.event_at.isoformat()
    fields["event_time"]["precision"] = drafted.event_precision
    fields["address"]["parts"] = dict(drafted.place.parts) if drafted.place else {}
    fields["address"]["inferred"] = sorted(drafted.place.inferred) if drafted.place else []
    fields["topic"]["levels"] = drafted.topic.value.split("/") if drafted.topic.value else []
    best = drafted.topics[0]
    shares = (best.share, best.second_share, best.third_share) if best.third else ()
    fields["topic"]["level_confidences"] = [round(share, 3) for share in shares]
    fields["topic"]["ranking"] = [
        [topic.first, round(topic.share, 3)] for topic in drafted.topics[:RANKED]
    ]
    return fields | {"units": _units(drafted), "missing": _missing(drafted)}


def _units(drafted: Draft) -> dict[str, Any]:
    return {
        "value": [unit.name for unit in drafted.units],
        "confidence": round(drafted.topic.confidence, 3),
        "spans": [],
        "rule": "dispatch_catalogue",
        "why": [unit.why for unit in drafted.units],
    }


def _missing(drafted: Draft) -> dict[str, Any]:
    return {
        "value": [asdict(missing) for missing in drafted.missing],
        "confidence": 1.0,
        "spans": [],
        "rule": f"needed_for:{drafted.category.value}",
    }


def spoken_span(span: Span) -> dict[str, Any]:
    return asdict(span) | {"side": span.side.value}
