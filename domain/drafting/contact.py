"""A telephone number that the caller says, to be reached at."""

import re

from domain.drafting.found import Found
from domain.text.redaction import Private, figures_in, private_spans

CALLED_SO = re.compile(
    "(?:电话|手机|号码|联系方式|联系我|打我|号|打)(?:号码|号)?(?:是|就是|为|打)?$"
)


def find_contact(text: str) -> Found | None:
    """The last full number told, spoken or written (people correct themselves), in figures."""
    numbers = [span for span in private_spans(text) if span.kind is Private.PHONE]
    if not numbers:
        return None
    last = numbers[-1]
    cued = bool(CALLED_SO.search(text[: last.start]))
    return Found(
        figures_in(text[last.start : last.end]),
        ((last.start, last.end),),
        0.95 if cued else 0.8,
        "cued" if cued else "shape",
    )
