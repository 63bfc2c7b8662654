"""Offline search in Chinese texts: BM25 over single characters' runs, no word list needed.

Okapi BM25 (Robertson and Zaragoza, 2009, equation 3.15) on runs of two characters; Latin words and
numbers count whole. An index of ten thousand entries takes some tens of megabytes.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

PIECE = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]+")
K1, B = 1.2, 0.6
TITLE_TIMES = 3
# What every request says tells no entry from another.
EMPTY = frozenset(
    "请问 一下 怎么 什么 可以 我们 你们 现在 这个 那个 没有 能不 不能 需要 哪些 时候 问题".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Document:
    """``title`` counts three times."""

    id: int
    title: str
    body: str


@dataclass(frozen=True)
class Hit:
    """``score``: 0..1, the share of what could have matched; ``terms``: what did, best first."""

    id: int
    score: float
    terms: tuple[str, ...]


def terms_of(text: str) -> list[str]:
    """社保卡 → 社保, 保卡; one character alone stays; ETC → etc."""
    found = []
    for piece in PIECE.findall(text):
        if piece.isascii():
            found.append(piece.lower())
        elif len(piece) == 1:
            found.append(piece)
        else:
            found += [piece[at : at + 2] for at in range(len(piece) - 1)]
    return [term for term in found if term not in EMPTY]


class SearchIndex:
    """Documents, searchable. Building it is linear in their length."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        counts = {one.id: Counter(_counted(one)) for one in documents}
        lengths = {name: sum(terms.values()) for name, terms in counts.items()}
        average = sum(lengths.values()) / len(lengths) if lengths else 1.0
        holders = Counter(term for terms in counts.values() for term in terms)
        self._rarity = {
            term: math.log(1 + (len(counts) - held + 0.5) / (held + 0.5))
            for term, held in holders.items()
        }
        for name, terms in counts.items():
            for term, times in terms.items():
                damped = times + K1 * (1 - B + B * lengths[name] / average)
                self._weights[term][name] = self._rarity[term] * times * (K1 + 1) / damped

    def search(self, text: str, most: int = 10) -> list[Hit]:
        """The best entries, best first; [] where no known term is asked for."""
        asked = [term for term in dict.fromkeys(terms_of(text)) if term in self._weights]
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for term in asked:
            for name, weight in self._weights[term].items():
                scores[name] += weight
                matched[name].append((weight, term))
        possible = sum(sorted((self._rarity[term] * (K1 + 1) for term in asked), reverse=True)[:8])
        best = sorted(scores, key=lambda name: (-scores[name], name))[:most]
        return [
            Hit(
                name,
                round(min(1.0, scores[name] / possible), 3),
                tuple(term for _, term in sorted(matched[name], reverse=True)[:8]),
            )
            for name in best
        ]


def _counted(document: Document) -> list[str]:
    return terms_of(document.title) * TITLE_TIMES + terms_of(document.body)
