"""Which of the seven kinds of request this is: spoken intentions first, then telling words."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from domain.drafting.cues import CUES, SAID, WEAK
from domain.drafting.found import Found
from domain.tickets.category import Category

# Three points between first and second place are as good as one strong word.
CLEAR_LEAD = 3.0

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


def find_category(text: str) -> Found:
    """The kind with the most evidence; 求助 with little strength where nothing tells.

    求助 is the usual fate of a request whose kind is not said: it goes to a unit that acts.
    """
    evidence = _evidence(text)
    scores: dict[Category, float] = defaultdict(float)
    for one in evidence:
        scores[one.category] += one.weight
    if not scores:
        return Found(Category.HELP, (), 0.2, "nothing_telling")
    order = list(Category)
    ranking = sorted(scores, key=lambda category: (-scores[category], order.index(category)))
    best = ranking[0]
    lead = scores[best] - (scores[ranking[1]] if len(ranking) > 1 else 0)
    own = [one for one in evidence if one.category is best]
    strength = 0.45 + 0.5 * min(1.0, lead / CLEAR_LEAD)
    rule = "said_so" if any(one.weight == SAID for one in own) else "telling_words"
    return Found(best, tuple((one.start, one.end) for one in own), strength, rule)


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
