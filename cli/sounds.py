"""Which prompts there are, and how long they last."""

import wave
from pathlib import Path

from callflow.duration import Prompts
from prompts.texts import languages, load_catalogue

# Before the prompts are rendered: characters a second of the synthetic voice, pauses included.
CHARACTERS_PER_S = {"zh-CN": 3.6, "en": 13.0}


def known_sounds(prompts_dir: Path) -> Prompts:
    """Lengths of the rendered prompts; estimated from their texts while there are none."""
    return Prompts({language: _lengths(prompts_dir, language) for language in languages()})


def _lengths(prompts_dir: Path, language: str) -> dict[str, float]:
    rendered = {path.stem: _seconds(path) for path in (prompts_dir / language).glob("*.wav")}
    texts = load_catalogue(language).prompts
    pace = CHARACTERS_PER_S.get(language, CHARACTERS_PER_S["en"])
    return {key: len(text) / pace for key, text in texts.items()} | rendered


def _seconds(path: Path) -> float:
    with wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())
