"""The page with the results: the command writes its table, people write the rest."""

from collections.abc import Sequence
from pathlib import Path

from cli.bench.figures import Line, markdown
from cli.bench.machine import Machine

BEGIN, END = "<!-- written by `make bench` -->", "<!-- end of what is written -->"


class PageUnmarked(Exception):
    """The page does not have the two marks between which the table goes."""


def write(page: Path, machine: Machine, lines: Sequence[Line], took_s: float) -> None:
    """Put the table between the marks. Raises `PageUnmarked`, `OSError`."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise PageUnmarked(f"{page} must hold the lines {BEGIN!r} and {END!r}")
    said = f"Command: `hotline bench --write`, {took_s / 60:.1f} minutes. {machine.sentence()}."
    page.write_text(f"{before}{BEGIN}\n{said}\n\n{markdown(lines)}{END}{after}", "utf-8")
