"""Prompt keys and the sound files that speak them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from callflow.commands import Digits, Spoken
from prompts.numbers import spoken_number


class UnknownPrompt(LookupError):
    """A flow names a prompt that the catalogue does not have."""


@dataclass(frozen=True)
class Prompts:
    """``files``: key → absolute path without extension, as the switch wants it.

    ``others``: further languages; what one lacks is said in the first rather than not at all.
    """

    files: Mapping[str, str]
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    language: str = ""

    def speaking(self, language: str) -> "Prompts":
        """The same prompts in this language."""
        return replace(self, language=language)

    def file(self, key: str) -> str:
        """Raises `UnknownPrompt`."""
        for files in (self.others.get(self.language, {}), self.files):
            try:
                return files[key]
            except KeyError:
                continue
        raise UnknownPrompt(key)

    def sounds(self, parts: tuple[Spoken, ...]) -> list[str]:
        """The files that speak these parts, numbers figure by figure."""
        found: list[str] = []
        for part in parts:
            if isinstance(part, Digits):
                found.extend(self.file(key) for key in spoken_number(part.figures))
            else:
                found.append(self.file(part))
        return found


class SoundsOnDisk(dict[str, str]):
    """Prompt key → file without extension; one that is made later is found when it is needed."""

    def __init__(self, folder: Path) -> None:
        super().__init__({path.stem: str(path.with_suffix("")) for path in folder.glob("*.wav")})
        self._folder = folder

    def __missing__(self, key: str) -> str:
        path = self._folder / f"{key}.wav"
        if path.parent != self._folder or not path.is_file():
            raise KeyError(key)
        self[key] = str(path.with_suffix(""))
        return self[key]
