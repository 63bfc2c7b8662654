"""What a rule reports: a value, where in the text, how sure, and which rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """``stretches``: character ranges of the transcript. ``strength`` 0..1: how telling the rule.

    A strength says nothing about the recogniser: the draft multiplies it with the confidence of
    the words.
    """

    value: str
    stretches: tuple[tuple[int, int], ...]
    strength: float
    rule: str
