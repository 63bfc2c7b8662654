"""Words a city adds: streets, villages, companies, local offices.

# a comment
六合区
六合 lu4 he2          with its reading, where espeak's is wrong or uncertain
"""

from collections.abc import Iterable
from pathlib import Path

from asr.training.overlap import characters


class WordWrong(ValueError):
    """A line is not a word of Chinese characters with, at most, one syllable per character."""


def parse_words(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Word -> its pinyin syllables with tone numbers, none when not given."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        word, *syllables = fields
        if characters(word) != word or len(syllables) not in (0, len(word)):
            raise WordWrong(f"not a word with its syllables: {line.strip()}")
        found[word] = tuple(syllables)
    return found


def read_words(paths: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """`parse_words` of several files."""
    lines: list[str] = []
    for path in paths:
        lines += path.read_text(encoding="utf8").splitlines()
    return parse_words(lines)
