"""Keeps the test sentences out of the training text, and proves it.

A test set in testsets/written was written by hand, so no eight characters of it in a row may stand
in the language-model text. Sets in testsets/template come from the same grammar as that text, with
its fixed phrases of eight characters and more: of those only whole sentences are kept out, and
their figures say how well the model knows the grammar, not how well it hears strangers.
"""

import re
from collections.abc import Iterable, Mapping

GRAM = 8
_NOT_SPOKEN = re.compile("[^\u4e00-\u9fffA-Z]")


class TestSetLeaked(Exception):
    """Training text holds part of a test sentence."""

    __test__ = False  # not a class of tests, whatever pytest makes of its name


def characters(sentence: str) -> str:
    """What is spoken: Chinese characters and the capital letters of number plates."""
    return _NOT_SPOKEN.sub("", sentence)


def grams(sentence: str) -> set[str]:
    """Every run of `GRAM` characters; a shorter sentence has none."""
    text = characters(sentence)
    return {text[k : k + GRAM] for k in range(len(text) - GRAM + 1)}


def without(text: Iterable[str], written: Iterable[str], template: Iterable[str]) -> list[str]:
    """``text`` less the sentences that would leak: chance hits of a random grammar."""
    forbidden = set().union(*(grams(sentence) for sentence in written))
    whole = {characters(sentence) for sentence in [*written, *template]}
    return [
        sentence
        for sentence in text
        if characters(sentence) not in whole and forbidden.isdisjoint(grams(sentence))
    ]


def check(text: Iterable[str], written: Mapping[str, Iterable[str]]) -> None:
    """`TestSetLeaked` when a sentence of a hand-written test set shares 8 characters with ``text``.

    The message names the set, the characters and the training sentence.
    """
    owner = {
        gram: name for name, sentences in written.items() for s in sentences for gram in grams(s)
    }
    for sentence in text:
        for gram in sorted(grams(sentence) & owner.keys()):
            raise TestSetLeaked(
                f"test set {owner[gram]} shares {gram} with the language-model text: {sentence}"
            )
