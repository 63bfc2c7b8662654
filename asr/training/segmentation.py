"""Cutting Chinese sentences into the words of the lexicon (jieba)."""

import re
from collections.abc import Iterable
from pathlib import Path

import jieba

from asr.training.vocabulary import NUMERALS

# Words that jieba would cut otherwise, and every caller says.
ENDINGS = (
    "嘉园", "名苑", "雅居", "华庭", "豪庭",
    "家园", "新村", "花园", "小区", "新城", "公寓", "家属院",
    "人社局", "医保局", "城管局", "住建局", "卫健委", "发改委", "文旅局", "号楼", "单元",
)  # fmt: skip
_CHINESE = re.compile("[\u4e00-\u9fff]+")
# jieba without its HMM glues neighbouring letters into one word; a plate has them one by one.
_SPOKEN = re.compile("[\u4e00-\u9fff]+|[A-Z]")
_JOINED = 20000  # a frequency high enough for jieba to keep the word whole


class Segmenter:
    """Words of a sentence; numbers and letters stand one by one."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """``words``: further words to keep whole (streets, villages, companies)."""
        self._tokenizer = jieba.Tokenizer()
        jieba.setLogLevel(60)  # it reports its dictionary on stderr otherwise
        for word in (*ENDINGS, *words):
            self._tokenizer.add_word(word, _JOINED)

    def words(self, sentence: str) -> list[str]:
        """Chinese words and single letters; punctuation is dropped. No HMM: it invents words."""
        found: list[str] = []
        for part in _SPOKEN.findall(sentence):
            for word in self._tokenizer.cut(part, HMM=False):
                found.extend(word if NUMERALS.issuperset(word) else [word])
        return found


def dictionary() -> list[tuple[str, int]]:
    """Jieba's dictionary: (word of 1 to 5 Chinese characters, frequency), in its own order."""
    path = Path(jieba.__file__).with_name("dict.txt")
    found = []
    for line in path.read_text(encoding="utf8").splitlines():
        word, frequency, *_ = line.split()
        if len(word) <= 5 and _CHINESE.fullmatch(word):
            found.append((word, int(frequency)))
    return found
