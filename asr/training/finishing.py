"""The whole embedded model: the general one, then the hotline's own words added to its language.

The words of the hotline's work (工单号, 办结) come last, the way a city adds its own. In the large
mixture everyday words that sound alike outweigh them; as a part with its own weight they are heard.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from asr.training.additions import pack
from asr.training.pipeline import HERE, build
from asr.training.recipe import Recipe

SERVICE = HERE / "service"
WORDS, SENTENCES = SERVICE / "service.words", SERVICE / "sentences.txt"
BASE, LANGUAGE = "base", "base-language"


def finished(recipe: Recipe, base: Path, language: Path) -> Recipe:
    """The second half: ``base``'s network, its ``language`` and the hotline's own words."""
    return replace(
        recipe,
        acoustic_model=str(base.resolve()),
        language=str(language.resolve()),
        everyday=None,
        start=None,
        words=(str(WORDS),),
        sentences=(str(SENTENCES),),
        leaks_stop=True,
    )


def build_whole(
    recipe: Recipe,
    out: Path,
    say: Callable[[str], None],
    *,
    until: str = "evaluation",
    python: str = sys.executable,
) -> Path:
    """Build OUT/base without the hotline's words, then OUT with them; the model's directory.

    ``until``, ``python`` and `StepFailed`: as of `pipeline.build`.
    """
    say("1 of 2: the network and the general language")
    base = build(recipe, out / BASE, say, until="model", python=python)
    pack(out / BASE, out / LANGUAGE)
    say("2 of 2: the hotline's own words")
    return build(finished(recipe, base, out / LANGUAGE), out, say, until=until, python=python)
