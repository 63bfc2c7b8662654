"""A small linear model of the kind of a request: weights for runs of one to three characters.

Made by `domain.drafting.learning` from sentences this project writes; kind_weights.tsv holds a run
and its weight (in hundredths) for each kind on a line.
"""

import re
from functools import cache
from pathlib import Path

from domain.tickets.category import Category

WEIGHTS = Path(__file__).with_name("kind_weights.tsv")
KINDS = tuple(kind for kind in Category if kind is not Category.OTHER)
LENGTHS = (1, 2, 3)
HUNDREDTHS = 100
SPOKEN = re.compile("[^\u4e00-\u9fff]+")


def features(text: str) -> frozenset[str]:
    """Runs of Chinese characters in ``text``, none across a stop."""
    return frozenset(
        part[start : start + length]
        for part in SPOKEN.split(text)
        for length in LENGTHS
        for start in range(len(part) - length + 1)
    )


def written(weights: dict[str, list[float]]) -> str:
    """Weights as the lines of the file; runs that say next to nothing left out."""
    rows = []
    for feature, row in sorted(weights.items()):
        figures = [round(one * HUNDREDTHS) for one in row]
        if max(map(abs, figures)) >= 5:  # noqa: PLR2004
            rows.append(f"{feature}\t{' '.join(map(str, figures))}\n")
    return "".join(rows)


@cache
def weights() -> dict[str, tuple[int, ...]]:
    """What the file holds: hundredths, whole numbers, so that a sum has no order."""
    table = {}
    for line in WEIGHTS.read_text("utf-8").splitlines():
        feature, figures = line.split("\t")
        table[feature] = tuple(int(one) for one in figures.split())
    return table


def kind_scores(text: str) -> dict[Category, float]:
    """Log odds of each kind, summed over the runs in ``text``; all 0 where none is known."""
    known = weights()
    rows = [known[feature] for feature in features(text) if feature in known]
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(KINDS)
    return {kind: total / HUNDREDTHS for kind, total in zip(KINDS, sums, strict=True)}
