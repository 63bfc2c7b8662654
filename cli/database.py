"""``hotline db``: the database's form and its agreement with what is on disk."""

import asyncio
from pathlib import Path

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from services.reconcile import Gap, reconcile
from services.recordings import Places
from storage.database import Database
from storage.migrate import migrate, newest_revision

app = typer.Typer(no_args_is_help=True)


@app.command("migrate")
def migrate_command() -> None:
    """升级 Bring the database to the newest form."""
    try:
        typer.echo(migrate(Settings.load().database))
    except SQLAlchemyError as failure:
        typer.echo(f"hotline: {str(failure).splitlines()[0]}", err=True)
        raise typer.Exit(1) from failure


@app.command("status")
def status_command() -> None:
    """状态 Whether the database answers, and the newest revision known here."""
    settings = Settings.load()
    wrong = asyncio.run(_check(settings))
    typer.echo(f"{Database(settings.database).url.render_as_string()}  {newest_revision()}")
    if wrong is not None:
        typer.echo(f"hotline: {wrong}", err=True)
        raise typer.Exit(1)


@app.command("reconcile")
def reconcile_command() -> None:
    """核对 Prove that every answered call has its record, recording and draft; list what lacks."""
    settings = Settings.load()
    places = Places(settings.spool_dir, settings.recordings_dir)
    calls_csv = settings.asterisk_dir / "log" / "cdr-csv" / "Master.csv"
    checked, gaps = asyncio.run(_reconcile(settings, places, calls_csv))
    for gap in gaps:
        typer.echo(f"{gap.call_id}\t{gap.lacks}\t{gap.cause}")
    typer.echo(f"核对通话 calls checked: {checked}; 缺口 gaps: {len(gaps)}", err=True)
    if gaps:
        raise typer.Exit(1)


async def _check(settings: Settings) -> str | None:
    database = Database(settings.database)
    try:
        return await database.check()
    finally:
        await database.close()


async def _reconcile(settings: Settings, places: Places, calls_csv: Path) -> tuple[int, list[Gap]]:
    database = Database(settings.database)
    try:
        return await reconcile(database, places, calls_csv)
    finally:
        await database.close()
