"""``hotline db``: the database's form."""

import asyncio

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from services.case_proof import Proof, prove
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


@app.command("verify")
def verify_command() -> None:
    """查验 Prove every ticket's history: no entry changed, and a replay gives the stored state."""
    proof = asyncio.run(_prove(Settings.load()))
    for fault in proof.faults:
        typer.echo(f"{fault.ticket_id}\t{fault.entry}\t{fault.what}")
    typer.echo(
        f"工单 tickets: {proof.tickets}; 记录 entries: {proof.entries}; "
        f"不符 faults: {len(proof.faults)}\n链末 digest of all ends: {proof.digest}",
        err=True,
    )
    if proof.faults:
        raise typer.Exit(1)


async def _prove(settings: Settings) -> Proof:
    database = Database(settings.database)
    try:
        return await prove(database)
    finally:
        await database.close()


async def _check(settings: Settings) -> str | None:
    database = Database(settings.database)
    try:
        return await database.check()
    finally:
        await database.close()
