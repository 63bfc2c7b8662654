"""``hotline queue simulate``: figures beside the formula, and what other staff would do."""

import re

import pytest
from typer.testing import CliRunner

from cli.queue import app


def shares(*options: str) -> list[list[float]]:
    """The percentages of each row."""
    done = CliRunner().invoke(app, ["simulate", *options], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    rows = [line for line in done.output.splitlines() if re.search(r"\d\.\d s ", line)]
    return [[float(one) for one in re.findall(r"([0-9.]+)%", row)] for row in rows]


def test_it_agrees_with_the_formula_and_more_agents_help() -> None:
    usual, more = shares("--agents", "20", "--hours", "60", "--more", "5")
    assert usual[0] == pytest.approx(usual[2], rel=0.03)
    assert more[0] > usual[0]


def test_relaxing_a_skill_helps() -> None:
    few = ("--agents", "20", "--hours", "4", "--more", "0", "--english", "0.5", "--per-hour", "200")
    ((strict, _),) = shares(*few)
    ((relaxed, _),) = shares(*few, "--relax-s", "10")
    assert relaxed > strict


def test_no_agents_are_no_queue() -> None:
    assert CliRunner().invoke(app, ["simulate", "--agents", "0"]).exit_code == 2
