"""Kaldi's numbering of the phones: symbol ids, transition-ids, pdf-ids.

Every phone but silence exists in four word positions (_B, _I, _E, _S) that share one pdf, so that
vosk finds word boundaries (phones/word_boundary.int) while the network has one output per phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POSITIONS = {"_B": "begin", "_I": "internal", "_E": "end", "_S": "singleton"}


class PhonesDiffer(Exception):
    """Acoustic model and graph come from different phone lists."""


@dataclass(frozen=True)
class PhoneTable:
    """``phones`` without positions, silence first: index = pdf-id = network output."""

    phones: tuple[str, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol in the order of its id; id 0 is epsilon, 1 silence."""
        placed = (phone + place for phone in self.phones[1:] for place in POSITIONS)
        return ("<eps>", self.phones[0], *placed)

    @property
    def count(self) -> int:
        """Kaldi phones, epsilon not counted: ids run from 1 to this."""
        return 1 + (len(self.phones) - 1) * len(POSITIONS)

    def ids(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    def pdf(self, phone_id: int) -> int:
        """The network output of a Kaldi phone."""
        return 0 if phone_id == 1 else 1 + (phone_id - 2) // len(POSITIONS)

    def boundary_lines(self) -> list[str]:
        """Lines of phones/word_boundary.int."""
        kinds = list(POSITIONS.values())
        placed = (kinds[(number - 2) % len(kinds)] for number in range(2, self.count + 1))
        return [f"{number} {kind}" for number, kind in enumerate(("nonword", *placed), 1)]


def forward_transition(phone_id: int) -> int:
    """The transition-id that leaves the only state of a phone; its self-loop is one less."""
    return 2 * phone_id


def word_phone_ids(ids: dict[str, int], syllables: Sequence[Sequence[str]]) -> list[int]:
    """``[["th", "iN2"], ...]`` -> phone ids with word positions."""
    flat = [phone for syllable in syllables for phone in syllable]
    if len(flat) == 1:
        return [ids[flat[0] + "_S"]]
    places = ["_B", *["_I"] * (len(flat) - 2), "_E"]
    return [ids[phone + place] for phone, place in zip(flat, places, strict=True)]


def read_phones(path: Path) -> PhoneTable:
    """A phone list (one per line), or the graph/phones.txt of a model (symbol, id)."""
    lines = path.read_text(encoding="utf8").splitlines()
    if not lines[0].startswith("<eps>"):
        return PhoneTable(tuple(lines))
    symbols = [line.split()[0] for line in lines]
    bases = [symbol.removesuffix("_B") for symbol in symbols[2:] if symbol.endswith("_B")]
    table = PhoneTable((symbols[1], *bases))
    if table.symbols != tuple(symbols):
        raise PhonesDiffer(f"{path} is not numbered as this program numbers phones")
    return table
