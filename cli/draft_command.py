"""``hotline draft``: drafts of requests, the stored draft of a call, learning from corrections."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli import call_report, draft, learn
from config.secrets import SecretsUnreadable
from config.settings import Settings
from services.draft_lessons import NothingToForget, NothingToLearn

app = typer.Typer(invoke_without_command=True)


@app.callback()
def draft_command(
    context: typer.Context,
    *,
    jsonl: Annotated[
        Path | None, typer.Option(help='Lines {"id","text"[,"city"]}; - is stdin.')
    ] = None,
    call_id: Annotated[
        str | None, typer.Option("--call", help="A call of the running system.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="With --call: a page with draft, words and sound.")
    ] = None,
    unmask: Annotated[
        str | None,
        typer.Option(help="With --html: leave private words in clear; why, for the audit trail."),
    ] = None,
) -> None:
    """生成工单草稿 Draft tickets of written requests, or show the draft of a call."""
    if context.invoked_subcommand:
        return
    try:
        if jsonl and not call_id and not html:
            made = draft.of_file(jsonl)
        elif call_id and html and not jsonl:
            call_report.write(Settings.load(), call_id, html, unmask)
            made = iter(())
        elif call_id and not jsonl and not unmask:
            made = iter([draft.stored(Settings.load(), call_id)])
        else:
            _fail("give --jsonl FILE, or --call ID [--html FILE [--unmask WHY]]")
        for one in made:
            typer.echo(json.dumps(one, ensure_ascii=False))
    except (draft.CannotDraft, SecretsUnreadable) as failure:
        _fail(str(failure))


@app.command("learn")
def learn_command(
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Withdraw what was learnt last.")] = False,
) -> None:
    """学习坐席的修改 Learn from submitted tickets what agents corrected; --undo takes it back."""
    settings = Settings.load()
    try:
        lines = learn.undo(settings) if undo else learn.learn(settings)
    except (NothingToLearn, NothingToForget) as failure:
        _fail(str(failure))
    for line in lines:
        typer.echo(line)


def _fail(why: str) -> NoReturn:
    typer.echo(f"hotline: {why}", err=True)
    raise typer.Exit(1)
