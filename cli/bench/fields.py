"""The fields of a draft from the words of a request: time on one core, no system around it."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from cli.bench.figures import Line, percentile
from domain.calendar.limit import CHINA
from domain.drafting.draft import draft
from domain.drafting.learning.corpus import sentences
from domain.drafting.speech import Utterance
from domain.drafting.written import written_utterance
from domain.text.itn.normalise import normalise

ROW = "fields"
GOAL_MS = 20.0
REQUESTS = 420
SENTENCES = 3
T = TypeVar("T")
_CALLED_AT = datetime(2026, 11, 22, 9, tzinfo=CHINA)


def lines(requests: int = REQUESTS) -> list[Line]:
    """Median and 95th percentile, beside writing numbers in figures alone."""
    texts = _texts(requests)
    length = sum(map(len, texts)) / len(texts)
    ours = milliseconds(_drafted, [written_utterance(text) for text in texts])
    beside = milliseconds(normalise, texts)
    return [_line(f"{length:.0f} characters, {name}", ours, beside, share) for name, share in SHOWN]


SHOWN = (("p50", 0.5), ("p95", 0.95))


def _line(what: str, ours: list[float], beside: list[float], share: float) -> Line:
    mine, other = percentile(ours, share), percentile(beside, share)
    return Line(
        ROW,
        f"draft of a request of {what}, beside its figures alone",
        f"{mine:.2f} ms",
        f"{other:.2f} ms",
        mine / other,
        f"≤ {GOAL_MS:.0f} ms",
        mine <= GOAL_MS,
    )


def milliseconds(work: Callable[[T], object], inputs: list[T]) -> list[float]:
    """Processor time for each input; the first one, which reads the tables, is done twice."""
    work(inputs[0])
    took = []
    for one in inputs:
        began = time.process_time()
        work(one)
        took.append((time.process_time() - began) * 1000)
    return took


def _texts(requests: int) -> list[str]:
    """Requests put together from the sentences that the small model learns from."""
    told = [text for _, text in sentences(requests * SENTENCES // 7 + 1, seed=12345)]
    return ["，".join(told[n::requests][:SENTENCES]) for n in range(requests)]


def _drafted(one: Utterance) -> object:
    return draft([one], caller_number="13800000000", call_started_at=_CALLED_AT, city="杭州")
