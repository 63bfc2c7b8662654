"""What must stand before the first role starts: secrets, prompts, model, database, Asterisk.

Every step is repeatable and cheap the second time.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from asr.models import store
from asterisk_conf.program import Asterisk, find
from asterisk_conf.render import write
from cli.switchboard import switchboard
from config import secrets as secret_store
from config.secrets import Secrets
from config.settings import Settings
from prompts.render import render
from services.accounts import ensure_first_administrator
from services.flows import ensure_library
from services.machine_token import ensure_machine_token
from services.passwords import Passwords
from services.retention import ensure_rules
from services.reviewing import ensure_default_form
from storage.database import Database
from storage.migrate import migrate
from storage.sqlite import write_ahead
from storage.vault.keyring import KeyRing

LANGUAGES = ("zh-CN", "en")
TEMPLATE = """\
# Settings of this hotline; the names are those of config/settings.py with HOTLINE_ before them.
# Let softphones of the office network register (default: this machine only):
#HOTLINE_SIP_BIND=0.0.0.0
# The telephone company's SIP servers, and where the emergency numbers lead (default: a drill):
#HOTLINE_TRUNK_HOSTS=203.0.113.10
#HOTLINE_EMERGENCY_110=PJSIP/110@trunk
"""


@dataclass(frozen=True)
class Prepared:
    """``first_password``: of the account ``admin``, only at the very first start."""

    secrets: Secrets
    asterisk: Asterisk
    asterisk_config: Path
    first_password: str | None


def prepare(settings: Settings, console: Console) -> Prepared:
    """Raises what the step that fails raises; its message names the remedy."""
    for folder in (settings.run_dir, settings.log_dir, settings.recordings_dir):
        folder.mkdir(parents=True, exist_ok=True)
    template = settings.home / "settings.env"
    if not template.exists():
        template.write_text(TEMPLATE, "utf-8")
    secrets = secret_store.ensure(settings.home, settings.agents)
    asterisk = find(settings.asterisk_root)
    console.print(f"电话交换 {asterisk.version()}")
    _render_prompts(settings, console)
    model = store.active(settings.models_dir)
    console.print(f"语音模型 speech model: {model.name}")
    migrate(settings.database)
    write_ahead(settings.workflow_database)
    KeyRing(settings.recording_keys_file).ensure()
    first_password = asyncio.run(_accounts(settings, secrets))
    config = write(switchboard(settings, secrets, asterisk))
    return Prepared(secrets, asterisk, config, first_password)


def _render_prompts(settings: Settings, console: Console) -> None:
    columns = (TextColumn("语音提示 prompts"), BarColumn(), TextColumn("{task.fields[name]}"))
    with Progress(*columns, console=console, transient=True) as progress:
        for language in LANGUAGES:
            task = progress.add_task(language, name=language)
            render(
                settings.prompts_dir,
                settings.recorded_prompts_dir,
                language,
                lambda done, total, key, task=task: progress.update(  # type: ignore[misc]
                    task, completed=done, total=total, name=key
                ),
            )


async def _accounts(settings: Settings, secrets: Secrets) -> str | None:
    database = Database(settings.database)
    now = datetime.now(UTC)
    try:
        async with database.transaction() as session:
            await ensure_machine_token(session, secrets.api_token.get_secret_value(), now=now)
        await ensure_library(database, now=now)
        await ensure_rules(database, now=now)
        await ensure_default_form(database, now=now)
        return await ensure_first_administrator(database, passwords=Passwords(), now=now)
    finally:
        await database.close()
