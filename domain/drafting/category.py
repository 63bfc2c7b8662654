"""Which of the seven kinds of request this is: what is said outright, else a small model."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.drafting.cues import CUES, SAID, STRONG, WEAK
from domain.drafting.found import Found
from domain.drafting.kind_model import kind_scores
from domain.drafting.learning.lessons import Weights, corrected
from domain.tickets.category import Category

# What a cue adds to the model's log odds; found on the three older sets of labelled requests.
COUNTS = {SAID: 6.0, STRONG: 1.0, WEAK: 0.3}
FLOOR = -6.0
# The strength of a kind that just wins by chance, and of a certain one.
LEAST, MOST = 0.2, 0.95

TAUGHT = "learnt_from_corrections"

NOT = "(?<!不)(?<!不是)(?<!不是要)(?<!不想)(?<!没有)(?<!不要)"
# 上次投诉过, 之前反映了: what was done before is not what is wanted now.
PAST = re.compile("(?:上次|之前|以前|已经|曾经|多次|上回|去年|也).{0,4}$")
DONE = re.compile("(?:过|无果|也没|了(?:好|几|多|两|三|很多)|没(?:有)?(?:用|人))")

COMPILED = tuple(
    (category, weight, re.compile(NOT + f"(?:{'|'.join(cues)})")) for category, weight, cues in CUES
)


@dataclass(frozen=True)
class Evidence:
    """One telling stretch of text."""

    category: Category
    weight: float
    start: int
    end: int


def find_category(
    text: str, clauses: Sequence[tuple[int, int]] = (), learnt: Weights | None = None
) -> Found:
    """The likeliest kind: cues and the small model together.

    ``clauses``: character ranges between rests, over which the model's runs do not reach.
    ``learnt``: what agents' corrections taught; where it decides, the rule says so.
    """
    evidence = _evidence(text)
    before = category_scores(text, clauses)
    taught = corrected({one.value: score for one, score in before.items()}, text, learnt or {})
    scores = _log_shares({Category(name): score for name, score in taught.items()})
    best = max(scores, key=scores.__getitem__)
    if best is not max(before, key=before.__getitem__):
        return Found(best, (), LEAST + (MOST - LEAST) * math.exp(scores[best]), TAUGHT)
    own = tuple((one.start, one.end) for one in evidence if one.category is best)
    said = any(one.weight == SAID and one.category is best for one in evidence)
    rule = "said_so" if said else "telling_words" if own else "learned_runs"
    return Found(best, own, LEAST + (MOST - LEAST) * math.exp(scores[best]), rule)


def category_scores(text: str, clauses: Sequence[tuple[int, int]] = ()) -> dict[Category, float]:
    """Log shares of the kinds by cues and the small model, before anything was learnt."""
    parts = [text[start:end] for start, end in clauses] or [text]
    scores = _log_shares(kind_scores("，".join(parts)))
    for one in _evidence(text):
        scores[one.category] += COUNTS[one.weight]
    return _log_shares(scores)


def _log_shares(scores: Mapping[Category, float]) -> dict[Category, float]:
    """Logarithms of shares that add to 1, none below `FLOOR`: the model is never that sure."""
    total = max(scores.values())
    total += math.log(sum(math.exp(score - total) for score in scores.values()))
    return {category: max(FLOOR, score - total) for category, score in scores.items()}


def _evidence(text: str) -> list[Evidence]:
    """Cues found; each cue list counts at most two hits, so that repetition proves nothing."""
    hits = [
        Evidence(category, weight, match.start(), match.end())
        for category, weight, cue in COMPILED
        for match in list(cue.finditer(text))[:2]
        if not PAST.search(text[: match.start()]) and not DONE.match(text, match.end())
    ]
    said = min((hit.start for hit in hits if hit.weight == SAID), default=None)
    # The first intention is the caller's own summing up; a later one colours the story.
    return [
        replace(hit, weight=WEAK) if hit.weight == SAID and hit.start != said else hit
        for hit in hits
    ]
