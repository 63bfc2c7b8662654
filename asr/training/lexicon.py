"""How each word is pronounced by espeak-ng, alone and inside sentences."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from asr.training.phoneset import NotMandarin, phones_of

# A pronunciation: one tuple of phones per syllable.
Pronunciation = tuple[tuple[str, ...], ...]
# Word -> (pronunciation, cost); cost = -ln(share of the word's most frequent pronunciation).
Lexicon = dict[str, list[tuple[Pronunciation, float]]]

# Less than 2 % of the commonest pronunciation: a slip of espeak's reading, not a reading.
RAREST = 0.02
# Weight of a reading that only the dictionary of heteronyms knows.
HETERONYM = 0.03


class Pronouncer:
    """Asks espeak-ng; refuses phones outside the phone list."""

    def __init__(self, phonemes_of: Callable[[str], str], phones: Iterable[str]) -> None:
        self._phonemes_of = phonemes_of
        self._phones = frozenset(phones)

    def syllables(self, text: str) -> Pronunciation | None:
        """None when espeak reads the text as anything but known Mandarin syllables."""
        try:
            found = tuple(tuple(phones) for phones in phones_of(self._phonemes_of(text)))
        except NotMandarin:
            return None
        return found if self._phones.issuperset(p for s in found for p in s) else None

    def exactly(self, text: str, count: int) -> Pronunciation | None:
        """`syllables`, None unless there are ``count`` of them."""
        found = self.syllables(text)
        return found if found is not None and len(found) == count else None

    def alone(self, word: str) -> list[Pronunciation]:
        """The readings of a word outside any sentence.

        espeak 1.51 doubles the last character of some dictionary words (凌晨, 贷款, 玄武, 栖霞,
        斑马): both that reading and the characters one by one are kept.
        """
        whole = self.syllables(word)
        if whole is None:
            return []
        if len(whole) == len(word):
            return [whole]
        found = [whole] if len(whole) == len(word) + 1 else []
        parts = [self.exactly(character, 1) for character in word]
        if all(part is not None for part in parts):
            found.append(tuple(part[0] for part in parts if part is not None))
        return found


def in_context(
    sentences: Sequence[str], segmented: Sequence[Sequence[str]], pronouncer: Pronouncer
) -> dict[str, Counter[Pronunciation]]:
    """How words are read inside sentences (tone sandhi); sentences espeak misreads are skipped."""
    readings: defaultdict[str, Counter[Pronunciation]] = defaultdict(Counter)
    for sentence, words in zip(sentences, segmented, strict=True):
        spoken = pronouncer.exactly(sentence, sum(map(len, words)))
        if spoken is None:
            continue
        at = 0
        for word in words:
            readings[word][spoken[at : at + len(word)]] += 1
            at += len(word)
    return dict(readings)


def _costs(counts: Mapping[Pronunciation, float]) -> list[tuple[Pronunciation, float]]:
    most = max(counts.values())
    return [
        (reading, round(-math.log(count / most), 3))
        for reading, count in counts.items()
        if count / most >= RAREST
    ]


def build(
    vocabulary: Iterable[str],
    pronouncer: Pronouncer,
    seen: Mapping[str, Counter[Pronunciation]],
    pinyin: Callable[[str], Sequence[str]],
    given: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> Lexicon:
    """The lexicon of a vocabulary; a word that espeak cannot read is left out.

    ``pinyin``: all readings of one character, for heteronyms. ``given``: readings written by hand
    in pinyin (``{"六合": [("lu4", "he2")]}``), as likely as the likeliest of espeak's.
    """
    lexicon: Lexicon = {}
    for word in sorted(set(vocabulary)):
        counts: Counter[Pronunciation] = Counter(dict.fromkeys(pronouncer.alone(word), 1))
        counts.update(seen.get(word, {}))
        most = max(counts.values(), default=1)
        for spelling in (given or {}).get(word, ()):
            parts = [pronouncer.exactly(syllable, 1) for syllable in spelling]
            if all(parts):
                counts[tuple(part[0] for part in parts if part)] = most
        weights: dict[Pronunciation, float] = dict(counts)
        if len(word) == 1:
            rare = HETERONYM * max(1, sum(counts.values()))
            for syllable in pinyin(word):
                if reading := pronouncer.exactly(syllable, 1):
                    weights.setdefault(reading, rare)
        if weights:
            lexicon[word] = _costs(weights)
    return lexicon
