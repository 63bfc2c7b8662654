"""The three-level table of topics (topics/*.toml) and the words of each third-level topic."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("topics")
# The first level's usual names, in the field's usual order; ties go to the earlier.
FIRST_LEVEL = (
    "城乡建设", "农村农业", "政法", "教育文体", "劳动和社会保障", "民政", "党务政务", "经济管理",
    "卫生计生", "商贸旅游", "环境保护", "交通运输", "纪检监察", "国土资源", "科技与信息产业",
)  # fmt: skip
# A word marked * names its topic; one marked ? is said in requests of every kind.
MARKS = {"*": 2.0, "?": 0.3}
BY_LENGTH = {1: 0.3, 2: 1.0, 3: 1.4}
LONG_WORD = 1.8


@dataclass(frozen=True)
class Leaf:
    """One topic of the third level, by its path."""

    first: str
    second: str
    third: str


@dataclass(frozen=True)
class Lexicon:
    """``words``: what each word counts for, by topic; a word of two topics counts half for each."""

    words: Mapping[str, tuple[tuple[Leaf, float], ...]]
    longest: int

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """Known words as ``(start, end, word)``: from the left, the longest first, no overlap."""
        hits, start = [], 0
        while start < len(text):
            for length in range(min(self.longest, len(text) - start), 0, -1):
                word = text[start : start + length]
                if word in self.words:
                    hits.append((start, start + length, word))
                    start += length - 1
                    break
            start += 1
        return hits


@cache
def leaves() -> tuple[tuple[Leaf, tuple[str, ...]], ...]:
    """Every topic with its words as written in the table (with their marks)."""
    found = []
    for file in sorted(TABLE.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        for second, topics in table["second"].items():
            for third, words in topics.items():
                found.append((Leaf(table["name"], second, third), tuple(words.split())))
    return tuple(found)


@cache
def lexicon() -> Lexicon:
    """The table turned round: from word to topics."""
    owners: dict[str, dict[Leaf, float]] = defaultdict(dict)
    for leaf, words in leaves():
        for marked in words:
            word = marked.rstrip("*?")
            weight = BY_LENGTH.get(len(word), LONG_WORD) * MARKS.get(marked[-1], 1.0)
            owners[word][leaf] = weight
    table = {}
    for word, owned in owners.items():
        firsts = len({leaf.first for leaf in owned})
        table[word] = tuple((leaf, weight / firsts) for leaf, weight in owned.items())
    return Lexicon(table, max(map(len, table)))
