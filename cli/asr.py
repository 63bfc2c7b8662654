"""``hotline asr``: transcribe recordings, measure recognition, look after the speech models."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.table import Table

from asr import adaptation
from asr.cer import CharacterErrors, EntityRecall, character_errors, entity_recall
from asr.correction import Correction, Gazetteer, corrected
from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.models import store
from asr.recognizer import RecognizerUnavailable, Word
from asr.transcribe import AudioUnreadable, probe, transcribe_file
from config.logging import set_up
from config.settings import Settings
from services.corrected_words import CorrectedWords, corrected_words
from storage.database import Database

app = typer.Typer(help="Speech recognition: recordings and models.", no_args_is_help=True)
_GRAPH_PYTHON = Path(__file__).resolve().parents[1] / ".build/graph/bin/python"
_errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
_out = Console(soft_wrap=True, highlight=False, markup=False)


class _RefProblem(Exception):
    """A line of a reference list that cannot be used."""


@app.callback()
def _log_to_stderr() -> None:
    set_up("asr", "WARNING")  # stdout is for what was asked


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Recordings; any format ffmpeg reads.")],
    *,
    jsonl: Annotated[bool, typer.Option(help="One JSON object per file and channel.")] = False,
    names: Annotated[
        Path | None,
        typer.Option(help="Names, one a line: what sounds like one is proposed beside the text."),
    ] = None,
) -> None:
    """Write down what is said in recordings, each channel by itself."""
    gazetteer = _gazetteer(names) if names else None
    failed = asyncio.run(_transcribe_all(files, gazetteer, jsonl=jsonl))
    if failed:
        raise typer.Exit(1)


@app.command()
def cer(
    reference: Annotated[
        Path,
        typer.Argument(help="Tab-separated: file, spoken text, and optionally entities with | ."),
    ],
    *,
    names: Annotated[
        Path | None,
        typer.Option(help="Names, one a line: score the text with names corrected by their sound."),
    ] = None,
) -> None:
    """Measure the character error rate on recordings whose text is known."""
    try:
        rows = _read_reference(reference)
        asyncio.run(_measure(rows, _gazetteer(names) if names else None))
    except (_RefProblem, AudioUnreadable, RecognizerUnavailable, store.ModelProblem) as problem:
        raise _stop(problem) from problem


@app.command()
def adapt(
    *,
    words: Annotated[
        Path | None, typer.Option(help="A city's streets, offices, firms: one a line.")
    ] = None,
    sentences: Annotated[
        Path | None, typer.Option(help="Sentences as its callers say them: one a line.")
    ] = None,
    tools: Annotated[
        Path, typer.Option(help="Python with the graph libraries (make adapt-tools).")
    ] = _GRAPH_PYTHON,
    undo: Annotated[bool, typer.Option(help="Back to the model before the last adapt.")] = False,
) -> None:
    """Teach the embedded model a city's words and phrases; about a minute."""
    models_dir = Settings.load().models_dir
    began = time.monotonic()
    try:
        if undo:
            former = adaptation.undo(models_dir)
            _out.print(f"In use from the next start: {former}. Nothing was removed.")
            return
        additions = adaptation.additions(words, sentences)
        now = datetime.now(UTC)
        place = adaptation.adapt(models_dir, additions, tools, now=now, say=_errors.print)
    except store.ModelProblem as problem:
        raise _stop(problem) from problem
    _out.print(
        f"In use from the next start: {place.name} (made in {time.monotonic() - began:.0f} s). "
        "Back with: hotline asr adapt --undo"
    )


@app.command()
def corrections(
    *,
    words: Annotated[Path, typer.Option(help="File to write: corrected words, one a line.")],
    sentences: Annotated[Path, typer.Option(help="File to write: the sentences they stood in.")],
    since: Annotated[
        datetime | None, typer.Option(help="Only what was corrected from this day on.")
    ] = None,
) -> None:
    """Write what reviewers corrected, as `asr adapt --words … --sentences …` reads it."""
    settings = Settings.load()
    began = None if since is None else since.replace(tzinfo=settings.zone)

    async def read() -> CorrectedWords:
        database = Database(settings.database)
        try:
            async with database.session() as session:
                return await corrected_words(session, began)
        finally:
            await database.close()

    found = asyncio.run(read())
    words.write_text("".join(f"{one}\n" for one in found.words), encoding="utf-8")
    sentences.write_text("".join(f"{one}\n" for one in found.sentences), encoding="utf-8")
    _out.print(
        f"{len(found.words)} words, {len(found.sentences)} sentences; left out {found.left_out} "
        "(single signs, numbers, private words)"
    )


@app.command()
def install(
    source: Annotated[str, typer.Argument(help="Directory, .tar.gz, .zip, or URL of one.")],
    *,
    sha256: Annotated[str | None, typer.Option(help="Checksum the file must have.")] = None,
    name: Annotated[str | None, typer.Option(help="Name to keep it under.")] = None,
) -> None:
    """Put a Vosk model beside the installed ones, after trying to load it."""
    models_dir = Settings.load().models_dir
    columns = (TextColumn("fetching"), BarColumn(), DownloadColumn())
    try:
        with Progress(
            *columns, console=_errors, transient=True, disable=not _errors.is_terminal
        ) as bar:
            task = bar.add_task("", total=None, visible=False)
            place = store.install(
                source,
                models_dir,
                sha256=sha256,
                name=name,
                progress=lambda done, total: bar.update(
                    task, completed=done, total=total, visible=True
                ),
            )
    except store.ModelProblem as problem:
        raise _stop(problem) from problem
    _out.print(f"Installed {place.name}. Choose it with: hotline asr use {place.name}")


