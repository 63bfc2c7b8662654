"""How far recognised text is from what was spoken. Pure.

CER = (substituted + deleted + inserted characters) / characters spoken, after punctuation, blanks
and letter case are taken out. Digits stay as they are written: whoever compares "12" with 一二
must bring both to one form first.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CharacterErrors:
    """Counts over any number of sentences; add them with ``+``."""

    substituted: int = 0
    deleted: int = 0
    inserted: int = 0
    spoken: int = 0

    @property
    def errors(self) -> int:
        return self.substituted + self.deleted + self.inserted

    @property
    def rate(self) -> float:
        """The CER, 0.0 and up; all that is inserted where nothing was spoken counts as 1.0."""
        if self.spoken == 0:
            return 1.0 if self.inserted else 0.0
        return self.errors / self.spoken

    def __add__(self, other: "CharacterErrors") -> "CharacterErrors":
        return CharacterErrors(
            self.substituted + other.substituted,
            self.deleted + other.deleted,
            self.inserted + other.inserted,
            self.spoken + other.spoken,
        )


def normalise(text: str) -> str:
    """Letters and digits only, full-width forms made half-width, lower case."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LN")


def character_errors(spoken: str, recognised: str) -> CharacterErrors:
    """The cheapest way from ``spoken`` to ``recognised``; both are normalised first."""
    wanted, got = normalise(spoken), normalise(recognised)
    # Per column: (errors, substituted, deleted, inserted) of the best way so far.
    row = [(count, 0, 0, count) for count in range(len(got) + 1)]
    for number, letter in enumerate(wanted, 1):
        diagonal, row[0] = row[0], (number, 0, number, 0)
        for at, other in enumerate(got, 1):
            above = row[at]
            row[at] = _best(diagonal, above, row[at - 1], same=letter == other)
            diagonal = above
    _, substituted, deleted, inserted = row[-1]
    return CharacterErrors(substituted, deleted, inserted, len(wanted))


_Cost = tuple[int, int, int, int]


def _best(diagonal: _Cost, above: _Cost, left: _Cost, *, same: bool) -> _Cost:
    step = 0 if same else 1
    taken = (diagonal[0] + step, diagonal[1] + step, diagonal[2], diagonal[3])
    deleted = (above[0] + 1, above[1], above[2] + 1, above[3])
    inserted = (left[0] + 1, left[1], left[2], left[3] + 1)
    return min(taken, deleted, inserted, key=lambda cost: cost[0])


@dataclass(frozen=True)
class EntityRecall:
    """How many of the names, numbers and places spoken stand in the recognised text."""

    found: int = 0
    spoken: int = 0

    @property
    def rate(self) -> float:
        """0.0 to 1.0; 1.0 when there was nothing to find."""
        return self.found / self.spoken if self.spoken else 1.0

    def __add__(self, other: "EntityRecall") -> "EntityRecall":
        return EntityRecall(self.found + other.found, self.spoken + other.spoken)


def entity_recall(entities: Iterable[str], recognised: str) -> EntityRecall:
    """Each entity counts as often as it is listed, and is used up by one place in the text."""
    rest = normalise(recognised)
    wanted = sorted((normalise(entity) for entity in entities), key=len, reverse=True)
    found = 0
    for entity in wanted:
        if entity and entity in rest:
            found += 1
            rest = rest.replace(entity, "\n", 1)
    return EntityRecall(found, sum(1 for entity in wanted if entity))


def total(errors: Sequence[CharacterErrors]) -> CharacterErrors:
    """The sum over sentences: a pooled CER, long sentences weigh more."""
    return sum(errors, CharacterErrors())
