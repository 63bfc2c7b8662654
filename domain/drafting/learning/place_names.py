"""Names of places that agents wrote into addresses and that the lists of the city lack.

A name is learnt only as it was said: it stands in the signed address and, character by character,
in what the caller said. One agent's slip must not spread, so two tickets have to teach it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from domain.drafting.address import find_place
from domain.drafting.address_marks import NAME_LIMIT, STOPS
from domain.drafting.address_parts import find_parts
from domain.drafting.learning.lessons import Example, Figures, fifth, figures

TAUGHT_BY = 2
NAME = re.compile(f"[\u4e00-\u9fff]{{2,{NAME_LIMIT + 2}}}")
# What a list of names holds; numbers, wings and directions belong to one address alone.
LISTED = frozenset({"road", "village", "poi"})

Names = Mapping[str, Mapping[str, str]]
"""City → name → kind (road, village or poi)."""


def learn_places(examples: Sequence[Example]) -> dict[str, dict[str, str]]:
    """The names that at least `TAUGHT_BY` of the signed requests teach, by city."""
    taught: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in examples:
        if one.city:
            taught[one.city].update(set(_taught_by(one)))
    kept = {
        city: dict(sorted(name for name, tickets in names.items() if tickets >= TAUGHT_BY))
        for city, names in sorted(taught.items())
    }
    return {city: names for city, names in kept.items() if names}


def compared_places(examples: Sequence[Example]) -> Figures:
    """How often the address was drafted as it was signed, without and with the others' names."""
    known = [one for one in examples if one.address and one.city]
    before = after = 0
    for fold in {fifth(one.id) for one in known}:
        names = learn_places([one for one in known if fifth(one.id) != fold])
        for one in known:
            if fifth(one.id) == fold:
                before += _drafted(one, {}) == one.address
                after += _drafted(one, names.get(one.city, {})) == one.address
    return figures(len(known), before, after)


def _drafted(one: Example, names: Mapping[str, str]) -> str:
    place = find_place(one.text, one.city, learnt=names)
    return place.found.value if place else ""


def _taught_by(one: Example) -> Iterator[tuple[str, str]]:
    place = find_place(one.text, one.city)
    if not one.address or (place and place.found.value == one.address):
        return
    found = set(place.parts.values()) if place else set()
    for name, kind in _named_in(one.address, one.city):
        if name not in found and name in one.text and NAME.fullmatch(name):
            yield name, kind


def _named_in(address: str, city: str) -> Iterator[tuple[str, str]]:
    """What looks like a name in a written address, and what no rule can tell between two parts."""
    parts = find_parts(address, city, ())
    yield from (
        (address[part.start : part.end], part.kind)
        for part in parts
        if part.kind in LISTED and not part.known
    )
    edges = [0, *(edge for part in parts for edge in (part.start, part.end)), len(address)]
    for start, end in list(pairwise(edges))[::2]:
        if not STOPS.search(address[start:end]):
            yield address[start:end], "poi"
