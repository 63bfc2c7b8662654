"""What the command prints and writes, and what it does with a row that cannot run."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from cli import bench
from cli.bench import page
from cli.bench.figures import CannotMeasure, Line, markdown, not_run, percentile
from cli.bench.machine import cpu_s, this_machine
from cli.ports import NoFreePorts, free_block

MET = Line("agi", "verbs|s", "10/s", "5/s other", 2.0, "≥ 2 ×", met=True)


def test_percentiles_are_nearest_ranks() -> None:
    values = [float(n) for n in range(20, 0, -1)]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1, 10, 19, 20]
    with pytest.raises(CannotMeasure):
        percentile([], 0.5)


def test_a_table_for_a_page() -> None:
    lines = markdown([MET, not_run("asr", CannotMeasure("no model"))]).splitlines()
    assert lines[0].startswith("| row | what | ours |")
    assert lines[2] == "| agi | verbs/s | 10/s | 5/s other | 2.00 × | ≥ 2 × | met |"
    assert lines[3] == "| asr | not measured | no model |  |  |  |  |"


def test_the_page_keeps_what_people_wrote(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.md"
    file.write_text(f"# Above\n{page.BEGIN}\nold\n{page.END}\nbelow\n")
    machine = this_machine(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    page.write(file, machine, [MET], took_s=90)
    text = file.read_text()
    assert text.startswith(f"# Above\n{page.BEGIN}\n")
    assert text.endswith(f"{page.END}\nbelow\n")
    assert "old" not in text
    assert "1.5 minutes" in text
    assert "2026-01-02 03:04 UTC" in text
    assert f"{machine.cores} cores of {machine.cpu}" in text
    file.write_text("no marks")
    with pytest.raises(page.PageUnmarked):
        page.write(file, machine, [MET], took_s=90)


def test_rows_measured_again_replace_their_own_lines_only(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.md"
    file.write_text(f"above\n{page.BEGIN}\n{page.END}\nbelow\n")
    machine = this_machine(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    old = [
        Line("agi", "a", "1"),
        Line("asr", "b", "2"),
        Line("asr", "c", "3"),
        Line("flows", "d", "4"),
    ]
    page.write(file, machine, old, took_s=60)
    for value in ("7", "8"):
        page.renew(file, machine, [Line("asr", "new", value), Line("fresh", "e", "9")], took_s=30)
    lines = file.read_text().splitlines()
    cells = [
        tuple(c.strip() for c in line.split("|")[1:4]) for line in lines if line.startswith("|")
    ]
    assert [cell[0] for cell in cells] == ["row", "---", "agi", "asr", "flows", "fresh"]
    assert cells[3] == ("asr", "new", "8")
    assert next(line for line in lines if line.startswith("Again:")).startswith(
        "Again: `asr fresh`, 0.5"
    )
    assert sum(line.startswith("Again:") for line in lines) == 1
    assert lines[0] == "above"
    assert lines[-1] == "below"


def test_the_page_in_the_repository_has_its_marks(tmp_path: Path) -> None:
    copy = tmp_path / "benchmarks.md"
    copy.write_text(bench.PAGE.read_text())
    page.write(copy, this_machine(datetime.now(UTC)), [MET], took_s=1)
    assert "| agi | verbs/s |" in copy.read_text()


def test_an_unknown_row_names_the_known_ones() -> None:
    console = Console(record=True, width=120)
    assert bench.main(["nonsense"], console) == bench.UNKNOWN_ROW
    assert "agi" in console.export_text()


def test_a_row_that_fails_says_why_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: bench.Bench) -> list[Line]:
        raise CannotMeasure("sipp is missing")

    monkeypatch.setattr(bench, "ROWS", {"draft": fails, "agi": lambda _: [MET]})
    copy = tmp_path / "benchmarks.md"
    copy.write_text(bench.PAGE.read_text())
    monkeypatch.setattr(bench, "PAGE", copy)
    console = Console(record=True, width=120)
    assert bench.main([], console, write=True) == 1
    for text in (console.export_text(), copy.read_text()):
        assert "sipp is missing" in text
        assert "2.00 ×" in text
    assert bench.main(["agi"], Console(record=True), write=True) == 0
    assert "sipp is missing" in copy.read_text()


def test_ports_are_free_and_in_a_row() -> None:
    first = free_block(3)
    with socket.create_server(("127.0.0.1", first + 1)):
        assert free_block(1, [first + 1, first + 2]) == first + 2
        with pytest.raises(NoFreePorts, match="no 2 free ports in a row"):
            free_block(2, [first, first + 1])


def test_cpu_seconds_grow_with_work() -> None:
    before = cpu_s(1)
    assert before >= 0
    own = cpu_s(int(Path("/proc/self").resolve().name))
    while cpu_s(int(Path("/proc/self").resolve().name)) <= own:
        pass
