"""Private words in a call, as stretches of sound: what to silence in a copy for reviewers."""

import re

from domain.drafting.speech import Span, Transcript
from domain.text.redaction import Private, private_spans

# A number that was half understood fits no rule any more; so many digits in a row are private.
HALF_UNDERSTOOD = re.compile(
    "[零〇幺一二三四五六七八九0-9](?:[多]?[零〇幺一二三四五六七八九0-9]){6,}"
)
# A recogniser's times are good to some hundredths of a second; a word's first and last sounds
# reach over them, but never into the middle of the pause before the neighbouring word.
MARGIN_S = 0.08


def private_speech(heard: Transcript) -> list[tuple[Private, Span]]:
    """What to silence on one side, in order of time; whole words, seconds of the call."""
    return [(one.kind, heard.span(one.start, one.end)) for one in private_spans(heard.text)]


def silenced(heard: Transcript) -> list[tuple[float, float]]:
    """Stretches of sound to hide on one side: ``(start_s, end_s)`` in order, none overlapping.

    Wider than `private_speech` by runs of seven and more digits that are no known number, and by
    a margin of at most 0.08 s on both sides that ends halfway to the neighbouring word.
    """
    hidden = sorted(
        {(one.start, one.end) for one in private_spans(heard.text)}
        | {match.span() for match in HALF_UNDERSTOOD.finditer(heard.text)}
    )
    joined: list[tuple[int, int]] = []
    for start, end in hidden:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [_widened(heard, start, end) for start, end in joined]


def _widened(heard: Transcript, start: int, end: int) -> tuple[float, float]:
    first, last = heard.word_of[start], heard.word_of[end - 1]
    words = heard.words
    before = words[first - 1].end_s if first else 0.0
    after = words[last + 1].start_s if last + 1 < len(words) else words[last].end_s + 2 * MARGIN_S
    lead = min(MARGIN_S, max(0.0, words[first].start_s - before) / 2)
    tail = min(MARGIN_S, max(0.0, after - words[last].end_s) / 2)
    return max(0.0, words[first].start_s - lead), words[last].end_s + tail
