"""The page with the results: the command writes its table, people write the rest."""

from collections.abc import Sequence
from pathlib import Path

from cli.bench.figures import Line, markdown
from cli.bench.machine import Machine

BEGIN, END = "<!-- written by `make bench` -->", "<!-- end of what is written -->"


class PageUnmarked(Exception):
    """The page does not have the two marks between which the table goes."""


def write(page: Path, machine: Machine, lines: Sequence[Line], took_s: float) -> None:
    """Put a whole run between the marks. Raises `PageUnmarked`, `OSError`."""
    said = f"Command: `hotline bench --write`, {_how(machine, took_s)}"
    _put(page, f"{said}\n\n{markdown(lines)}")


def renew(page: Path, machine: Machine, lines: Sequence[Line], took_s: float) -> None:
    """Replace these rows of the table; a sentence tells that they are of another run.

    Raises `PageUnmarked`, `OSError`.
    """
    said, _, table = _parts(page)[1].strip().partition("\n\n")
    rows = list(dict.fromkeys(line.row for line in lines))
    top, dashes, *body = markdown(lines).splitlines()
    kept = table.splitlines()[2:]
    for row in rows:
        own = [line for line in body if _row(line) == row]
        first = next((at for at, line in enumerate(kept) if _row(line) == row), len(kept))
        others = [line for line in kept if _row(line) != row]
        kept = others[:first] + own + others[first:]
    told = [line for line in said.splitlines() if not line.startswith(f"Again: `{' '.join(rows)}`")]
    told.append(f"Again: `{' '.join(rows)}`, {_how(machine, took_s)}")
    _put(page, "\n".join([*told, "", top, dashes, *kept, ""]))


def _row(line: str) -> str:
    return line.split("|")[1].strip()


def _how(machine: Machine, took_s: float) -> str:
    return f"{took_s / 60:.1f} minutes. {machine.sentence()}."


def _parts(page: Path) -> tuple[str, str, str]:
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    between, end, after = rest.partition(END)
    if not (begin and end):
        raise PageUnmarked(f"{page} must hold the lines {BEGIN!r} and {END!r}")
    return before, between, after


def _put(page: Path, between: str) -> None:
    before, _, after = _parts(page)
    page.write_text(f"{before}{BEGIN}\n{between}{END}{after}", "utf-8")
