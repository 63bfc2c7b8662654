"""Known places of the five cities: one table a city (``*.toml``), looked up from left to right."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """One known name. ``kind``: "town" (also street offices), "road", "poi" or "area".

    ``district``: its official name; "" where the table does not tell.
    """

    name: str
    kind: str
    city: str
    district: str


@dataclass(frozen=True)
class Index:
    """``by_beginning``: places by their first two characters, the longest first."""

    by_beginning: dict[str, tuple[Place, ...]]

    def found(self, text: str) -> Iterator[tuple[int, int, Place]]:
        """Known names as ``(start, end, place)``: from the left, the longest first, no overlap."""
        start = 0
        while start < len(text) - 1:
            for place in self.by_beginning.get(text[start : start + 2], ()):
                if text.startswith(place.name, start):
                    yield start, start + len(place.name), place
                    start += len(place.name) - 1
                    break
            start += 1


@cache
def index(city: str) -> Index:
    """Places of ``city`` (杭州 …); those of all five where it is none of them."""
    tables = [_table(file) for file in sorted(TABLES.glob("*.toml"))]
    own = [table for table in tables if table["city"] == city.removesuffix("市")]
    known: dict[str, Place] = {}
    for table in own or tables:
        for place in _places(table):
            known.setdefault(place.name, place)
    by_beginning: dict[str, list[Place]] = {}
    for place in sorted(known.values(), key=lambda one: -len(one.name)):
        by_beginning.setdefault(place.name[:2], []).append(place)
    return Index({key: tuple(places) for key, places in by_beginning.items()})


@cache
def town_of(name: str) -> tuple[Place, ...]:
    """Every town or street office of that name (both cities', where two have one)."""
    return tuple(
        place
        for file in sorted(TABLES.glob("*.toml"))
        for place in _places(_table(file))
        if place.kind == "town" and place.name == name
    )


def _places(table: dict[str, Any]) -> Iterator[Place]:
    city = table["city"]
    for district, lists in table["districts"].items():
        for name in lists["streets"].split():
            yield Place(f"{name}街道", "town", city, district)
        for name in lists["towns"].split():
            yield Place(name, "town", city, district)
            if name.endswith("镇镇"):  # 壶镇镇 is called 壶镇
                yield Place(name[:-1], "town", city, district)
    for key, kind in (("roads", "road"), ("places", "poi"), ("areas", "area")):
        for name in table["names"][key].split():
            yield Place(name, kind, city, "")


@cache
def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))
