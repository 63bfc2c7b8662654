"""``hotline flow``: prove a call flow safe, and talk to it, before anybody calls it."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from callflow import check as proofs
from callflow.check import Report
from callflow.commands import Digits
from callflow.duration import spoken_by
from callflow.flow import Flow, FlowUnreadable, from_library, parse
from callflow.simulate import Run, ScriptFault, World, simulate
from callflow.trial import Expected, unlike
from cli.sounds import known_sounds
from config.settings import Settings

app = typer.Typer(no_args_is_help=True)
MOST_BYTES = 5 * 1024 * 1024
FlowFile = Annotated[Path, typer.Argument(help="A flow as JSON, or the name of a library flow.")]


@app.command("check")
def check_command(flow: FlowFile) -> None:
    """检查 Prove the flow safe; exit status 1 when a fault forbids publishing it."""
    report = proofs.check(_load(flow), known_sounds(Settings.load().prompts_dir))
    _tell(report, Console())
    raise typer.Exit(0 if report.publishable else 1)


@app.command("simulate")
def simulate_command(
    flow: FlowFile,
    script: Annotated[
        Path, typer.Option(help="Turns as a JSON list, or {world, script, expects} as an object.")
    ],
) -> None:
    """演练 Run the flow against a script; prints path, notes and what was heard as JSON.

    Exit status 0; 1 when the call does not go as the script ``expects``; 2 for unusable files.
    """
    trial = _trial(script)
    try:
        run = simulate(_load(flow), trial.world, trial.script)
    except ScriptFault as failure:
        _fail(f"{script}: {failure}")
    wrong = unlike(run, trial.expects)
    typer.echo(json.dumps({**_told(run), "wrong": wrong}, ensure_ascii=False))
    raise typer.Exit(1 if wrong else 0)


class _Script(BaseModel):
    """A rehearsal in a file: what stands around the call, what is done, what must come of it."""

    model_config = ConfigDict(extra="forbid")

    world: World = World()
    script: list[dict[str, object]]
    expects: Expected = Expected()


def _trial(file: Path) -> _Script:
    try:
        given = json.loads(file.read_text("utf-8"))
        return _Script.model_validate({"script": given} if isinstance(given, list) else given)
    except ValidationError as failure:
        places = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'script'}: {fault['msg']}"
            for fault in failure.errors()
        )
        _fail(f'{file}: {places}; turns are a list such as [{{}}, {{"key": "0"}}]')
    except (OSError, ValueError, RecursionError) as failure:
        _fail(f"{file}: {failure}")


def _load(flow: Path) -> Flow:
    try:
        if not flow.exists() and flow.suffix == "":
            return from_library(flow.name)
        if flow.stat().st_size > MOST_BYTES:
            _fail(f"{flow} is larger than 5 MB: no flow is")
        return parse(flow.read_text("utf-8"))
    except (FlowUnreadable, OSError, UnicodeDecodeError) as failure:
        _fail(f"{flow}: {failure}")


def _tell(report: Report, console: Console) -> None:
    for fault in report.faults:
        mark = "[yellow]![/]" if fault.warning else "[red]✘[/]"
        console.print(f"{mark} {fault.node}: {fault.reason} ({fault.code})", highlight=False)
        if fault.example:
            way = " → ".join(
                step.node + (f" [按 {step.key}]" if step.key else "") for step in fault.example
            )
            console.print(
                f"   例 example: {way} ({fault.after_s:g} s)", highlight=False, markup=False
            )
    figures = report.figures
    person = "—" if figures.to_person_s is None else f"{figures.to_person_s:g} s"
    verdict = (
        "可以发布 may be published" if report.publishable else "不能发布 must not be published"
    )
    console.print(f"节点 nodes: {figures.nodes}; 到人工 to a person: {person}; {verdict}")


def _told(run: Run) -> dict[str, object]:
    heard = [
        part.figures if isinstance(part, Digits) else part
        for command in run.commands
        for part in spoken_by(command)
    ]
    state = run.state
    return {"path": state.path, "notes": state.notes, "ended": state.ended, "heard": heard}


def _fail(why: str) -> NoReturn:
    typer.echo(f"hotline: {why}", err=True)
    raise typer.Exit(2)
