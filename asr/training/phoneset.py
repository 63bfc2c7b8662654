"""espeak-ng's Mandarin phoneme names -> phones: an initial and a toned final per syllable.

espeak writes 停水 as ``th'i35N_| s.w'ei214_|``; here it becomes ``["th", "iN2"]``,
``["s.", "uei3"]``. Tones: 55 -> 1, 35 -> 2, 214 and 21 -> 3, 51 -> 4, all else (neutral) -> 5.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

SILENCE = "SIL"

# Pseudo-initial: the first 40 ms of a syllable without an initial. Phones have one state, so
# without it 二二 is one long 二; with it doubled digits mostly survive (2.4 % CER on 60 numbers
# with doubled digits).
ONSET = "Q"
ONSET_MS = 40

INITIALS = (
    "p", "ph", "m", "f", "t", "th", "n", "l", "k", "kh", "X", "ts", "tsh", "s", "ts.", "ts.h",
    "s.", "z.", "tS;", "tS;h", "S;", "j", "w", ";",
)  # fmt: skip
VOWELS = (
    "i", "a", "u", "iE", "Au", "@", "A", "y", "o-", "iA", "ong", "uo", "ei", "ai", "i.", "uei",
    "ou", "iou", "u@", "o", "y&", "ua", "i[", "y@", "yE", "yu", "uai", "@r", "yi", "io",
)  # fmt: skip
CODAS = ("n", "N", "N-")
# Longest first, so that a prefix never hides a longer name.
TOKENS = tuple(sorted({*INITIALS, *VOWELS, *CODAS}, key=lambda token: (-len(token), token)))
TONES = {"55": "1", "35": "2", "214": "3", "21": "3", "51": "4"}
NEUTRAL = "5"
GLIDES = {"w": "u", "j": "i"}


class NotMandarin(ValueError):
    """espeak's phonemes are not a row of Mandarin syllables (Latin letters, say)."""


@dataclass(frozen=True)
class Syllable:
    """``phones``: (initial or `ONSET`, toned final), ``token_count``: names in espeak's writing."""

    phones: tuple[str, ...]
    token_count: int
    has_initial: bool


@dataclass(frozen=True)
class Segment:
    """A phone (or `SILENCE`) from ``start_ms`` to ``end_ms`` of the speech."""

    phone: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class _Token:
    name: str
    tone: str | None


def _name_at(text: str, at: int) -> str:
    for name in TOKENS:
        if text.startswith(name, at):
            return name
    raise NotMandarin(f"{text!r} at {at}")


def _tokens(text: str) -> list[_Token | None]:
    """``th'i35N`` -> th, i with tone 2, N; a separator becomes one None."""
    found: list[_Token | None] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in "',":
            at += 1
        elif char in "_|!: ":
            if found and found[-1] is not None:
                found.append(None)
            at += 1
        elif char.isdigit():
            end = at
            while end < len(text) and text[end].isdigit():
                end += 1
            if not found or found[-1] is None:
                raise NotMandarin(text)
            found[-1] = _Token(found[-1].name, TONES.get(text[at:end], NEUTRAL))
            at = end
        else:
            found.append(_Token(_name_at(text, at), None))
            at += len(found[-1].name)  # type: ignore[union-attr]
    return found


def _syllable(names: Sequence[str], tone: str) -> Syllable:
    has_initial = names[0] in INITIALS and len(names) > 1
    rest = list(names[1:] if has_initial else names)
    if has_initial and rest[0] in GLIDES and len(rest) > 1:  # the medial, written as a glide
        glide = GLIDES[rest[0]]
        rest = rest[1:]
        if not rest[0].startswith(glide):
            rest[0] = glide + rest[0]
    initial = names[0] if has_initial else ONSET
    return Syllable((initial, "".join(rest) + tone), len(names), has_initial)


def _is_coda(name: str, following: _Token | None) -> bool:
    """An n after the toned vowel closes the syllable, unless a vowel follows it."""
    opens_next = name == "n" and following is not None and following.name in VOWELS
    return name in CODAS and not opens_next


def syllables(text: str) -> list[Syllable]:
    """Parse what espeak's TextToPhonemes wrote; `NotMandarin` when it is anything else."""
    tokens = [*_tokens(text), None]
    found: list[Syllable] = []
    names: list[str] = []
    tone: str | None = None
    for k, token in enumerate(tokens):
        ends = token is None or (tone is not None and not _is_coda(token.name, tokens[k + 1]))
        if ends and names:
            if tone is None:
                raise NotMandarin(f"no tone in {text!r}")
            found.append(_syllable(names, tone))
            names, tone = [], None
        if token is not None:
            names.append(token.name)
            tone = token.tone or tone
    return found


def phones_of(text: str) -> list[list[str]]:
    """`syllables`, phones only: ``[["th", "iN2"], ["s.", "uei3"]]``."""
    return [list(syllable.phones) for syllable in syllables(text)]


def _skip_pauses(
    events: Sequence[tuple[float, str]], at: int, into: list[tuple[str, float]]
) -> int:
    while at < len(events) and (events[at][1].startswith("_") or not events[at][1]):
        into.append((SILENCE, events[at][0]))
        at += 1
    return at


def align(events: Sequence[tuple[float, str]], phonemes: str, end_ms: float) -> list[Segment]:
    """When each phone is spoken.

    ``events``: espeak's phoneme events, (ms from the start, name). ``phonemes``: the same text by
    TextToPhonemes. `NotMandarin` when the two disagree.
    """
    starts: list[tuple[str, float]] = []
    at = 0
    for syllable in syllables(phonemes):
        at = _skip_pauses(events, at, starts)
        spoken = events[at : at + syllable.token_count]
        if len(spoken) < syllable.token_count or any(name.startswith("_") for _, name in spoken):
            raise NotMandarin("events and phonemes differ")
        initial, final = syllable.phones
        begin = spoken[0][0]
        if syllable.has_initial and spoken[0][1] != initial:
            raise NotMandarin("events and phonemes differ")
        starts.append((initial, begin))
        starts.append((final, spoken[1][0] if syllable.has_initial else begin + ONSET_MS))
        at += syllable.token_count
    if _skip_pauses(events, at, starts) != len(events):
        raise NotMandarin("events after the last syllable")
    ends = [*(start for _, start in starts[1:]), end_ms]
    return [
        Segment(phone, start, end)
        for (phone, start), end in zip(starts, ends, strict=True)
        if end > start
    ]


def enumerate_phones(
    characters: Iterable[tuple[str, int]], phonemes_of: Callable[[str], str]
) -> list[str]:
    """The phone list of this espeak-ng, `SILENCE` first, `ONSET` last.

    ``characters``: (character, how often it is written). Finals that occur, each also in the
    neutral tone, because espeak reads some characters so only inside words.
    """
    counts: Counter[str] = Counter()
    for character, frequency in characters:
        try:
            for phones in phones_of(phonemes_of(character)):
                counts.update(dict.fromkeys(phones, frequency))
        except NotMandarin:
            continue
    not_finals = {*INITIALS, ONSET}
    finals = sorted(phone for phone in counts if phone not in not_finals and counts[phone])
    bases = sorted({final[:-1] for final in finals})
    neutral = [base + NEUTRAL for base in bases if base + NEUTRAL not in finals]
    initials = [initial for initial in INITIALS if counts[initial]]
    return [SILENCE, *initials, *finals, *neutral, ONSET]
