"""A trigram language model, written as ARPA.

Interpolated absolute discounting; the unigram is Kneser-Ney (a word counts once per distinct word
before it, or the digits of telephone numbers would outweigh everything), mixed with an open
vocabulary so that any dictionary word can be recognised.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TextIO

START, END = "<s>", "</s>"
Gram = tuple[str, ...]


@dataclass(frozen=True)
class Smoothing:
    """``domain_share`` of the unigram comes from the sentences, the rest from the open vocabulary.

    ``least_backoff``: mass always kept for unseen words. Bigrams and trigrams seen fewer than
    ``cutoff`` times are dropped.
    """

    domain_share: float = 0.5
    discount: float = 0.7
    least_backoff: float = 0.2
    cutoff: int = 2


@dataclass(frozen=True)
class LanguageModel:
    """Probabilities per order and back-off weights per history."""

    unigrams: dict[str, float]
    bigrams: dict[Gram, float]
    trigrams: dict[Gram, float]
    backoff: dict[Gram, float] = field(default_factory=dict)

    def probability(self, history: Gram, word: str) -> float:
        """P(word | the last two words of history), by the ARPA back-off rule."""
        history = history[-2:]
        if not history:
            return self.unigrams[word]
        seen = (self.bigrams if len(history) == 1 else self.trigrams).get((*history, word))
        if seen is not None:
            return seen
        return self.backoff.get(history, 1.0) * self.probability(history[1:], word)


def _count(sentences: Iterable[Sequence[str]]) -> tuple[Counter[Gram], Counter[Gram]]:
    bigrams: Counter[Gram] = Counter()
    trigrams: Counter[Gram] = Counter()
    for sentence in sentences:
        words = (START, *sentence, END)
        bigrams.update(pairwise(words))
        trigrams.update(zip(words, words[1:], words[2:], strict=False))
    return bigrams, trigrams


def _unigrams(
    bigrams: Counter[Gram], open_vocabulary: Mapping[str, float], share: float
) -> dict[str, float]:
    before = Counter(gram[1] for gram in bigrams)
    total, open_total = sum(before.values()), sum(open_vocabulary.values()) or 1.0
    rest = 1 - share
    mixed = {END: share * before[END] / total + rest * 0.1}
    for word in sorted((before.keys() | open_vocabulary.keys()) - {END}):
        expected = 0.9 * open_vocabulary.get(word, 0.0) / open_total
        mixed[word] = share * before[word] / total + rest * expected
    norm = sum(mixed.values())
    return {word: probability / norm for word, probability in mixed.items()}


def _estimate(
    counts: Counter[Gram], lower: Callable[[Gram, str], float], smoothing: Smoothing
) -> tuple[dict[Gram, float], dict[Gram, float]]:
    """Probabilities of the kept n-grams and the back-off weight of their histories."""
    by_history: defaultdict[Gram, list[tuple[str, int]]] = defaultdict(list)
    for gram, count in counts.items():
        by_history[gram[:-1]].append((gram[-1], count))
    probabilities: dict[Gram, float] = {}
    backoff: dict[Gram, float] = {}
    for history, followers in by_history.items():
        total = sum(count for _, count in followers)
        kept = [(word, count) for word, count in followers if count >= smoothing.cutoff]
        if not kept:
            continue
        mass = sum(count - smoothing.discount for _, count in kept) / total
        left = max(1 - mass, smoothing.least_backoff)
        scale = (1 - left) / mass
        for word, count in kept:
            own = scale * (count - smoothing.discount) / total
            probabilities[(*history, word)] = own + left * lower(history[1:], word)
        backoff[history] = left
    return probabilities, backoff


def train(
    sentences: Iterable[Sequence[str]],
    open_vocabulary: Mapping[str, float],
    smoothing: Smoothing | None = None,
) -> LanguageModel:
    """``sentences``: rows of words. ``open_vocabulary``: word -> weight."""
    chosen = smoothing or Smoothing()
    two, three = _count(sentences)
    unigrams = _unigrams(two, open_vocabulary, chosen.domain_share)
    bigrams, backoff = _estimate(two, lambda _, word: unigrams[word], chosen)

    def bigram(history: Gram, word: str) -> float:
        seen = bigrams.get((*history, word))
        return backoff.get(history, 1.0) * unigrams[word] if seen is None else seen

    trigrams, backoff_two = _estimate(three, bigram, chosen)
    return LanguageModel(unigrams, bigrams, trigrams, backoff | backoff_two)


def _log(probability: float) -> str:
    return f"{math.log10(max(probability, 1e-30)):.5f}"


def write_arpa(model: LanguageModel, out: TextIO) -> None:
    """The ARPA format (SRILM's ngram-format(5)): log10, back-off weights as a third column.

    No back-off column on trigrams, the highest order: kaldilm 1.15 then aborts the whole process
    instead of saying what it dislikes. That holds for orders left empty by a small corpus too.
    """

    def backoff(gram: Gram, longest: bool) -> str:
        weight = None if longest else model.backoff.get(gram)
        return "" if weight is None else f"\t{_log(weight)}"

    unigrams = {(word,): p for word, p in model.unigrams.items()}
    orders = [orders for orders in (unigrams, model.bigrams, model.trigrams) if orders]
    out.write("\\data\\\n")
    for n, grams in enumerate(orders, 1):
        out.write(f"ngram {n}={len(grams) + (n == 1)}\n")
    for n, grams in enumerate(orders, 1):
        longest = n == len(orders)
        out.write(f"\n\\{n}-grams:\n")
        if n == 1:
            out.write(f"-99\t{START}{backoff((START,), longest)}\n")
        for gram, probability in sorted(grams.items()):
            out.write(f"{_log(probability)}\t{' '.join(gram)}{backoff(gram, longest)}\n")
    out.write("\n\\end\\\n")
