"""How words sound, so that what was misheard is found: 人命路 and 人民路 are the same here.

Syllables by Mandarin reading (pypinyin), without tones, and with what recognisers and half of all
speakers do not tell apart folded together: zh/z, ch/c, sh/s, n/l at the beginning, ng/n at the end.
"""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True)) | {"幺": "一", "〇": "零"}
FOLDED = (
    (re.compile("^([zcs])h"), r"\1"),
    (re.compile("^n"), "l"),
    (re.compile("([aei])ng$"), r"\1n"),
    (re.compile("v|ü"), "u"),
)


def syllables(text: str) -> list[str]:
    """One folded syllable for each sign; letters stand for themselves."""
    spoken = "".join(DIGITS.get(sign, sign) for sign in text)
    found: list[str] = []
    for reading in lazy_pinyin(spoken, style=Style.NORMAL, errors=_each):
        found.append(_folded(reading.casefold()))
    return found


def _each(other: str) -> str:
    # A list is one reading for each sign, which pypinyin allows and its stubs do not.
    return list(other)  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def _folded(syllable: str) -> str:
    for pattern, into in FOLDED:
        syllable = pattern.sub(into, syllable)
    return syllable
