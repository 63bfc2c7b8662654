"""``hotline rules assess``: the assessment figures of a period, as a table or as JSON."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from config.settings import Settings
from domain.cities.load import UnknownCity
from domain.tickets.assessment.definitions import DEFINITIONS
from domain.tickets.assessment.figures import Figure, Span
from services.assessment import Assessment, assess, china_day
from storage.database import Database


def assess_command(
    start: Annotated[str, typer.Option("--from", help="First day, 2026-10-01.")],
    until: Annotated[str, typer.Option("--to", help="Last day, 2026-10-31.")],
    city: Annotated[str, typer.Option(help="Default: the city served here.")] = "",
    unit: Annotated[str, typer.Option(help="Only this unit.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """考核 Assessment figures per unit from the stored histories, with their definitions."""
    settings = Settings.load()
    try:
        end = china_day(until) + timedelta(days=1)
        span = Span(china_day(start), end, datetime.now(UTC))
        found = asyncio.run(_assess(settings, city or settings.city, span))
    except (ValueError, UnknownCity) as problem:
        typer.echo(f"hotline: {problem}", err=True)
        raise typer.Exit(2) from problem
    if unit:
        only = {name: figures for name, figures in found.units.items() if name == unit}
        found = replace(found, units=only)
    if as_json:
        typer.echo(json.dumps(plain(found), ensure_ascii=False, indent=1))
    else:
        _print(found)


async def _assess(settings: Settings, city: str, span: Span) -> Assessment:
    database = Database(settings.database)
    try:
        async with database.session() as session:
            return await assess(session, city, span)
    finally:
        await database.close()


def plain(found: Assessment) -> dict[str, Any]:
    """As JSON values."""
    return {
        "city": found.city,
        "rules_version": found.rules_version,
        "from": found.span.start.isoformat(),
        "before": found.span.end.isoformat(),
        "all_units": _plain(found.everyone),
        "units": {name: _plain(figures) for name, figures in found.units.items()},
        "unreadable": found.unreadable,
    }


def _plain(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    names = ("name", "label", "part", "whole", "share", "left_out", "goal", "met", "article")
    return [
        {name: getattr(figure, name) for name in names} | {"definition": DEFINITIONS[figure.name]}
        for figure in figures
    ]


def _print(found: Assessment) -> None:
    table = Table(title=f"{found.city} {found.rules_version}")
    columns = [("全部 all", found.everyone), *found.units.items()]
    table.add_column("指标 figure")
    table.add_column("条款 article")
    for name, _ in columns:
        table.add_column(name, justify="right")
    for index, figure in enumerate(found.everyone):
        cells = [_cell(own[index]) if index < len(own) else "" for _, own in columns]
        table.add_row(figure.label, figure.article, *cells)
    Console().print(table)
    for ticket_id in found.unreadable:
        typer.echo(f"未计入 not counted: {ticket_id}", err=True)


def _cell(figure: Figure) -> str:
    share = "–" if figure.share is None else f"{figure.share:.2%}"
    goal = "" if figure.goal is None else f" ≥ {figure.goal:.0%}"
    return f"{share} ({figure.part}/{figure.whole}){goal}"
