"""A telephone number that the caller says, to be reached at."""

import re

from domain.drafting.found import Found
from domain.text.redaction import Private, figures_in, private_spans
from domain.text.surnames import DOUBLE_SURNAMES

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


TITLE = re.compile("先生|女士|小姐")
SELF = re.compile("(?:我(?:的名字)?(?:就)?(?:叫做?|姓|是)|免贵姓|本人(?:叫|是)?|联系人(?:是|叫)?)$")


def find_contact_name(text: str) -> Found | None:
    """The caller's own name or surname as told (我姓张 → 张); None if not told.

    A name that somebody else bears (一位姓陈的司机) is none of the caller's.
    """
    for span in private_spans(text):
        if span.kind is Private.NAME and SELF.search(text[: span.start]):
            title = TITLE.match(text, span.end)
            value = text[span.start : title.end() if title else span.end]
            whole = len(value) > (2 if value.startswith(DOUBLE_SURNAMES) else 1)
            return Found(
                value,
                ((span.start, span.end),),
                0.7 if whole else 0.6,
                "told_name" if whole else "told_surname",
            )
    return None
