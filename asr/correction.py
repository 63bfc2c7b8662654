"""Names that a recognizer heard as other words of the same sound: proposals, never silent changes.

For models whose graph cannot be rebuilt. A stretch of recognised words that sounds like a name of
the gazetteer is proposed as that name, with a confidence; what was recognised is kept beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pypinyin import Style, pinyin

from asr.recognizer import Word

# Two-character names sound like too many ordinary words.
SHORTEST, LONGEST = 3, 10
# A proposal below this is not made: three of the four syllables the same, the fourth near.
LEAST_CONFIDENCE = 0.8
_TONE_COST, _NEAR_COST, _FAR_COST = 0.1, 0.3, 1.0
# Pairs that telephone sound and regional speech confuse.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "l"), ("f", "h"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("uang", "uan"), ("ong", "on"))


@dataclass(frozen=True)
class Correction:
    """``name`` for the words ``first`` to ``last`` (indices), recognised as ``original``."""

    first: int
    last: int
    original: str
    name: str
    confidence: float
    start_s: float
    end_s: float


@dataclass(frozen=True)
class _Syllable:
    sound: str  # without tone
    tone: str

    @property
    def near(self) -> str:
        """The same for all sounds that are confused with each other."""
        sound = self.sound
        for long, short in _FINALS:
            if sound.endswith(long):
                sound = sound[: -len(long)] + short
                break
        for first, second in _INITIALS:
            if sound.startswith(first):
                sound = second + sound[len(first) :]
        return sound


def _syllables(text: str) -> tuple[_Syllable, ...]:
    found = []
    # Letters and digits stand for themselves, one by one.
    readings = pinyin(
        text,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=list,  # type: ignore[arg-type] # pypinyin's manual allows a list
    )
    for reading in readings:
        sound = reading[0]
        has_tone = sound[-1:].isdigit()
        found.append(_Syllable(sound[:-1], sound[-1]) if has_tone else _Syllable(sound, "5"))
    return tuple(found)


def _cost(heard: _Syllable, wanted: _Syllable) -> float:
    if heard.sound == wanted.sound:
        return 0.0 if heard.tone == wanted.tone else _TONE_COST
    return _NEAR_COST if heard.near == wanted.near else _FAR_COST


class Gazetteer:
    """The names of a city, found by their sound."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names of 3 to 10 Chinese characters are used; others are passed over."""
        self._sounds: dict[str, tuple[_Syllable, ...]] = {}
        self._by_key: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in names:
            syllables = _syllables(name)
            if not SHORTEST <= len(name) <= LONGEST or len(syllables) != len(name):
                continue
            self._sounds[name] = syllables
            for key in _keys(syllables):
                self._by_key[key].add(name)
        self._lengths = sorted({len(name) for name in self._sounds}, reverse=True)

    def corrections(self, words: Sequence[Word]) -> list[Correction]:
        """Proposals in order, none overlapping; the longest and surest first choice."""
        owner = [number for number, word in enumerate(words) for _ in word.word]
        text = "".join(word.word for word in words)
        taken: set[int] = set()
        found = []
        for first, last, name, confidence in self._candidates(text):
            place = range(owner[first], owner[last - 1] + 1)
            if not taken.isdisjoint(place):
                continue
            taken.update(place)
            whole = "".join(words[number].word for number in place)
            # The window may begin inside a word: what is around the name stays as it was heard.
            begins = owner.index(place[0])
            said = whole[: first - begins] + name + whole[last - begins :]
            span = (words[place[0]].start_s, words[place[-1]].end_s)
            found.append(Correction(place[0], place[-1], whole, said, confidence, *span))
        return sorted(found, key=lambda one: one.first)

    def _candidates(self, text: str) -> list[tuple[int, int, str, float]]:
        """(first, last, name, confidence) of all windows of the text, best first."""
        syllables = _syllables(text)
        known = {at for name in self._sounds for at in _everywhere(name, text)}
        found = []
        for length in self._lengths:
            for first in range(len(text) - length + 1):
                window = syllables[first : first + length]
                if known.isdisjoint(range(first, first + length)):
                    found += [(first, first + length, *one) for one in self._likely(window)]
        return sorted(found, key=lambda one: (-one[3], one[0] - one[1]))

    def _likely(self, window: tuple[_Syllable, ...]) -> Iterator[tuple[str, float]]:
        names = {name for key in _keys(window) for name in self._by_key.get(key, ())}
        for name in sorted(names):
            cost = sum(map(_cost, window, self._sounds[name]))
            confidence = round(1 - cost / len(window), 3)
            if confidence >= LEAST_CONFIDENCE:
                yield name, confidence


def _keys(syllables: Sequence[_Syllable]) -> Iterator[tuple[str, ...]]:
    """The whole by its near sounds, and with each one syllable left open from four on."""
    near = tuple(syllable.near for syllable in syllables)
    yield near
    if len(near) > SHORTEST:
        for k in range(len(near)):
            yield (*near[:k], "", *near[k + 1 :])


def _everywhere(name: str, text: str) -> Iterator[int]:
    """Positions of the text that a name covers: what is right needs no correction."""
    at = text.find(name)
    while at >= 0:
        yield from range(at, at + len(name))
        at = text.find(name, at + 1)


def corrected(words: Sequence[Word], corrections: Iterable[Correction]) -> str:
    """The text with the proposals taken."""
    parts = [word.word for word in words]
    for one in corrections:
        parts[one.first : one.last + 1] = [one.name, *[""] * (one.last - one.first)]
    return "".join(parts)
