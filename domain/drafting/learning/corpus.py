"""Sentences to learn from: the phrases of phrases/*.toml put together at random, by kind."""

import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from domain.tickets.category import Category

PHRASES = Path(__file__).with_name("phrases")
SLOT = re.compile(r"\{(\w+)\}")
MOST_PHRASES = 3


@cache
def phrases() -> dict[Category, tuple[str, ...]]:
    """The written phrases of each kind, slots unfilled."""
    table = tomllib.loads((PHRASES / "categories.toml").read_text("utf-8"))
    return {Category(name): tuple(lines.split()) for name, lines in table.items()}


@cache
def slots() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads((PHRASES / "slots.toml").read_text("utf-8"))
    return {name: tuple(words.split()) for name, words in table.items()}


def sentences(each: int, seed: int) -> Iterator[tuple[Category, str]]:
    """``each`` sentences of every kind; the same for the same seed."""
    choose = random.Random(seed)  # noqa: S311
    for category, lines in phrases().items():
        for number in range(each):
            # Every phrase is used as often as every other.
            said = [lines[number % len(lines)]]
            said += choose.sample(lines, choose.randrange(MOST_PHRASES))
            if choose.random() < 0.5:  # noqa: PLR2004
                said.insert(0, choose.choice(slots()["opening"]))
            if choose.random() < 0.3:  # noqa: PLR2004
                said.append(choose.choice(slots()["closing"]))
            yield category, _filled("".join(said), choose)


def _filled(line: str, choose: random.Random) -> str:
    return SLOT.sub(lambda slot: choose.choice(slots()[slot[1]]), line)