@app.command()
def use(
    name: Annotated[str, typer.Argument(help="An installed model; see: hotline asr list")],
) -> None:
    """Make a model the one in use, from the next start of the recognizers."""
    models_dir = Settings.load().models_dir
    try:
        store.ensure_embedded(models_dir)
        store.use(models_dir, name)
    except store.ModelProblem as problem:
        raise _stop(problem) from problem
    former = store.previous(models_dir)
    _out.print(f"In use from the next start: {name}. Back with: hotline asr use {former or name}")


@app.command("list")
def list_models() -> None:
    """Show the installed models; the one in use is marked."""
    models_dir = Settings.load().models_dir
    table = Table("", "name", "rate", "size")
    try:
        store.ensure_embedded(models_dir)
        active = store.active(models_dir)
        for place in store.installed(models_dir):
            model = store.describe(place)
            size = f"{model.size_bytes / 1e6:.1f} MB"
            table.add_row("*" if place == active else "", place.name, f"{model.rate} Hz", size)
    except store.ModelProblem as problem:
        raise _stop(problem) from problem
    _out.print(table)


def _stop(problem: Exception) -> typer.Exit:
    _errors.print(str(problem))
    return typer.Exit(1)


@asynccontextmanager
async def _recognizer() -> AsyncIterator[RemoteRecognizer]:
    """The running recognizers, else one of our own for as long as this command runs."""
    settings = Settings.load()
    running = RemoteRecognizer(settings.recognizer_urls, patience=RECORDED, partials=False)
    try:
        link = await running.connect()
        await link.close()
    except RecognizerUnavailable:
        model = await asyncio.to_thread(store.active, settings.models_dir)
        async with recognizer_process(model) as own:
            yield RemoteRecognizer([own.url], patience=RECORDED, partials=False)
    else:
        yield running


async def _transcribe_all(files: list[Path], gazetteer: Gazetteer | None, *, jsonl: bool) -> bool:
    """Whether any file failed; the others are printed all the same."""
    failed = False
    try:
        async with _recognizer() as recognizer:
            for path in files:
                try:
                    channels = (await probe(path)).channels
                    for channel in range(channels):
                        words = await transcribe_file(path, recognizer, channel=channel)
                        found = gazetteer.corrections(words) if gazetteer else None
                        _print_words(path, channel, words, found, jsonl=jsonl)
                except AudioUnreadable as problem:
                    _errors.print(str(problem))
                    failed = True
    except (RecognizerUnavailable, store.ModelProblem) as problem:
        _errors.print(str(problem))
        failed = True
    return failed


def _gazetteer(names: Path) -> Gazetteer:
    try:
        return Gazetteer(names.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as unreadable:
        raise _stop(_RefProblem(f"{names} cannot be read: {unreadable}")) from unreadable


def _print_words(
    path: Path, channel: int, words: list[Word], found: list[Correction] | None, *, jsonl: bool
) -> None:
    text = "".join(word.word for word in words)
    if jsonl:
        line = {
            "file": str(path),
            "channel": channel,
            "text": text,
            "words": [asdict(word) for word in words],
        }
        if found is not None:
            line["corrections"] = [asdict(one) for one in found]
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    table = Table("from s", "to s", "sure", "word", title=f"{path} channel {channel}: {text}")
    for word in words:
        row = (f"{word.start_s:.2f}", f"{word.end_s:.2f}", f"{word.confidence:.2f}", word.word)
        table.add_row(*row)
    _out.print(table)
    for one in found or ():
        _out.print(f"{one.start_s:.2f} s: {one.original} → {one.name}? sure {one.confidence:.2f}")


def _read_reference(reference: Path) -> list[tuple[Path, str, list[str]]]:
    """Rows of file (relative to the list), text, entities."""
    try:
        lines = reference.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise _RefProblem(f"{reference} cannot be read: {unreadable}") from unreadable
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, text, entities = (*line.split("\t"), "", "")[:3]
        if not name or not text:
            raise _RefProblem(f"{reference} line {number}: wanted is file, a tab, the spoken text")
        rows.append((reference.parent / name, text, [one for one in entities.split("|") if one]))
    if not rows:
        raise _RefProblem(f"{reference} is empty: wanted are lines of file, a tab, the spoken text")
    return rows


async def _measure(
    rows: list[tuple[Path, str, list[str]]], gazetteer: Gazetteer | None = None
) -> None:
    errors, recall, right = CharacterErrors(), EntityRecall(), 0
    table = Table("CER", "file")
    for heading in ("spoken", "recognised"):
        table.add_column(heading, overflow="fold")
    async with _recognizer() as recognizer:
        for path, spoken, entities in rows:
            words = await transcribe_file(path, recognizer)
            text = corrected(words, gazetteer.corrections(words) if gazetteer else ())
            one = character_errors(spoken, text)
            errors, recall = errors + one, recall + entity_recall(entities, text)
            right += one.errors == 0
            table.add_row(f"{one.rate:.1%}", path.name, spoken, text)
    _out.print(table)
    _out.print(
        f"CER {errors.rate:.2%} ({errors.substituted} substituted, {errors.deleted} deleted, "
        f"{errors.inserted} inserted of {errors.spoken} characters); "
        f"{right} of {len(rows)} recordings without an error"
    )
    if recall.spoken:
        _out.print(f"Entities found: {recall.found} of {recall.spoken} ({recall.rate:.1%})")
