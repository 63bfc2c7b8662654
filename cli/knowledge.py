"""``hotline knowledge``: import entries of the knowledge base, search in them."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from config.settings import Settings
from domain.knowledge import search
from services.actor import Actor
from services.knowledge import Entry, Found, KnowledgeSearch, import_entries
from storage.database import Database

app = typer.Typer(no_args_is_help=True)
SHELL = Actor("shell")
SAMPLES = Path(search.__file__).with_name("samples.jsonl")
LONGEST = {"key": 80, "city": 32, "title": 200, "keywords": 400, "topic": 120, "unit": 200,
           "source": 400}  # fmt: skip


class EntryRefused(ValueError):
    """A line that is no entry; says which and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")


@app.command("import")
def import_command(
    file: Annotated[Path | None, typer.Argument(help="JSON lines; UTF-8.")] = None,
    *,
    samples: Annotated[bool, typer.Option(help="The sample entries of this program.")] = False,
) -> None:
    """导入 Add or change entries from lines {"key","title","answer"[,"city",…]}."""
    if (file is None) == (not samples):
        _fail("give a FILE or --samples")
    try:
        lines = (file or SAMPLES).read_text("utf-8-sig").splitlines()
        entries = list(read_entries(lines))
    except (OSError, UnicodeDecodeError, EntryRefused) as failure:
        _fail(f"{file or SAMPLES}: {failure}")
    counts = asyncio.run(_import(Settings.load(), entries))
    typer.echo(" ".join(f"{name}: {count}" for name, count in counts.items()))


@app.command("search")
def search_command(words: Annotated[str, typer.Argument(help="As a citizen would ask.")]) -> None:
    """查找 The entries that fit best: score, number, title."""
    for found in asyncio.run(_search(Settings.load(), words)):
        typer.echo(f"{found.hit.score:.2f}\t{found.row.id}\t{found.row.title}")


def read_entries(lines: list[str]) -> Iterator[Entry]:
    """Entries of JSON lines; blank lines are passed over. Raises `EntryRefused`."""
    known = {field.name for field in fields(Entry)} & {*LONGEST, "answer", "valid_until"}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as failure:
            raise EntryRefused(number, str(failure)) from failure
        yield _entry(values, known, number)


def _entry(values: Any, known: set[str], number: int) -> Entry:  # noqa: ANN401  parsed JSON
    if not isinstance(values, dict) or not set(values) <= known:
        raise EntryRefused(number, f"an object with some of {sorted(known)} is wanted")
    until = values.pop("valid_until", None)
    for name in ("key", "title", "answer"):
        if not values.get(name):
            raise EntryRefused(number, f"{name} is missing")
    for name, value in values.items():
        if not isinstance(value, str) or len(value) > LONGEST.get(name, 20_000):
            raise EntryRefused(number, f"{name}: a text of at most {LONGEST.get(name, 20_000)}")
    try:
        return Entry(**values, valid_until=date.fromisoformat(until) if until else None)
    except (TypeError, ValueError) as failure:
        raise EntryRefused(number, f"valid_until: {failure}") from failure


async def _import(settings: Settings, entries: list[Entry]) -> dict[str, int]:
    database = Database(settings.database)
    try:
        async with database.transaction() as session:
            now = datetime.now(UTC)
            return dict(await import_entries(session, entries, settings.city, actor=SHELL, now=now))
    finally:
        await database.close()


async def _search(settings: Settings, words: str) -> list[Found]:
    database = Database(settings.database)
    today = datetime.now(settings.zone).date()
    try:
        async with database.session() as session:
            return await KnowledgeSearch().search(session, words, city=settings.city, today=today)
    finally:
        await database.close()


def _fail(why: str) -> NoReturn:
    typer.echo(f"hotline: {why}", err=True)
    raise typer.Exit(1)
