"""The segmenter that cuts questions: jieba's dictionary (rjieba) and the hotline's own words."""

from collections.abc import Callable, Iterable
from functools import cache

import rjieba

# Larger than any word's in the dictionary (的: 318,825): own words are never cut.
OWN_FREQUENCY = 10_000_000


@cache
def segmenter(own_words: tuple[str, ...] = ()) -> Callable[[str], Iterable[str]]:
    """A function that cuts a text into words, keeping ``own_words`` whole."""
    jieba = rjieba.Jieba()
    for word in own_words:
        jieba.add_word(word, OWN_FREQUENCY, None)
    return lambda text: [str(word) for word in jieba.cut(text, True)]
