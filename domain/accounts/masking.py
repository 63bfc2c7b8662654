"""Show numbers, plates and names without giving them away: 13800000000 → 138****0000."""

import re
from typing import Any

from domain.text.redaction import Private, private_spans

# Ten ASCII digits and what people say for them; 幺 is "one" in numbers that are read out.
DIGIT_RUN = re.compile("[0-9零〇一幺二三四五六七八九]{7,}")
SHORTEST_PERSONAL = 7  # below that: extensions, 12345, 110
SHORTEST_WITH_PREFIX = 9
PREFIX, SUFFIX = 3, 4
HIDDEN_WHOLE = (Private.NAME, Private.PLATE, Private.IDENTITY, Private.BANK_CARD)


def mask_number(number: str) -> str:
    """Keep the first three and last four signs, of short numbers the last four only.

    Numbers of less than seven signs (extensions, service numbers) and words such as
    `anonymous` stay as they are.
    """
    if len(number) < SHORTEST_PERSONAL or not any(sign.isdigit() for sign in number):
        return number
    kept = PREFIX if len(number) >= SHORTEST_WITH_PREFIX else 0
    hidden = len(number) - kept - SUFFIX
    return f"{number[:kept]}{'*' * hidden}{number[-SUFFIX:]}"


def mask_text(text: str) -> str:
    """The text, of the same length, with private words masked.

    Those are runs of seven or more digits (also Chinese ones), and what `domain.text.redaction`
    finds besides telephone numbers: of a name the first character stays, of a plate nothing.
    """
    signs = list(DIGIT_RUN.sub(lambda found: mask_spoken(found.group()), text))
    for span in private_spans(text):
        if span.kind in HIDDEN_WHOLE:
            kept = span.start + (span.kind is Private.NAME and span.end - span.start > 1)
            signs[kept : span.end] = "*" * (span.end - kept)
    return "".join(signs)


def mask_spoken(run: str) -> str:
    """Like `mask_number`, for digits of any script."""
    kept = PREFIX if len(run) >= SHORTEST_WITH_PREFIX else 0
    return f"{run[:kept]}{'*' * (len(run) - kept - SUFFIX)}{run[-SUFFIX:]}"


def mask_all(value: Any) -> Any:  # noqa: ANN401  any JSON value in, the same shape out
    """`mask_text` on every text inside a JSON value; keys stay."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: mask_all(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mask_all(inner) for inner in value]
    return value
