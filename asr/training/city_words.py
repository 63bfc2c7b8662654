"""Words a city adds: streets, villages, companies, local offices.

# a comment
六合区
六合 lu4 he2          with its reading, where espeak's is wrong or uncertain
"""

from collections.abc import Iterable
from pathlib import Path

from asr.training.overlap import characters
from asr.training.sentence_grammar import Grammar


class WordWrong(ValueError):
    """A line is not a word with, at most, one syllable per character (a letter may have more)."""


def parse_words(lines: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Word -> its readings, each as pinyin syllables with tone numbers; none when not given.

    A word may stand on several lines, once per reading.
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        word, *syllables = fields
        letter = len(word) == 1 and word.isascii()
        spelled = len(word) > 1 and word.isascii()  # no Mandarin reading to learn
        fits = letter or len(syllables) in (0, len(word))
        if characters(word) != word or spelled or not fits:
            raise WordWrong(f"not a word with its syllables: {line.strip()}")
        readings = found.setdefault(word, [])
        if syllables:
            readings.append(tuple(syllables))
    return found


_KINDS = ("街道", "镇", "乡", "区", "县", "市")


def place_words(grammar: Grammar) -> set[str]:
    """Districts, townships, roads and offices in the grammar, with and without their kind."""
    rules = [
        name
        for name in grammar.rules
        if name in ("district", "subdistrict", "city-road", "department")
        or name.startswith("township-")
    ]
    names = set(grammar.fixed(*rules))
    bare = {
        name.removesuffix(kind)
        for name in names
        for kind in _KINDS
        if name.endswith(kind) and len(name) - len(kind) > 1
    }
    return names | bare


def read_words(paths: Iterable[Path]) -> dict[str, list[tuple[str, ...]]]:
    """`parse_words` of several files."""
    lines: list[str] = []
    for path in paths:
        lines += path.read_text(encoding="utf8").splitlines()
    return parse_words(lines)
