"""Which open tickets may be about the same: same place, topic, words, number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.drafting.learning.lessons import runs

# What each kind of likeness adds; the words' share is as large as the share of common runs.
SAME_NUMBER, SAME_SPOT, SAME_NEIGHBOURHOOD, SAME_TOPIC, SAME_WORDS = 0.25, 0.35, 0.15, 0.2, 0.6
LIKELY = 0.5
MOST = 5
# Two of these that agree are one spot; a town or district alone is only a neighbourhood.
SPOT = ("crossing", "poi", "road", "village")
NEIGHBOURHOOD = ("town", "district")


@dataclass(frozen=True)
class Matter:
    """What is compared of a ticket. ``place``: parts of its address; ``topic``: path by "/"."""

    id: str
    caller: str
    topic: str
    text: str
    place: Mapping[str, str]


@dataclass(frozen=True)
class Likeness:
    """``score`` 0..1; ``why``: "number", "place:…", "topic:…", "words:0.41", in that order."""

    id: str
    score: float
    why: tuple[str, ...]


def likely_duplicates(one: Matter, others: Sequence[Matter]) -> list[Likeness]:
    """At most five of ``others`` that may be the same matter, the likest first."""
    own = frozenset(runs(one.text))
    found = [_likeness(one, own, other) for other in others if other.id != one.id]
    likely = [likeness for likeness in found if likeness.score >= LIKELY]
    likely.sort(key=lambda likeness: (-likeness.score, likeness.id))
    return [replace(one, score=min(one.score, 1.0)) for one in likely[:MOST]]


def _likeness(one: Matter, own: frozenset[str], other: Matter) -> Likeness:
    score, why = 0.0, []
    if one.caller and one.caller == other.caller:
        score += SAME_NUMBER
        why.append("number")
    place, weight = _same_place(one.place, other.place)
    if place:
        score += weight
        why.append(f"place:{place}")
    if one.topic and one.topic == other.topic:
        score += SAME_TOPIC
        why.append(f"topic:{one.topic}")
    common = _common(own, frozenset(runs(other.text)))
    score += SAME_WORDS * common
    if common:
        why.append(f"words:{common:.2f}")
    return Likeness(other.id, round(score, 3), tuple(why))


def _same_place(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, float]:
    """The part that agrees; none where house numbers of one road differ."""
    same_road = one.get("road") and one.get("road") == other.get("road")
    numbers = {one.get("number"), other.get("number")} - {None}
    if same_road and len(numbers) > 1:
        return "", 0.0
    for part in SPOT:
        if one.get(part) and one.get(part) == other.get(part):
            return one[part], SAME_SPOT
    for part in NEIGHBOURHOOD:
        if one.get(part) and one.get(part) == other.get(part):
            return one[part], SAME_NEIGHBOURHOOD
    return "", 0.0


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common runs in the shorter text's, damped for texts of a few words."""
    shorter = min(len(one), len(other))
    return len(one & other) / max(shorter, 12) if shorter else 0.0
