"""The open vocabulary: dictionary words with their frequencies, for what no sentence foresees."""

from collections import Counter
from collections.abc import Iterable, Sequence

NUMERALS = frozenset("零一二三四五六七八九幺十百千")
CHARACTERS = 6000
# A city's own word gets the weight of a word at this rank of the dictionary.
CITY_WORD_RANK = 5000


def open_vocabulary(
    dictionary: Sequence[tuple[str, int]], words: int, city_words: Iterable[str] = ()
) -> dict[str, float]:
    """Word -> share (sum 1): the ``words`` most frequent words and `CHARACTERS` characters."""
    counts: Counter[str] = Counter()
    many = []
    for word, frequency in dictionary:
        if len(word) == 1:
            counts[word] += frequency
        elif not NUMERALS.issuperset(word):
            many.append((frequency, word))
        for character in word:
            counts[character] += frequency * 0.02  # type: ignore[assignment]
    many.sort(reverse=True)
    chosen: dict[str, float] = {word: frequency for frequency, word in many[:words]}
    for character, frequency in counts.most_common(CHARACTERS):
        chosen[character] = max(frequency, 1)
    for numeral in sorted(NUMERALS):
        chosen.setdefault(numeral, 1000)
    for word in city_words:
        floor = many[min(CITY_WORD_RANK, len(many) - 1)][0] if many else 1
        chosen[word] = max(chosen.get(word, 0), floor)
    total = sum(chosen.values())
    return {word: weight / total for word, weight in chosen.items()}
