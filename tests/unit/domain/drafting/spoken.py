"""Labelled requests as a recogniser would deliver them."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from domain.drafting.draft import Draft, draft
from domain.drafting.speech import Side, SpokenWord, Utterance

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Request:
    id: int
    city: str
    called_at: str
    spoken: str
    address: str
    time: str
    category: str = ""  # "" where not labelled
    at: str = ""
    topic: str = ""  # first level; "" where not labelled
    parts: dict[str, str] = field(default_factory=dict)  # of the address; {} where not labelled


def requests(name: str) -> list[Request]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [Request(**json.loads(line)) for line in lines]


def utterances(spoken: str, side: Side = Side.CALLER, start_s: float = 0.0) -> list[Utterance]:
    """Words 0.2 s a character, one utterance between two bars, a second between them."""
    said = []
    for stretch in spoken.split("|"):
        words = []
        for word in stretch.split():
            end_s = start_s + 0.2 * len(word)
            words.append(SpokenWord(word, start_s, end_s, 0.9))
            start_s = end_s
        said.append(Utterance(side, tuple(words)))
        start_s += 1.0
    return said


def drafted(request: Request) -> Draft:
    return draft(
        utterances(request.spoken),
        caller_number="13800000000",
        call_started_at=datetime.fromisoformat(request.called_at),
        city=request.city,
    )
