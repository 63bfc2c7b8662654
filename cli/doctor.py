"""``hotline doctor``: what is missing or wrong, and the command that mends it."""

import asyncio
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import httpx
from rich.console import Console

from asr.models import store
from asr.models.layout import ModelProblem
from asterisk_conf.program import NoAsterisk, find
from cli.serve import serving_pid
from config.secrets import SecretsUnreadable, load
from config.settings import EMERGENCY_NUMBERS, Settings
from services import trunk_marks
from storage.database import Database

LEAST_FREE_BYTES = 2 * 1024**3


class Verdict(StrEnum):
    GOOD = "[green]✔[/]"
    NOTE = "[yellow]![/]"
    BAD = "[red]✘[/]"


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    what: str
    remedy: str = ""


Look = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings, console: Console) -> int:
    """Print every finding; 1 if something is wrong, else 0."""
    findings = [finding for look in LOOKS for finding in look(settings)]
    for finding in findings:
        console.print(f"{finding.verdict} {finding.what}", highlight=False)
        if finding.remedy:
            console.print(f"   → {finding.remedy}", highlight=False)
    return int(any(finding.verdict is Verdict.BAD for finding in findings))


def _programs(_: Settings) -> Iterator[Finding]:
    for name, use in (
        ("ffmpeg", "sound files"),
        ("espeak-ng", "spoken prompts"),
        ("sox", "spoken prompts"),
        ("baresip", "make call"),
        ("setpriv", "running without root's rights"),
    ):
        if shutil.which(name):
            yield Finding(Verdict.GOOD, f"{name}")
        else:
            yield Finding(Verdict.BAD, f"{name} is missing ({use})", "make setup")


def _asterisk(settings: Settings) -> Iterator[Finding]:
    try:
        yield Finding(Verdict.GOOD, find(settings.asterisk_root).version())
    except NoAsterisk as failure:
        yield Finding(Verdict.BAD, str(failure), "make setup")


def _model(settings: Settings) -> Iterator[Finding]:
    try:
        model = store.active(settings.models_dir)
    except (ModelProblem, OSError) as failure:
        yield Finding(Verdict.BAD, f"speech model: {failure}", "hotline asr list")
        return
    yield Finding(Verdict.GOOD, f"speech model {model.name}")
    if model.name == store.embedded_name():
        yield Finding(
            Verdict.NOTE,
            "the embedded model was trained on synthetic speech only; it is for trying out",
            "hotline asr install vosk-model-small-cn-0.22.zip   (docs/howto/speech-model.md)",
        )


def _secrets(settings: Settings) -> Iterator[Finding]:
    path = settings.home / "secrets.json"
    try:
        load(settings.home)
    except SecretsUnreadable as failure:
        yield Finding(Verdict.BAD, str(failure), "make run")
        return
    if path.stat().st_mode & 0o077:
        yield Finding(Verdict.BAD, f"{path} can be read by others", f"chmod 600 {path}")
    else:
        yield Finding(Verdict.GOOD, "secrets are readable by their owner only")


def _running(settings: Settings) -> Iterator[Finding]:
    if serving_pid(settings) is None:
        for port in (settings.sip_port, settings.ami_port, settings.agi_port, settings.api_port):
            if _taken(port):
                remedy = f"free it, or set another in {settings.home / 'settings.env'}"
                yield Finding(Verdict.BAD, f"port {port} is taken by another program", remedy)
        yield Finding(Verdict.NOTE, "not running", "make run DETACH=1")
        return
    url = f"{settings.api_url}/readyz"
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except httpx.HTTPError as failure:
        yield Finding(Verdict.BAD, f"{url}: {failure}", f"see {settings.log_dir / 'api.log'}")
        return
    if answer.status_code == httpx.codes.OK:
        yield Finding(Verdict.GOOD, "running, every role is ready")
    else:
        yield Finding(Verdict.BAD, f"running, but: {answer.text}", f"see {settings.log_dir}")


def _database(settings: Settings) -> Iterator[Finding]:
    async def check() -> str | None:
        database = Database(settings.database)
        try:
            return await database.check()
        finally:
            await database.close()

    wrong = asyncio.run(check())
    if wrong is None:
        yield Finding(Verdict.GOOD, "the database answers")
    else:
        yield Finding(Verdict.BAD, f"database: {wrong}", "start it; HOTLINE_DATABASE_URL names it")


def _emergency(settings: Settings) -> Iterator[Finding]:
    for number in EMERGENCY_NUMBERS:
        target = settings.emergency_target(number)
        if target:
            yield Finding(Verdict.GOOD, f"{number} leads to {target}")
        else:
            yield Finding(
                Verdict.NOTE,
                f"{number} 只是演练录音 is a drill announcement, not a real line",
                f"HOTLINE_EMERGENCY_{number}=PJSIP/{number}@trunk in settings.env, then make run",
            )


def lines_in_vain(settings: Settings) -> Iterator[Finding]:
    """Emergency lines that the dialplan tried while no engine was there to raise the alarm."""
    for mark in trunk_marks.waiting(settings.spool_dir / "slips"):
        at = mark.at.astimezone(settings.zone)
        yield Finding(
            Verdict.BAD,
            f"{at:%m-%d %H:%M} {mark.number} 的线路 {mark.line} 未接通 was not reached over line "
            f"{mark.line} ({mark.status}), and no engine has raised the alarm yet",
            "check the trunk and its credentials; the engine raises the alarm when it runs",
        )


def _room(settings: Settings) -> Iterator[Finding]:
    place = settings.home if settings.home.exists() else Path()
    free = shutil.disk_usage(place).free
    gigabytes = f"{free / 1024**3:.1f} GB"
    if free < LEAST_FREE_BYTES:
        yield Finding(Verdict.BAD, f"only {gigabytes} free for recordings", f"make room on {place}")
    else:
        yield Finding(Verdict.GOOD, f"{gigabytes} free for recordings")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


LOOKS: tuple[Look, ...] = (
    _programs,
    _asterisk,
    _model,
    _secrets,
    _database,
    _running,
    _emergency,
    lines_in_vain,
    _room,
)
