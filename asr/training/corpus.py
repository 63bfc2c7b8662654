"""The texts: what the language model counts and what the network hears spoken."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from asr.training import overlap
from asr.training.additions import carried
from asr.training.city_words import read_words
from asr.training.sentence_grammar import DIGITS, SENTENCE, Grammar, parse

HERE = Path(__file__).parent
TEXTS = HERE / "texts"
TESTSETS = HERE / "testsets"

# Rules whose sentences each appear at least once.
ALWAYS = ("short", "agent", "question", "request", "problem")
HOTLINE_SEED, COLLOQUIAL_SEED, SPOKEN_SEED, REQUEST_SEED = 1, 3, 9, 17


@dataclass(frozen=True)
class Texts:
    """Distinct sentences: ``hotline`` the service's own, ``colloquial`` looser ones around it.

    ``requests``: as people tell what is the matter, long and with the place.
    """

    hotline: tuple[str, ...]
    colloquial: tuple[str, ...]
    requests: tuple[str, ...]

    @property
    def language_model(self) -> tuple[str, ...]:
        return (*self.hotline, *self.colloquial, *self.requests)


def read_sentences(path: Path) -> list[str]:
    """One sentence a line; empty lines and lines starting with # are skipped."""
    lines = (line.strip() for line in path.read_text(encoding="utf8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def read_test_sets(kind: str) -> dict[str, list[str]]:
    """Name -> sentences of testsets/``kind``, kind being written or template."""
    files = sorted((TESTSETS / kind).glob("*.txt"))
    return {path.stem: read_sentences(path) for path in files}


def read_grammar() -> Grammar:
    return parse(path.read_text(encoding="utf8") for path in sorted(TEXTS.glob("*.grammar")))


def _distinct(grammar: Grammar, rule: str, count: int, seed: int) -> list[str]:
    choose = random.Random(seed)
    found: dict[str, None] = {}
    for _ in range(count * 20):
        if len(found) >= count:
            break
        sentence = grammar.expand(rule, choose)
        if SENTENCE.fullmatch(sentence):
            found[sentence] = None
    return list(found)


@dataclass(frozen=True)
class Amounts:
    """How many distinct sentences of each kind."""

    hotline: int
    colloquial: int
    requests: int


def make_texts(grammar: Grammar, amounts: Amounts, extra: Sequence[str] = ()) -> Texts:
    """About so many sentences of each kind, less what would leak a test sentence.

    ``extra``: sentences of a city, taken as they are; `overlap.TestSetLeaked` if they leak.
    """
    written, template = read_test_sets("written"), read_test_sets("template")
    known = [s for sentences in written.values() for s in sentences]
    templates = [s for sentences in template.values() for s in sentences]
    always = grammar.fixed(*ALWAYS)
    drawn = _distinct(grammar, "sentence", amounts.hotline, HOTLINE_SEED)
    service = overlap.without(dict.fromkeys([*always, *drawn]), known, templates)
    loose = _distinct(grammar, "colloquial", amounts.colloquial, COLLOQUIAL_SEED)
    told = _distinct(grammar, "request-spoken", amounts.requests, REQUEST_SEED)
    texts = Texts(
        (*service, *extra),
        tuple(overlap.without(loose, known, templates)),
        tuple(overlap.without(told, known, templates)),
    )
    overlap.check(texts.language_model, written)
    return texts


def check_additions(words: Iterable[str], sentences: Iterable[str]) -> None:
    """`overlap.TestSetLeaked` when what is added to a finished language holds part of a test set.

    ``words``: paths of word files; each word counts in every sentence it is carried in.
    """
    added = [*sentences, *carried(read_words(map(Path, words)))]
    overlap.check(added, read_test_sets("written"))


def digit_string(choose: random.Random) -> str:
    """4 to 11 digits, a fifth of them doubled: the network must hear 二二 as two."""
    length = choose.choice((4, 6, 7, 8, 11, 11))
    spoken = ""
    while len(spoken) < length:
        spoken += choose.choice(DIGITS + "幺") * choose.choice((1, 1, 1, 1, 2))
    return spoken[:length]


def spoken_texts(texts: Texts, count: int) -> list[str]:
    """What is spoken for training: 55 % service, 27 % colloquial, 18 % digit strings."""
    choose = random.Random(SPOKEN_SEED)
    spoken = []
    for _ in range(count):
        share = choose.random()
        if share < 0.55:
            spoken.append(choose.choice(texts.hotline))
        elif share < 0.82:
            spoken.append(choose.choice((*texts.colloquial, *texts.requests)))
        else:
            spoken.append(digit_string(choose))
    return spoken


def general_texts(dictionary: Sequence[tuple[str, int]], count: int, seed: int) -> list[str]:
    """Rows of 2 to 8 random dictionary words, so that every syllable is heard.

    ``dictionary``: (word, frequency). Frequencies are flattened (square root), or rare syllables
    would hardly occur.
    """
    choose = random.Random(seed)
    words = [(word, frequency) for word, frequency in dictionary if frequency >= 20]
    weights = [frequency ** (0.5 if len(word) > 1 else 0.4) for word, frequency in words]
    cumulative = list(accumulate(weights))
    names = [word for word, _ in words]
    made = []
    for _ in range(count):
        row = choose.choices(names, cum_weights=cumulative, k=choose.randint(2, 8))
        commas = ["，" if choose.random() < 0.08 else "" for _ in row[:-1]]
        made.append("".join(word + comma for word, comma in zip(row, [*commas, ""], strict=True)))
    return made
