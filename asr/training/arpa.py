"""Reading an ARPA language model: the everyday Chinese one, or one that this program wrote."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from asr.training.language_model import Gram, LanguageModel

UNKNOWN = "<unk>"


class ArpaWrong(ValueError):
    """The file is no ARPA model of up to three words."""


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf8") as lines:
            yield from lines
    else:
        with path.open(encoding="utf8") as lines:
            yield from lines


def read_arpa(path: Path, vocabulary: Iterable[str] | None = None) -> LanguageModel:
    """``path``: ARPA, gzipped when it ends in .gz. Only n-grams of ``vocabulary``; None: all.

    `ArpaWrong` with the line that is none. Probabilities are natural numbers, not logarithms.
    """
    wanted = None if vocabulary is None else frozenset(vocabulary) | {"<s>", "</s>"}
    orders: list[dict[Gram, float]] = [{}, {}, {}]
    backoff: dict[Gram, float] = {}
    order = 0
    for number, line in enumerate(_lines(path), 1):
        if line.startswith("\\"):
            order = int(line[1]) if line[1].isdigit() else 0
            continue
        fields = line.rstrip("\n").split("\t")
        if not order or len(fields) < 2:
            continue
        gram = tuple(fields[1].split(" "))
        if order > 3 or len(gram) != order:
            raise ArpaWrong(f"{path}, line {number}: not {order} words: {line.rstrip()}")
        if UNKNOWN in gram or (wanted is not None and not wanted.issuperset(gram)):
            continue
        orders[order - 1][gram] = 10.0 ** float(fields[0])
        if len(fields) > 2 and fields[2] not in ("0", "-0"):
            backoff[gram] = 10.0 ** float(fields[2])
    unigrams = {gram[0]: probability for gram, probability in orders[0].items() if gram[0] != "<s>"}
    if not unigrams:
        raise ArpaWrong(f"{path} holds no ARPA model")
    return LanguageModel(unigrams, orders[1], orders[2], backoff)
