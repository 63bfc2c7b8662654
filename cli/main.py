"""The ``hotline`` command. Each subcommand parses, calls one thing, prints."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import structlog
import typer
from rich.console import Console

from asterisk_conf.program import NoAsterisk
from asterisk_conf.render import UnsafeValue
from cli import (
    admin,
    asr,
    call,
    database,
    doctor,
    draft_command,
    flow,
    knowledge,
    privileges,
    queue,
    recordings,
    rules,
    serve,
    text,
    welcome,
)
from cli.prepare import Prepared
from cli.roles import run as run_role
from config import logging
from config.secrets import SecretsUnreadable
from config.settings import PROJECT, Settings

app = typer.Typer(
    name="hotline",
    help="12345 政务服务便民热线 a complete government hotline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(asr.app, name="asr", help="语音识别 speech models and transcription.")
app.add_typer(admin.app, name="admin", help="管理 accounts, from this machine's shell.")
app.add_typer(flow.app, name="flow", help="呼叫流程 call flows: check, simulate.")
app.add_typer(queue.app, name="queue", help="排队 queues: simulate.")
app.add_typer(rules.app, name="rules", help="法规 the cities' rules: replay, show, matrix, check.")
app.add_typer(
    draft_command.app, name="draft", help="工单草稿 drafts: of requests, of a call; learn."
)
app.add_typer(knowledge.app, name="knowledge", help="知识库 knowledge base: import, search.")
app.add_typer(text.app, name="text", help="文本 numbers in figures, private words masked.")
app.add_typer(database.app, name="db", help="数据库 database: migrate, status, verify.")
app.add_typer(
    recordings.app, name="recordings", help="录音 recordings: reconcile, verify, keys, deletion."
)

# Recordings, words and logs are for their owner only.
PRIVATE = 0o077
_EXPECTED = (
    serve.AlreadyRunning,
    serve.DidNotStart,
    NoAsterisk,
    UnsafeValue,
    SecretsUnreadable,
    privileges.CannotDropPrivileges,
)


@app.command("serve")
def serve_command(
    *,
    detach: Annotated[bool, typer.Option(help="Return when all is healthy.")] = False,
    demo: Annotated[
        bool | None, typer.Option(help="Place a sample call. Default: at the first start only.")
    ] = None,
    ready_file: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """启动全部服务 Start every role on this machine."""
    settings = Settings.load()
    logging.set_up("serve", settings.log_level)
    console = Console(stderr=True)
    try:
        privileges.drop(PROJECT, settings.home, sys.argv[1:])
        os.umask(PRIVATE)
        if detach:
            welcome.greet(settings, serve.detach(settings, console), console)
            return

        def on_ready(prepared: Prepared) -> None:
            if ready_file is None:
                welcome.ready(settings, prepared, console, demo=demo)
            else:
                serve.tell_starter(ready_file, prepared)

        serve.serve(settings, console, on_ready=on_ready)
    except _EXPECTED as failure:
        _fail(str(failure))


@app.command()
def stop() -> None:
    """停止服务 Stop what is running."""
    if not serve.stop(Settings.load()):
        typer.echo("没有在运行 nothing was running", err=True)


@app.command("call")
def call_command(
    wav: Annotated[Path, typer.Argument(help="What the caller says: any sound file.")],
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "13800000000",
    dialled: Annotated[str, typer.Option("--to", help="The number to dial.")] = "12345",
) -> None:
    """拨打一个真实 SIP 电话 Place one real SIP call; prints the draft ticket as JSON."""
    try:
        ticket = call.place(Settings.load(), call.Request(wav, caller, dialled))
    except (call.CallFailed, SecretsUnreadable) as failure:
        _fail(str(failure))
    typer.echo(json.dumps(ticket, ensure_ascii=False))


@app.command("doctor")
def doctor_command() -> None:
    """体检 What is missing or wrong, and the command that mends it."""
    raise typer.Exit(doctor.examine(Settings.load(), Console()))


@app.command("bench")
def bench_command(
    rows: Annotated[list[str] | None, typer.Argument(help="Only these rows.")] = None,
    *,
    write: Annotated[bool, typer.Option(help="Write the table to docs/benchmarks.md.")] = False,
) -> None:
    """基准测试 Measure beside the alternatives."""
    from cli import bench  # pulls in the test tools, which `run` does not install

    raise typer.Exit(bench.main(rows or [], Console(), write=write))


@app.command("role", hidden=True)
def role_command(name: str, index: Annotated[int, typer.Argument()] = 0) -> None:
    """Run one role in this process; started by `serve` or by an init system."""
    os.umask(PRIVATE)
    settings = Settings.load()
    logging.set_up(name, settings.log_level)
    structlog.contextvars.bind_contextvars(node=settings.node)
    run_role(name, index, settings)


def _fail(why: str) -> NoReturn:
    typer.echo(f"hotline: {why}", err=True)
    raise typer.Exit(1)
