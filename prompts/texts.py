"""The catalogue: which prompt keys exist, what each says, and in which voice."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CATALOGUE_DIR = Path(__file__).parent / "catalogue"


class UnknownLanguage(LookupError):
    """No catalogue is written in this language."""

    def __init__(self, language: str) -> None:
        super().__init__(f"no prompt catalogue for {language!r}, there are: {languages()}")
        self.language = language


@dataclass(frozen=True)
class Voice:
    """One espeak-ng voice: ``pitch`` 0..99, pauses in milliseconds."""

    name: str
    variant: str
    speed_wpm: int
    pitch: int
    clause_ms: int
    sentence_ms: int


@dataclass(frozen=True)
class Catalogue:
    """Everything one language says. ``digits`` are cut close, to be played in a row."""

    language: str
    voice: Voice
    prompts: Mapping[str, str]
    digits: Mapping[str, str]

    def text(self, key: str) -> str:
        """The words of a prompt or digit; `KeyError` if the catalogue lacks it."""
        return self.prompts[key] if key in self.prompts else self.digits[key]


def languages() -> list[str]:
    """The languages that can be rendered, e.g. ``["en", "zh-CN"]``."""
    return sorted(path.stem for path in CATALOGUE_DIR.glob("*.toml"))


def load_catalogue(language: str) -> Catalogue:
    """Read one language's catalogue; `UnknownLanguage` names the ones there are."""
    if language not in languages():
        raise UnknownLanguage(language)
    raw: dict[str, Any] = tomllib.loads((CATALOGUE_DIR / f"{language}.toml").read_text("utf-8"))
    return Catalogue(
        language=language,
        voice=Voice(**raw["voice"], **raw["pauses"]),
        prompts=raw["prompts"],
        digits=raw["digits"],
    )
