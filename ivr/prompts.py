"""Prompt keys and the sound files that speak them."""

from collections.abc import Mapping
from dataclasses import dataclass

from callflow.commands import Digits, Spoken
from prompts.numbers import spoken_number


class UnknownPrompt(LookupError):
    """A flow names a prompt that the catalogue does not have."""


@dataclass(frozen=True)
class Prompts:
    """``files``: key → absolute path without extension, as the switch wants it."""

    files: Mapping[str, str]

    def file(self, key: str) -> str:
        try:
            return self.files[key]
        except KeyError:
            raise UnknownPrompt(key) from None

    def sounds(self, parts: tuple[Spoken, ...]) -> list[str]:
        """The files that speak these parts, numbers figure by figure."""
        found: list[str] = []
        for part in parts:
            if isinstance(part, Digits):
                found.extend(self.file(key) for key in spoken_number(part.figures))
            else:
                found.append(self.file(part))
        return found
