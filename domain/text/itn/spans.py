"""Which stretches of spoken text hold a number that is written in figures, and of what kind."""

from collections.abc import Iterator

from domain.text.itn.protected import PROTECTED
from domain.text.itn.rules import RULES, Kind, TypedSpan

__all__ = ["Kind", "TypedSpan", "typed_spans"]


def typed_spans(text: str) -> list[TypedSpan]:
    """Non-overlapping spans in order of place; an earlier rule wins over a later one."""
    taken = [False] * len(text)
    for name in PROTECTED.finditer(text):
        taken[name.start() : name.end()] = [True] * (name.end() - name.start())
    spans = []
    for span in _matches(text):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = [True] * (span.end - span.start)
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _matches(text: str) -> Iterator[TypedSpan]:
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            written = rule.write(match)
            if written is not None:
                yield TypedSpan(match.start(), match.end(), rule.kind, written)
