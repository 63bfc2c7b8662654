"""``hotline db``: the database's form."""

import asyncio

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
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


async def _check(settings: Settings) -> str | None:
    database = Database(settings.database)
    try:
        return await database.check()
    finally:
        await database.close()
