"""Prompt keys and the sound files that speak them."""

from collections.abc import Mapping
from dataclasses import dataclass

from callflow.commands import Digits, Spoken

GROUP = 4  # figures read without a pause: twelve are easier to write down as 4-4-4
# As numbers are read out on the telephone: 幺 cannot be taken for 七 (GB/T 33358 names no rule; it
# is the custom of 114 and 12345 lines).
FIGURES = {"1": "digit-1-phone"}


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
                found.extend(self._figures(part.figures))
            else:
                found.append(self.file(part))
        return found

    def _figures(self, figures: str) -> list[str]:
        found = []
        for place, figure in enumerate(figures):
            if place and place % GROUP == 0:
                found.append(self.file("pause-200"))
            found.append(self.file(FIGURES.get(figure, f"digit-{figure}")))
        return found
