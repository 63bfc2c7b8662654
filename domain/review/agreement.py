"""How far reviewers agree beyond chance.

Cohen, "A Coefficient of Agreement for Nominal Scales" (1960), for two; Fleiss, "Measuring Nominal
Scale Agreement Among Many Raters" (1971), for more. 1: always; 0: as by chance; below: less.
"""

from collections import Counter
from collections.abc import Sequence

PAIR = 2


class NothingToCompare(ValueError):
    """Fewer than two reviewers, or no call that all of them answered."""


def cohen(first: Sequence[str], second: Sequence[str]) -> float:
    """Kappa of two reviewers' answers to the same calls, in the same order."""
    if len(first) != len(second) or not first:
        raise NothingToCompare("two lists of the same length are wanted")
    number = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / number
    one, other = Counter(first), Counter(second)
    expected = sum(one[answer] * other[answer] for answer in one) / number**2
    return _beyond(observed, expected)


def fleiss(answers: Sequence[Sequence[str]]) -> float:
    """Kappa of several reviewers: one row for each call, with every reviewer's answer."""
    raters = {len(row) for row in answers}
    if len(raters) != 1 or min(raters) < PAIR:
        raise NothingToCompare("each call wants an answer of each of at least two reviewers")
    (rater_count,) = raters
    pairs = rater_count * (rater_count - 1)
    agreed = [sum(n * (n - 1) for n in Counter(row).values()) / pairs for row in answers]
    observed = sum(agreed) / len(answers)
    every = Counter(answer for row in answers for answer in row)
    total = rater_count * len(answers)
    expected = sum((n / total) ** 2 for n in every.values())
    return _beyond(observed, expected)


def kappa(answers: Sequence[Sequence[str]]) -> float:
    """Cohen's for two reviewers, Fleiss' for more."""
    if answers and all(len(row) == PAIR for row in answers):
        return cohen([row[0] for row in answers], [row[1] for row in answers])
    if not answers:
        raise NothingToCompare("no call was answered by all")
    return fleiss(answers)


def _beyond(observed: float, expected: float) -> float:
    # Everybody always said the same: agreement is whole, and chance could not do better.
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)
