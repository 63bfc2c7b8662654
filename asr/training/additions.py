"""A city's words and sentences added to the language of a finished model, without any training.

The finished model's language is two files: G.arpa.gz and lexicon.json.gz, as `pack` writes them.
The city's own part is small, so it is mixed in with a small weight of its own.
"""

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from asr.training import lexicon as lexicons
from asr.training.arpa import read_arpa
from asr.training.city_words import read_words
from asr.training.language_model import LanguageModel
from asr.training.recipe import Recipe
from asr.training.segmentation import Segmenter

# The city's weight in the mixture: its words are rare beside all that is said on the telephone.
SHARE = 0.2
# What stands around a name when a caller says it: a word on a list comes in no sentence.
CARRIERS = (
    "{}",
    "在{}",
    "我在{}",
    "我住在{}",
    "{}附近",
    "{}那边",
    "{}的",
    "我要找{}",
    "{}电话是多少",
    "投诉{}",
)

_LANGUAGE, _LEXICON = "G.arpa.gz", "lexicon.json.gz"


def pack(build: Path, out: Path) -> None:
    """Write the language of a finished build into the folder ``out``; the same bytes every time."""
    out.mkdir(parents=True, exist_ok=True)
    for source, name in (
        (build / "language-model/G.arpa", _LANGUAGE),
        (build / "lexicon/lexicon.json", _LEXICON),
    ):
        (out / name).write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))


def finished_language(language: Path) -> LanguageModel:
    return read_arpa(language / _LANGUAGE)


def finished_lexicon(language: Path) -> lexicons.Lexicon:
    """Word -> readings, as `pack` found them."""
    with gzip.open(language / _LEXICON, "rt", encoding="utf8") as opened:
        read = json.load(opened)
    return {
        word: [(tuple(map(tuple, reading)), cost) for reading, cost in readings]
        for word, readings in read.items()
    }


def carried(words: Iterable[str]) -> list[str]:
    """Each word of a city in every carrier."""
    return [carrier.format(word) for word in words for carrier in CARRIERS]


def add_words(recipe: Recipe, build: Path, out: Path, say: Callable[[str], None]) -> None:
    """The lexicon step of an addition: lexicon.json, segmented.txt, open_vocabulary.json."""
    from asr.training.synthesis import Espeak

    language = Path(str(recipe.language))
    base = finished_language(language)
    found = finished_lexicon(language)
    given = read_words(map(Path, recipe.words))
    texts = (build / "texts/language_model.txt").read_text(encoding="utf8").splitlines()
    sentences = [*filter(None, texts), *carried(given)]
    segmenter = Segmenter(base.unigrams, given)
    segmented = [segmenter.words(sentence) for sentence in sentences]
    known = (build / "phones/phones.txt").read_text(encoding="utf8").splitlines()
    pronouncer = lexicons.Pronouncer(Espeak().phonemes, known)
    fresh = (set(given) | set().union(*segmented)) - set(found)
    added = lexicons.build(fresh | set(given), pronouncer, {}, lambda _: (), given)
    found |= {word: readings for word, readings in added.items() if word in fresh or given[word]}
    unread = sorted(fresh - set(found))
    if unread:
        say(f"espeak cannot read: {' '.join(unread)}")
    say(f"{len(fresh)} new words, {len(segmented)} sentences")
    (out / "lexicon.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf8")
    whole = [" ".join(words) for words in segmented if all(word in found for word in words)]
    (out / "segmented.txt").write_text("\n".join(whole) + "\n", encoding="utf8")
    rarest = min(base.unigrams.values())
    shares = {word: base.unigrams.get(word, rarest) for word in found}
    (out / "open_vocabulary.json").write_text(json.dumps(shares, ensure_ascii=False), "utf8")
