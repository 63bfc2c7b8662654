"""Softmax regression on sets of features, with steps that shrink by use (AdaGrad).

Plain Python: five thousand sentences take five seconds, once; numpy or scikit-learn would
save those and cost everybody who installs the product a hundred megabytes.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

RATE = 0.25
DECAY = 3e-3


@dataclass(frozen=True)
class Plan:
    """``rarest``: a feature seen in fewer sentences is not learned."""

    rounds: int = 6
    rarest: int = 3
    seed: int = 12345


def fit(
    samples: Sequence[tuple[int, frozenset[str]]], classes: int, plan: Plan
) -> dict[str, list[float]]:
    """Weights by feature, one for each class, from ``(class, features)``."""
    times = Counter(feature for _, features in samples for feature in features)
    known = {feature for feature, count in times.items() if count >= plan.rarest}
    weights = {feature: [0.0] * classes for feature in sorted(known)}
    used = {feature: [1e-6] * classes for feature in weights}
    choose = random.Random(plan.seed)  # noqa: S311
    order = [(wanted, sorted(features & known)) for wanted, features in samples]
    for _ in range(plan.rounds):
        choose.shuffle(order)
        for wanted, features in order:
            errors = probabilities([weights[feature] for feature in features], classes)
            errors[wanted] -= 1.0
            for feature in features:
                _step(weights[feature], used[feature], errors)
    return weights


def probabilities(rows: Sequence[Sequence[float]], classes: int) -> list[float]:
    """Softmax of the sum of ``rows``; all alike without rows."""
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * classes
    highest = max(sums)
    powers = [math.exp(one - highest) for one in sums]
    total = sum(powers)
    return [power / total for power in powers]


def _step(weights: list[float], used: list[float], errors: Sequence[float]) -> None:
    for number, error in enumerate(errors):
        slope = error + DECAY * weights[number]
        used[number] += slope * slope
        weights[number] -= RATE * slope / math.sqrt(used[number]) * 0.2
