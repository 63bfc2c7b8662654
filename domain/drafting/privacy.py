"""Private words in a call, as stretches of sound: what to silence in a copy for reviewers."""

from domain.drafting.speech import Span, Transcript
from domain.text.redaction import Private, private_spans


def private_speech(heard: Transcript) -> list[tuple[Private, Span]]:
    """What to silence on one side, in order of time; whole words, seconds of the call."""
    return [(one.kind, heard.span(one.start, one.end)) for one in private_spans(heard.text)]
