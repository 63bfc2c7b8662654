"""Cutting Chinese sentences into the words of the lexicon: the likeliest row of words."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from asr.training.vocabulary import NUMERALS

# Words that would be cut otherwise, and every caller says.
ENDINGS = (
    "嘉园", "名苑", "雅居", "华庭", "豪庭",
    "家园", "新村", "花园", "小区", "新城", "公寓", "家属院",
    "人社局", "医保局", "城管局", "住建局", "卫健委", "发改委", "文旅局", "号楼", "单元",
)  # fmt: skip
_CHINESE = re.compile("[\u4e00-\u9fff]+")
# Letters stand one by one, as they are said on a plate.
_SPOKEN = re.compile("[\u4e00-\u9fff]+|[A-Z]")
_LONGEST = 10
_JOINED = 3e-4  # a probability high enough to keep a given word whole
_LEAST = 1e-10  # of a character in no list


class Segmenter:
    """Words of a sentence; numbers and letters stand one by one."""

    def __init__(self, likely: Mapping[str, float], words: Iterable[str] = ()) -> None:
        """``likely``: word -> probability. ``words``: to keep whole (streets, companies)."""
        total = sum(likely.values())
        self._cost = {word: -math.log(p / total) for word, p in likely.items() if p > 0}
        for word in (*ENDINGS, *words):
            self._cost[word] = min(self._cost.get(word, math.inf), -math.log(_JOINED))
        self._unknown = -math.log(_LEAST)

    def words(self, sentence: str) -> list[str]:
        """Chinese words and single letters; punctuation is dropped."""
        found: list[str] = []
        for part in _SPOKEN.findall(sentence):
            for word in self._cut(part):
                found.extend(word if NUMERALS.issuperset(word) else [word])
        return found

    def _cut(self, text: str) -> list[str]:
        best: list[tuple[float, int]] = [(0.0, 0)]  # cost up to here, length of the last word
        for end in range(1, len(text) + 1):
            options = []
            for length in range(1, min(_LONGEST, end) + 1):
                unknown = self._unknown if length == 1 else math.inf
                cost = self._cost.get(text[end - length : end], unknown)
                options.append((best[end - length][0] + cost, length))
            best.append(min(options))
        cut: list[str] = []
        at = len(text)
        while at:
            cut.append(text[at - best[at][1] : at])
            at -= best[at][1]
        return cut[::-1]


def dictionary() -> list[tuple[str, int]]:
    """Jieba's dictionary: (word of 1 to 5 Chinese characters, frequency), in its own order."""
    import jieba

    path = Path(jieba.__file__).with_name("dict.txt")
    found = []
    for line in path.read_text(encoding="utf8").splitlines():
        word, frequency, *_ = line.split()
        if len(word) <= 5 and _CHINESE.fullmatch(word):
            found.append((word, int(frequency)))
    return found


def everyday_words(unigrams: Mapping[str, float]) -> list[tuple[str, int]]:
    """The Chinese words of a language model, as `dictionary` gives them: per thousand million."""
    return [
        (word, max(1, round(p * 1e9)))
        for word, p in unigrams.items()
        if len(word) <= 5 and _CHINESE.fullmatch(word)
    ]
