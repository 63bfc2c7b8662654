"""``hotline recordings``: whether they are all there, whole, sealed with the newest key, due."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.vault import vault_for
from config.settings import Settings
from services import adoption, chain, downloads, reconcile, retention
from services.actor import Actor
from services.recordings import Places
from storage.database import Database
from storage.vault.keyring import KeyInUse, KeysUnreadable
from storage.vault.vault import Vault

app = typer.Typer(no_args_is_help=True)


@app.command("reconcile")
def reconcile_command() -> None:
    """核对 Prove that every answered call has its record, recording and draft; list what lacks."""

    async def work(settings: Settings, database: Database, vault: Vault) -> bool:
        calls_csv = settings.asterisk_dir / "log" / "cdr-csv" / "Master.csv"
        places = Places(settings.spool_dir, vault)
        checked, gaps = await reconcile.reconcile(database, places, calls_csv)
        for gap in gaps:
            typer.echo(f"{gap.call_id}\t{gap.lacks}\t{gap.cause}")
        typer.echo(f"核对通话 calls checked: {checked}; 缺口 gaps: {len(gaps)}", err=True)
        return not gaps

    _do(work)


@app.command("verify")
def verify_command() -> None:
    """校验 Read every recording to its last byte, and the chain of hashes of every day."""

    async def work(_: Settings, database: Database, vault: Vault) -> bool:
        number = 0
        async for fault in chain.verify(database, vault):
            number += 1
            typer.echo(f"{fault.where}\t{fault.what}")
        typer.echo(f"问题 faults: {number}", err=True)
        return number == 0

    _do(work)


@app.command("rotate-keys")
def rotate_keys_command(
    retire: Annotated[
        str | None, typer.Option(help="Instead: forget this old key, if nothing needs it.")
    ] = None,
) -> None:
    """换钥 Seal with a new key from now on, and put every recording under it. Nothing stops."""

    async def work(settings: Settings, database: Database, vault: Vault) -> bool:
        if retire is not None:
            await asyncio.to_thread(vault.retire, retire)
            typer.echo(f"{retire} 已删除 forgotten")
            return True
        done = await adoption.rotate_keys(database, vault, settings.recordings_dir)
        typer.echo(
            f"{vault.ring.active}: 换钥 rewrapped {done.rewrapped}, 新加密 sealed {done.sealed}"
        )
        return True

    _do(work)


@app.command("expire")
def expire_command(
    *,
    propose: Annotated[bool, typer.Option(help="Write the list down as a proposal.")] = False,
    carry_out: Annotated[bool, typer.Option(help="Delete what was confirmed.")] = False,
) -> None:
    """到期 What would go by the retention rules; without an option nothing is changed."""

    async def work(_: Settings, database: Database, vault: Vault) -> bool:
        now = datetime.now(UTC)
        if propose:
            number = await retention.propose(database, _me(), now=now)
            typer.echo("没有到期 nothing is due" if number is None else f"提议 proposal {number}")
        elif carry_out:
            for number in await retention.carry_out(database, vault, now=now):
                typer.echo(f"已删除 carried out {number}")
        else:
            number = 0
            async for batch in retention.due(database, now=now):
                number += len(batch)
                for one in batch:
                    typer.echo(f"{one.call_id}\t{one.until:%Y-%m-%d}\t{one.rule}")
            typer.echo(f"到期 due: {number}", err=True)
        return True

    _do(work)


@app.command("whose")
def whose_command(file: Path) -> None:
    """来源 Whose download a recording is that turned up somewhere, by the mark in its sound."""

    async def work(_: Settings, database: Database, __: Vault) -> bool:
        try:
            found = await downloads.whose(database, file)
        except downloads.NoRecording as failure:
            typer.echo(f"hotline: {failure}", err=True)
            return False
        if found is None:
            typer.echo("没有标记 no mark of ours", err=True)
            return False
        typer.echo(f"{found.actor}\t{found.at.isoformat()}\t{found.call_id}\t{found.address}")
        return True

    _do(work)


def _me() -> Actor:
    return Actor(f"shell:{getpass.getuser()}")


def _do(work: Callable[[Settings, Database, Vault], Awaitable[bool]]) -> None:
    """With settings, database and vault; exit status 1 where something was found wrong."""
    settings = Settings.load()

    async def all_of_it() -> bool:
        database = Database(settings.database)
        try:
            return await work(settings, database, vault_for(settings, "shell"))
        finally:
            await database.close()

    try:
        sound = asyncio.run(all_of_it())
    except (KeysUnreadable, KeyInUse) as failure:
        typer.echo(f"hotline: {failure}", err=True)
        raise typer.Exit(1) from failure
    if not sound:
        raise typer.Exit(1)
