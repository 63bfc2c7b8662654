"""``hotline admin``: what only somebody with a shell on this machine may do."""

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer

from config.settings import Settings
from services.accounts import AccountEdit, edit_account
from services.actor import Actor
from services.passwords import Passwords
from storage.database import Database
from storage.repositories.accounts import Accounts

app = typer.Typer(no_args_is_help=True)
SHELL = Actor("shell")


@app.callback()
def admin() -> None:
    """管理 Accounts, from this machine's shell; everything is in the audit trail."""


@app.command("reset-password")
def reset_password(
    name: Annotated[str, typer.Argument(help="The account's name, such as admin.")],
) -> None:
    """重置密码 Give an account a new password, shown once, to be changed at the next sign-in."""
    password = secrets.token_urlsafe(15)
    if not asyncio.run(_reset(Settings.load(), name, password)):
        typer.echo(f"hotline: there is no account {name!r}", err=True)
        raise typer.Exit(1)
    typer.echo(password)


async def _reset(settings: Settings, name: str, password: str) -> bool:
    database = Database(settings.database)
    hashed = await Passwords().hash(password)
    try:
        async with database.transaction() as session:
            account = await Accounts(session).of_name(name)
            if account is None:
                return False
            edit = AccountEdit(password_hash=hashed, disabled=False)
            await edit_account(session, account.id, edit, actor=SHELL, now=datetime.now(UTC))
            return True
    finally:
        await database.close()
