"""What a request is about: the fifteen topics of the first level ranked, and a path below each."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from domain.drafting.learning.lessons import Weights, corrected
from domain.drafting.taxonomy import FIRST_LEVEL, Leaf, lexicon

# What it is about is said first; the story and the pleading after it count less.
OPENING = 60
OPENING_WEIGHT = 1.6
SHARPNESS = 0.75


@dataclass(frozen=True)
class Topic:
    """One first-level topic; ``share`` of all fifteen adds to 1; ``leaf`` "" where no word tells.

    ``stretches``: where its words stand. ``second_share``, ``third_share``: how much of what
    speaks for the first level speaks for this second and third one.
    """

    first: str
    second: str
    third: str
    share: float
    stretches: tuple[tuple[int, int], ...]
    second_share: float = 0.0
    third_share: float = 0.0


def rank_topics(text: str, learnt: Weights | None = None) -> list[Topic]:
    """All fifteen, the likeliest first; ``learnt``: what agents' corrections taught."""
    by_leaf, stretches = word_scores(text)
    shares = _softmax(corrected(_first_levels(by_leaf), text, learnt or {}))
    ranked = sorted(FIRST_LEVEL, key=lambda name: (-shares[name], FIRST_LEVEL.index(name)))
    return [_topic(name, shares[name], by_leaf, stretches) for name in ranked]


def topic_scores(text: str) -> dict[str, float]:
    """Log odds of the fifteen by the table's words, before anything was learnt."""
    return _first_levels(word_scores(text)[0])


def _first_levels(by_leaf: Mapping[Leaf, float]) -> dict[str, float]:
    first: dict[str, float] = defaultdict(float)
    for leaf, score in by_leaf.items():
        first[leaf.first] += score
    return {name: SHARPNESS * first[name] for name in FIRST_LEVEL}


def word_scores(text: str) -> tuple[dict[Leaf, float], dict[str, list[tuple[int, int]]]]:
    """What the table's words say for each third-level topic, and where each first level's stand."""
    hits = lexicon().found(text)
    times = Counter(word for _, _, word in hits)
    scores: dict[Leaf, float] = defaultdict(float)
    stretches: dict[str, list[tuple[int, int]]] = defaultdict(list)
    seen: set[str] = set()
    for start, end, word in hits:
        for first in {leaf.first for leaf, _ in lexicon().words[word]}:
            stretches[first].append((start, end))
        if word in seen:
            continue
        seen.add(word)
        early = OPENING_WEIGHT if start < OPENING else 1.0
        for leaf, weight in lexicon().words[word]:
            scores[leaf] += weight * early * (1 + 0.5 * math.log(times[word]))
    return scores, stretches


def _topic(
    first: str,
    share: float,
    by_leaf: Mapping[Leaf, float],
    stretches: Mapping[str, list[tuple[int, int]]],
) -> Topic:
    own = [leaf for leaf in by_leaf if leaf.first == first]
    best = max(own, key=lambda leaf: by_leaf[leaf], default=Leaf(first, "", ""))
    whole = sum(by_leaf[leaf] for leaf in own) or 1.0
    second = sum(by_leaf[leaf] for leaf in own if leaf.second == best.second) / whole
    third = by_leaf.get(best, 0.0) / whole
    return Topic(
        first, best.second, best.third, share, tuple(stretches.get(first, ())), second, third
    )


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    highest = max(scores.values())
    powers = {name: math.exp(score - highest) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}
