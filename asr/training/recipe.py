"""What to build: sizes, times, and a city's own words."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

SPEECH_PART_HOURS = 1.0  # one resumable step each; half of the parts speak general text


@dataclass(frozen=True)
class Recipe:
    """``hours`` of speech are made, the network trains ``minutes`` of wall clock on them.

    ``acoustic_model``: an existing model directory whose network (and phone list) is taken over,
    so that only the graph is built. ``words`` and ``sentences``: text files of a city.
    ``everyday``: an ARPA model of everyday Chinese to mix with the callers' sentences; None:
    jieba's words alone. ``start``: a finished model whose network is trained on. ``language``: the
    language of a finished model (`additions`), to which ``words`` and ``sentences`` are added.
    ``tested_sentences``: at most so many of each test set; None: all. ``leaks_stop``: additions to
    a finished language must not hold a piece of a test set, or what is measured afterwards would be
    worth nothing; a city's own model is not measured, and its callers may say anything.
    """

    hours: float = 48.0
    minutes: float = 60.0
    width: int = 256
    hotline_sentences: int = 40_000
    colloquial_sentences: int = 50_000
    request_sentences: int = 120_000
    dictionary_words: int = 30_000
    callers_share: float = 0.5
    pairs: int = 130_000
    triples: int = 40_000
    threads: int = 1
    noisy_tests: bool = True
    tested_sentences: int | None = None
    acoustic_model: str | None = None
    everyday: str | None = None
    start: str | None = None
    language: str | None = None
    words: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    leaks_stop: bool = False

    @property
    def speech_parts(self) -> int:
        return max(2, 2 * round(self.hours / SPEECH_PART_HOURS / 2))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf8")


def load_recipe(path: Path) -> Recipe:
    fields = json.loads(path.read_text(encoding="utf8"))
    lists = {name: tuple(fields[name]) for name in ("words", "sentences")}
    return replace(Recipe(**fields), **lists)


# Small enough for a coffee: it recognises the commonest sentences, badly.
TOY = Recipe(
    hours=1.0,
    minutes=2.5,
    hotline_sentences=6_000,
    colloquial_sentences=6_000,
    request_sentences=6_000,
    dictionary_words=4_000,
    noisy_tests=False,
    tested_sentences=24,
)
