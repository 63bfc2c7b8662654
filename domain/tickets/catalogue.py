"""The dispatch catalogue (派单目录): which unit acts, by what; every designation adds a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.tickets.lifecycle.ticket import Effect

KEYS = ("nature", "content", "district", "industry")


@dataclass(frozen=True, slots=True)
class Row:
    """`keys`: those of KEYS that must agree; one that is missing fits everything."""

    keys: Mapping[str, str]
    unit: str
    since: datetime
    source: str

    def fits(self, keys: Mapping[str, object]) -> bool:
        return all(keys.get(name) == value for name, value in self.keys.items())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`version` counts the changes; earlier rows stay, a later one for the same keys wins."""

    version: int = 0
    rows: tuple[Row, ...] = ()

    def units(self, keys: Mapping[str, object]) -> tuple[str, ...]:
        """The units that fit, the most exact first, the newer before the older."""
        found = [(len(row.keys), row.since, row.unit) for row in self.rows if row.fits(keys)]
        return tuple(dict.fromkeys(unit for *_, unit in sorted(found, reverse=True)))


def written_back(catalogue: Catalogue, effects: Iterable[Effect]) -> Catalogue:
    """The catalogue with every designation among `effects`; one without keys teaches nothing."""
    for effect in effects:
        if effect.kind != "catalogue":
            continue
        keys = {name: str(effect.about[name]) for name in KEYS if effect.about.get(name)}
        if keys:
            row = Row(keys, str(effect.about["unit"]), effect.at, effect.article)
            catalogue = Catalogue(catalogue.version + 1, (*catalogue.rows, row))
    return catalogue
