"""Write spoken text as a person would type it, and remember where each character came from."""

from dataclasses import dataclass

from domain.text.itn.spans import TypedSpan, typed_spans


@dataclass(frozen=True)
class Written:
    """``origin[i]``: the stretch ``(start, end)`` of the spoken text behind written character i."""

    text: str
    origin: tuple[tuple[int, int], ...]
    spans: tuple[TypedSpan, ...]

    def spoken_stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where written characters ``start``..``end`` were spoken; ``start < end``."""
        stretches = self.origin[start:end]
        return stretches[0][0], stretches[-1][1]


def write(spoken: str) -> Written:
    """Typed spans in figures, everything else unchanged."""
    text: list[str] = []
    origin: list[tuple[int, int]] = []
    spans = typed_spans(spoken)
    position = 0
    for span in spans:
        _keep(spoken, position, span.start, text, origin)
        text.append(span.written)
        origin += [(span.start, span.end)] * len(span.written)
        position = span.end
    _keep(spoken, position, len(spoken), text, origin)
    return Written("".join(text), tuple(origin), tuple(spans))


def normalise(spoken: str) -> str:
    """Only the text of `write`."""
    return write(spoken).text


def _keep(
    spoken: str, start: int, end: int, text: list[str], origin: list[tuple[int, int]]
) -> None:
    text.append(spoken[start:end])
    origin += [(place, place + 1) for place in range(start, end)]
