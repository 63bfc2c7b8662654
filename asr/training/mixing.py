"""Two language models become one: what callers say, and what is said every day.

The mixture is interpolated n-gram by n-gram and written as a back-off model again; then the n-grams
that change least are dropped until the graph is small enough (K. Seymore, R. Rosenfeld, Scalable
backoff language models, 1996: weighted difference).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from asr.training.language_model import END, START, Gram, LanguageModel

_END_SHARE = 0.1  # the everyday model knows no ends of sentences


@dataclass(frozen=True)
class Mixture:
    """``share``: the callers' weight. ``pairs`` and ``triples``: n-grams to keep."""

    share: float = 0.5
    pairs: int = 130_000
    triples: int = 90_000


def only(model: LanguageModel, words: Iterable[str]) -> LanguageModel:
    """Of ``model`` what concerns ``words`` alone."""
    known = frozenset(words) | {START, END}

    def kept(grams: Mapping[Gram, float]) -> dict[Gram, float]:
        return {gram: p for gram, p in grams.items() if known.issuperset(gram)}

    unigrams = {word: p for word, p in model.unigrams.items() if word in known}
    return LanguageModel(unigrams, kept(model.bigrams), kept(model.trigrams), model.backoff)


def counted(sentences: Iterable[tuple[str, ...]]) -> dict[str, float]:
    """Word -> share of all words, sentence starts among them."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update((START, *sentence))
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


class _Mixed:
    """The interpolation itself, any history up to two words."""

    def __init__(
        self,
        callers: LanguageModel,
        everyday: LanguageModel,
        said: Mapping[str, float],
        share: float,
    ) -> None:
        self._callers, self._everyday, self._share = callers, everyday, share
        self._said = said
        rest = 1 - share
        words = callers.unigrams.keys() | everyday.unigrams.keys()
        known = everyday.unigrams
        scale = (1.0 if END in known else 1 - _END_SHARE) / sum(known.values())
        ordinary = {END: _END_SHARE} | {word: scale * p for word, p in known.items()}
        self._ordinary = ordinary
        mixed = {
            word: share * callers.unigrams.get(word, 0.0) + rest * ordinary.get(word, 0.0)
            for word in words
        }
        total = sum(mixed.values())
        self.unigrams = {word: p / total for word, p in mixed.items() if p > 0}

    def _said_by_callers(self, history: Gram) -> float:
        """How likely it is that one who said ``history`` is a caller: `share` in the long run."""
        first = history[0]
        if first == START:
            return self._share if (START,) in self._everyday.backoff else 1.0
        caller, everyone = self._said.get(first, 0.0), self._ordinary.get(first, 0.0)
        for before, word in pairwise(history):
            caller *= self._callers.probability((before,), word)
            everyone *= self._given(self._everyday, (before,), word)
        whole = self._share * caller + (1 - self._share) * everyone
        return self._share * caller / whole if whole else self._share

    def _given(self, model: LanguageModel, history: Gram, word: str) -> float:
        """P(word | history) by back-off, 0 for a word the model does not know."""
        weight = 1.0
        while history:
            seen = (model.bigrams if len(history) == 1 else model.trigrams).get((*history, word))
            if seen is not None:
                return weight * seen
            weight *= model.backoff.get(history, 1.0)
            history = history[1:]
        known = self._ordinary if model is self._everyday else model.unigrams
        return weight * known.get(word, 0.0)

    def followers(self, history: Gram, words: Iterable[str]) -> dict[str, float]:
        """P(word | history) of each of ``words``."""
        share = self._said_by_callers(history)
        return {
            word: share * self._given(self._callers, history, word)
            + (1 - share) * self._given(self._everyday, history, word)
            for word in words
        }


def _by_history(*models: Mapping[Gram, float]) -> dict[Gram, set[str]]:
    found: defaultdict[Gram, set[str]] = defaultdict(set)
    for model in models:
        for gram in model:
            found[gram[:-1]].add(gram[-1])
    return found


def _left(followers: Mapping[str, float], lower: Callable[[str], float]) -> float:
    """The back-off weight of a history with these followers."""
    kept, covered = sum(followers.values()), sum(lower(word) for word in followers)
    return max(1 - kept, 1e-4) / max(1 - covered, 1e-4)


def _ranked(
    grams: Mapping[Gram, dict[str, float]],
    weight: Callable[[Gram], float],
    lower: Callable[[Gram, str], float],
) -> list[tuple[float, Gram]]:
    """Each n-gram with what dropping it would cost, the dearest first."""
    costs = []
    for history, followers in grams.items():
        seen = weight(history)
        left = _left(followers, lambda word, h=history: lower(h[1:], word))  # type: ignore[misc]
        for word, p in followers.items():
            instead = left * lower(history[1:], word)
            costs.append((seen * p * math.log(p / instead), (*history, word)))
    costs.sort(key=lambda each: (-each[0], each[1]))
    return costs


def _grouped(grams: Iterable[Gram], source: Mapping[Gram, dict[str, float]]) -> dict[Gram, float]:
    return {gram: source[gram[:-1]][gram[-1]] for gram in grams}


def _backoffs(
    grams: Mapping[Gram, float], lower: Callable[[Gram, str], float]
) -> dict[Gram, float]:
    followers: defaultdict[Gram, dict[str, float]] = defaultdict(dict)
    for gram, p in grams.items():
        followers[gram[:-1]][gram[-1]] = p
    return {
        history: _left(found, lambda word, h=history: lower(h[1:], word))  # type: ignore[misc]
        for history, found in followers.items()
    }


def mix(
    callers: LanguageModel,
    everyday: LanguageModel,
    said: Mapping[str, float],
    chosen: Mixture,
) -> LanguageModel:
    """One model of both.

    ``said``: `counted` of the callers' sentences. ``everyday``: of the lexicon's words (`only`).
    """
    mixed = _Mixed(callers, everyday, said, chosen.share)
    unigrams = mixed.unigrams

    def one(_: Gram, word: str) -> float:
        return unigrams[word]

    def often(history: Gram) -> float:
        ordinary = chosen.share * said.get(history[0], 0.0) + (1 - chosen.share) * unigrams.get(
            history[0], 0.0
        )
        if len(history) == 1:
            return ordinary
        return ordinary * pairs.get(history[:1], {}).get(history[1], 0.0)

    pairs = {
        history: mixed.followers(history, words)
        for history, words in _by_history(callers.bigrams, everyday.bigrams).items()
    }
    triples = {
        history: mixed.followers(history, words)
        for history, words in _by_history(callers.trigrams, everyday.trigrams).items()
        if history[1] in pairs.get(history[:1], {})
    }
    kept_pairs = {gram for _, gram in _ranked(pairs, often, one)[: chosen.pairs]}
    two_backoff = _backoffs(_grouped(sorted(kept_pairs), pairs), one)

    def two(history: Gram, word: str) -> float:
        seen = pairs.get(history, {}).get(word) if (*history, word) in kept_pairs else None
        return two_backoff.get(history, 1.0) * unigrams[word] if seen is None else seen

    kept_triples = [gram for _, gram in _ranked(triples, often, two)[: chosen.triples]]
    kept_pairs.update(gram[:2] for gram in kept_triples)
    bigrams = _grouped(sorted(kept_pairs), pairs)
    two_backoff = _backoffs(bigrams, one)
    trigrams = _grouped(sorted(kept_triples), triples)
    return LanguageModel(unigrams, bigrams, trigrams, two_backoff | _backoffs(trigrams, two))
