"""What agents' corrections teach: small weights on top of the rules, and who really acted.

Passive-aggressive updates (Crammer et al., JMLR 7, 2006, algorithm PA-I) on runs of two
characters: a request that is drafted right teaches nothing, one that is drafted wrong moves the
scores of requests that sound like it. Learning is exact arithmetic in a fixed order: the same
corrections teach the same.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Scores = Mapping[str, float]
Weights = Mapping[str, Mapping[str, float]]

ROUNDS = 5
# The most one correction may move a score (PA-I's C), and how clearly right is right enough.
CAUTION = 0.6
MARGIN = 0.5
FOLDS = 5
RUN = 2


@dataclass(frozen=True)
class Example:
    """A request that a person has signed: what was said and what it was made into.

    ``topic``: first-level name; ``path``: its three levels joined by "/"; "" where unknown.
    ``city`` and ``district`` as in `domain.drafting.places`; ``address``: as it was signed.
    """

    id: str
    text: str
    category: str = ""
    topic: str = ""
    path: str = ""
    city: str = ""
    district: str = ""
    units: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Lessons:
    """Weights by label and run; ``units``: "topic path|district" → office → times it acted.

    ``places``: city → name → kind, beside the city's lists (`place_names`).
    """

    category: Weights = field(default_factory=dict)
    topic: Weights = field(default_factory=dict)
    units: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "topic": self.topic,
            "units": self.units,
            "places": self.places,
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "Lessons":
        # Lessons of before names of places could be learnt hold none.
        return cls(stored["category"], stored["topic"], stored["units"], stored.get("places", {}))


NOTHING_LEARNT = Lessons()


@dataclass(frozen=True)
class Figures:
    """Shares of right answers on requests held back, before and after; ``adopted``: kept."""

    requests: int
    before: float
    after: float
    adopted: bool


def runs(text: str) -> dict[str, float]:
    """Runs of two characters, the vector of length one; {} for less than two characters."""
    found = sorted({text[at : at + RUN] for at in range(len(text) - RUN + 1)})
    return dict.fromkeys(found, 1 / math.sqrt(len(found))) if found else {}


def corrected(scores: Scores, text: str, weights: Weights) -> dict[str, float]:
    """``scores`` (log odds by label) with what was learnt about texts like this one."""
    if not weights:
        return dict(scores)
    vector = runs(text)
    return {
        label: score + sum(weights.get(label, {}).get(run, 0.0) * x for run, x in vector.items())
        for label, score in scores.items()
    }


def learn_weights(
    labelled: Sequence[tuple[str, str]], base: Callable[[str], Scores]
) -> dict[str, dict[str, float]]:
    """Weights after `ROUNDS` passes over ``(text, label)``; unknown labels are passed over."""
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    prepared = [(runs(text), dict(base(text)), text, label) for text, label in labelled]
    for _ in range(ROUNDS):
        for vector, scores, text, label in prepared:
            if label not in scores or not vector:
                continue
            now = corrected(scores, text, weights)
            rival = max((one for one in now if one != label), key=lambda one: (now[one], one))
            loss = MARGIN + now[rival] - now[label]
            if now[rival] < now[label] or loss <= 0:
                continue
            step = min(CAUTION, loss / 2)  # the vector has length one, two labels move
            for run, x in vector.items():
                weights[label][run] += step * x
                weights[rival][run] -= step * x
    return {
        label: {run: round(weight, 4) for run, weight in sorted(runs_of.items())}
        for label, runs_of in sorted(weights.items())
    }


def compared(labelled: Sequence[tuple[str, str, str]], base: Callable[[str], Scores]) -> Figures:
    """How often the label was right before and after, on fifths of ``(id, text, label)`` held back.

    Lessons are adopted only if they do not make it worse.
    """
    known = [one for one in labelled if one[2] in base(one[1])]
    before = after = 0
    for fold in range(FOLDS):
        held = [one for one in known if fifth(one[0]) == fold]
        weights = learn_weights([one[1:] for one in known if fifth(one[0]) != fold], base)
        for _, text, label in held:
            scores = base(text)
            before += _best(scores) == label
            after += _best(corrected(scores, text, weights)) == label
    return figures(len(known), before, after)


def office_history(examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    """How often each office was the first chosen, by topic path and district, and by path alone."""
    acted: dict[str, Counter[str]] = defaultdict(Counter)
    for one in examples:
        if one.path and one.units:
            acted[history_key(one.path, one.district)][one.units[0]] += 1
            if one.district:
                acted[history_key(one.path, "")][one.units[0]] += 1
    return {key: dict(sorted(offices.items())) for key, offices in sorted(acted.items())}


def history_key(path: str, district: str) -> str:
    return f"{path}|{district}"


def compared_units(
    examples: Sequence[Example], suggest: Callable[[Example, Lessons], Sequence[str]]
) -> Figures:
    """How often the office that acted was suggested first, without and with the others' history."""
    known = [one for one in examples if one.path and one.units]
    before = after = 0
    for fold in range(FOLDS):
        rest = [one for one in known if fifth(one.id) != fold]
        lessons = Lessons(units=office_history(rest))
        for one in known:
            if fifth(one.id) == fold:
                before += list(suggest(one, NOTHING_LEARNT))[:1] == [one.units[0]]
                after += list(suggest(one, lessons))[:1] == [one.units[0]]
    return figures(len(known), before, after)


def figures(requests: int, before: int, after: int) -> Figures:
    """From counts of right answers; adopted unless there was nothing to see or it became worse."""
    share = 1 / (requests or 1)
    return Figures(requests, before * share, after * share, after >= before and requests > 0)


def _best(scores: Scores) -> str:
    return max(scores, key=lambda label: (scores[label], label))


def fifth(name: str) -> int:
    """Which of the `FOLDS` parts a request belongs to, by its name alone."""
    return hashlib.sha256(name.encode()).digest()[0] % FOLDS
