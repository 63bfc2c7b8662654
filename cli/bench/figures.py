"""What a measurement hands over, and how a table shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("row", "what", "ours", "beside", "ratio", "goal", "verdict")


class CannotMeasure(Exception):
    """A row that cannot run here; says why in words."""


@dataclass(frozen=True)
class Line:
    """One line of the table. ``ratio``: ours to beside; ``met``: None where nothing is asked."""

    row: str
    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        verdict = "" if self.met is None else ("met" if self.met else "missed")
        return (self.row, self.what, self.ours, self.beside, ratio, self.goal, verdict)


def not_run(row: str, why: object) -> Line:
    """The line of a row that could not be measured."""
    return Line(row, "not measured", str(why) or type(why).__name__)


def markdown(lines: Sequence[Line]) -> str:
    """The table for a page."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in lines)]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of them do not exceed; nearest rank.

    Raises `CannotMeasure` for no values.
    """
    if not values:
        raise CannotMeasure("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]
