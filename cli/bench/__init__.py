"""``hotline bench``: measure beside the alternatives; one table, no pass or fail on times."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from cli.bench import page
from cli.bench.figures import HEAD, Line, not_run
from cli.bench.machine import this_machine
from cli.bench.system import System
from config.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "benchmarks.md"
UNKNOWN_ROW = 2


class Bench:
    """What the rows share: settings, and a hotline that starts when the first row needs it."""

    def __init__(self, settings: Settings, stack: ExitStack, console: Console) -> None:
        self.settings = settings
        self._stack = stack
        self._console = console
        self._system: System | None = None

    def system(self) -> System:
        if self._system is None:
            self._console.print("starting a hotline to measure on …")
            self._system = self._stack.enter_context(System(self.settings))
        return self._system


def _tickets(_: Bench) -> list[Line]:
    from cli.bench import post_ticket

    return post_ticket.lines()


def _rules(_: Bench) -> list[Line]:
    from cli.bench import rules

    return rules.lines()


def _flows(_: Bench) -> list[Line]:
    from cli.bench import flows

    return flows.lines()


def _fields(_: Bench) -> list[Line]:
    from cli.bench import fields

    return fields.lines()


def _queueing(_: Bench) -> list[Line]:
    from cli.bench import queueing

    return queueing.lines()


def _asr(bench: Bench) -> list[Line]:
    from asr.models.store import active
    from cli.bench import asr_legs, asr_rtf

    model = active(bench.settings.models_dir)
    return [*asr_rtf.lines(model), *asr_legs.lines(model)]


def _names(_: Bench) -> list[Line]:
    from cli.bench import asr_names

    return asr_names.lines()


def _agi(bench: Bench) -> list[Line]:
    from cli.bench import agi_verbs

    return agi_verbs.lines(bench.system())


def _draft(bench: Bench) -> list[Line]:
    from cli.bench import draft

    return draft.lines(bench.system())


def _catch_up(bench: Bench) -> list[Line]:
    from cli.bench import catch_up

    return catch_up.lines(bench.settings)


def _greeting(bench: Bench) -> list[Line]:
    from cli.bench import greeting

    return greeting.lines(bench.system())


def _floor(bench: Bench) -> list[Line]:
    from cli.bench import floor

    return floor.lines(bench.system())


def _finding(_: Bench) -> list[Line]:
    from cli.bench import finding

    return finding.lines()


def _keeping(_: Bench) -> list[Line]:
    from cli.bench import keeping

    return keeping.lines()


# Each imports what it measures only when it is asked for: the processes under measurement live in
# this package too. The row that floods the system comes after those that need it quiet.
ROWS: dict[str, Callable[[Bench], list[Line]]] = {
    "tickets": _tickets,
    "rules": _rules,
    "flows": _flows,
    "fields": _fields,
    "finding": _finding,
    "keeping": _keeping,
    "queueing": _queueing,
    "asr": _asr,
    "names": _names,
    "agi": _agi,
    "draft": _draft,
    "floor": _floor,
    "catch-up": _catch_up,
    "greeting": _greeting,
}


def main(rows: list[str], console: Console, *, write: bool = False) -> int:
    """Measure these rows (none named: all), print the table, write the page when asked to.

    A whole run writes the whole table, with what could not be measured; named rows replace their
    own lines. 0: every row was measured; 1: one could not be; 2: no such row.
    """
    unknown = [name for name in rows if name not in ROWS]
    if unknown:
        console.print(f"no row {', '.join(unknown)}; there are: {', '.join(ROWS)}")
        return UNKNOWN_ROW
    machine, began = this_machine(datetime.now(UTC)), time.monotonic()
    console.print(machine.sentence())
    lines, whole = _measure([name for name in ROWS if name in rows or not rows], console)
    console.print(_table(lines))
    if write:
        put = page.renew if rows else page.write
        put(PAGE, machine, lines, time.monotonic() - began)
    return 0 if whole else 1


def _measure(names: Sequence[str], console: Console) -> tuple[list[Line], bool]:
    """The lines, and whether every row could be measured."""
    lines: list[Line] = []
    whole = True
    with ExitStack() as stack:
        bench = Bench(Settings.load(), stack, console)
        for name in names:
            console.print(f"measuring {name} …")
            try:
                found = ROWS[name](bench)
            except Exception as failure:  # noqa: BLE001  one row must not take the others along
                found, whole = [not_run(name, failure)], False
            # A run takes many minutes: what was measured before it is stopped is not lost.
            for line in found:
                console.print("  " + " · ".join(cell for cell in line.cells() if cell))
            lines += found
    return lines, whole


def _table(lines: Sequence[Line]) -> Table:
    table = Table(*HEAD)
    for line in lines:
        table.add_row(*line.cells())
    return table
