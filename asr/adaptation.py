"""A city's words and phrases for the embedded model: a new graph, a minute's work, no training.

The acoustic model stays; its language (``models/embedded-language``) is mixed with the city's and
becomes a model of its own beside the others, put to use by one rename. The former model stays.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asr.models import store
from asr.models.layout import ModelProblem
from asr.training.city_words import WordWrong, parse_words
from asr.training.pipeline import StepFailed, build
from asr.training.recipe import Recipe
from asr.training.sentence_grammar import SENTENCE

LANGUAGE = Path(__file__).parent / "models" / "embedded-language"
ADAPTED = "adapted-"
_SPOKEN_DIGIT = re.compile(r"[0-9]")


class AdditionWrong(ModelProblem):
    """A file of words or sentences cannot be used; says which line and what would be right."""


class NotRebuildable(ModelProblem):
    """The model in use is not the embedded one: its graph cannot be built anew here."""


class ToolsMissing(ModelProblem):
    """The libraries that build a graph are not installed."""


@dataclass(frozen=True)
class Additions:
    """Text files: ``words`` one a line (with pinyin where wanted), ``sentences`` one a line."""

    words: Path
    sentences: Path


def additions(words: Path | None, sentences: Path | None) -> Additions:
    """`AdditionWrong` unless both are given."""
    if words is None or sentences is None:
        raise AdditionWrong("Wanted are --words FILE and --sentences FILE, or --undo.")
    return Additions(words, sentences)


def check(added: Additions) -> None:
    """`AdditionWrong` for a file or a line that cannot be used."""
    for number, line in enumerate(_lines(added.words), 1):
        try:
            parse_words([line])
        except WordWrong:
            raise AdditionWrong(
                f"{added.words} line {number}: {line.strip()!r} is no word. Wanted: Chinese "
                "characters, then, where the reading is unusual, pinyin with tones (六合 lu4 he2)."
            ) from None
    for number, line in enumerate(_lines(added.sentences), 1):
        sentence = line.strip()
        if not sentence or sentence.startswith("#") or SENTENCE.fullmatch(sentence):
            continue
        digits = " Write numbers as they are spoken (一三八, 二十五)." * bool(
            _SPOKEN_DIGIT.search(sentence)
        )
        raise AdditionWrong(
            f"{added.sentences} line {number}: {sentence!r} holds more than Chinese "
            f"characters, the letters of plates and ，.{digits}"
        )


def adapt(
    models_dir: Path,
    added: Additions,
    tools: Path,
    *,
    now: datetime,
    say: Callable[[str], None],
) -> Path:
    """Build, try out and put to use a model with the additions; returns its directory.

    ``tools``: the Python of an environment with the graph libraries. Raises a `ModelProblem` and
    leaves the model in use as it was when anything fails.
    """
    check(added)
    base = _rebuildable(models_dir)
    if not tools.exists():
        raise ToolsMissing(f"{tools} is not there. Install it with: make adapt-tools")
    recipe = Recipe(
        acoustic_model=str(base),
        language=str(LANGUAGE),
        words=(str(added.words.resolve()),),
        sentences=(str(added.sentences.resolve()),),
    )
    with tempfile.TemporaryDirectory(prefix=".adapting-", dir=models_dir.parent) as work:
        try:
            model = build(recipe, Path(work), say, until="model", python=str(tools))
        except StepFailed as failed:
            raise ModelProblem(f"The graph could not be built: {failed}") from failed
        place = store.install(model, models_dir, name=f"{ADAPTED}{now:%Y%m%d-%H%M%S}")
    store.use(models_dir, place.name)
    return place


def undo(models_dir: Path) -> str:
    """Go back to the model in use before the last `adapt`; its name. Nothing is removed."""
    former = store.previous(models_dir)
    if former is None or not store.active(models_dir).name.startswith(ADAPTED):
        raise ModelProblem("The model in use is no adapted one: there is nothing to undo.")
    store.ensure_embedded(models_dir)
    store.use(models_dir, former)
    return former


def _rebuildable(models_dir: Path) -> Path:
    active = store.active(models_dir)
    base = store.ensure_embedded(models_dir)
    if active != base and not active.name.startswith(ADAPTED):
        raise NotRebuildable(
            f"{active.name} is in use, and only the embedded model can be rebuilt here. Take it "
            f"first (hotline asr use {base.name}), or have names corrected by their sound: "
            "hotline asr transcribe --names FILE."
        )
    return base


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise AdditionWrong(f"{path} cannot be read as UTF-8 text: {unreadable}") from unreadable
