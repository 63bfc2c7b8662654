"""``hotline rules``: try the cities' regulations out, read them, look them over. No database."""

import json
import re
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.assessment import assess_command
from domain.calendar.table import OutsideCalendar, state_council
from domain.cities import review
from domain.cities.load import CityInvalid, UnknownCity, cities, rule_sets
from domain.cities.parameters import PARAMETERS
from domain.cities.rules import Rules
from domain.tickets.rehearsal.outcome import play
from domain.tickets.rehearsal.scenario import ScenarioInvalid, parse

app = typer.Typer(help="Regulations as rules: replay a scenario, show, compare, check.")

app.command("assess")(assess_command)

_UNUSABLE = 2
_DIGITS = "零一二三四五六七八九"
_TEN = 10


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A scenario; docs/howto/rehearse.md.")],
) -> None:
    """演练 Play a scenario through its city's rules; prints the outcome as JSON."""
    try:
        scenario = parse(file.read_text("utf-8"))
        outcome = play(scenario, state_council())
    except ScenarioInvalid as problem:
        _fail(problem.line, problem.field, problem.reason)
    except OutsideCalendar as problem:
        _fail(1, "events", str(problem))
    except (OSError, UnicodeDecodeError) as problem:
        _fail(1, str(file), str(problem))
    typer.echo(json.dumps(outcome, ensure_ascii=False, indent=1))


def _fail(line: int, field: str, reason: str) -> NoReturn:
    wrong = {"error": {"line": line, "field": field, "reason": reason}}
    typer.echo(json.dumps(wrong, ensure_ascii=False), err=True)
    raise typer.Exit(_UNUSABLE)


@app.command()
def show(
    city: str,
    article: Annotated[int | None, typer.Option(help="Only what this article states.")] = None,
) -> None:
    """查看 Every parameter of a city with its article, or those of one article."""
    try:
        sets = rule_sets(city)
    except UnknownCity as problem:
        _fail(1, "city", f"unknown city {city!r}; there are {', '.join(problem.known)}")
    for rules in sets:
        _show(rules, None if article is None else f"第{chinese(article)}条")


def _show(rules: Rules, article: str | None) -> None:
    period = rules.period
    until = period.until or ("" if period.start else "never in force")
    typer.echo(f"{period.title} {period.number}")
    typer.echo(f"{period.version}  {period.status}  {period.start or ''} … {until}")
    for name, each in review.stated(rules):
        if article is None or each.article == article:
            label = PARAMETERS[name].label
            note = f"  ({each.note})" if each.note else ""
            typer.echo(f"{each.article}  {name}  {label}: {review.shown(each.value)}{note}")
    for ground in rules.grounds.value:
        if article in (None, ground.article):
            typer.echo(f"{ground.article}  {ground.code}  {ground.action}: {ground.script}")
    if article is None:
        for note in rules.notes:
            typer.echo(f"note: {note}")


def chinese(number: int) -> str:
    """12 → 十二; articles go up to 99."""
    tens, ones = divmod(number, _TEN)
    first = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens % _TEN]}十")
    return first + (_DIGITS[ones] if ones or not tens else "")


@app.command()
def matrix() -> None:
    """对照表 The cities side by side, as a Markdown table made from the rules."""
    latest = [rule_sets(city)[-1] for city in cities()]
    heads = [f"{rules.period.name} {rules.period.version}" for rules in latest]
    typer.echo("| parameter | " + " | ".join(heads) + " |")
    typer.echo("|---" * (len(heads) + 1) + "|")
    for name, parameter in PARAMETERS.items():
        cells = []
        for rules in latest:
            each = dict(review.stated(rules))[name]
            where = "*" if each.silent else f" {each.article}"
            cells.append(review.shown(each.value).replace("|", "/") + where)
        typer.echo(f"| {parameter.label} `{name}` | " + " | ".join(cells) + " |")
    typer.echo("\n`*` the text is silent: engine default, not law.")


@app.command()
def check() -> None:
    """检查 Completeness, contradictions and dead parameters of every city."""
    failed = False
    for city in cities():
        try:
            sets = rule_sets(city)
        except CityInvalid as problem:
            failed = True
            typer.echo(f"{city}: " + re.sub(r"\s+", " ", "; ".join(problem.problems)))
            continue
        for rules in sets:
            typer.echo(f"{rules.period.version} ({rules.period.status})")
            typer.echo(f"  silent: {', '.join(review.silent(rules)) or '-'}")
            for line in review.contradictions(rules):
                typer.echo(f"  contradiction: {line}")
            for line in review.dead(rules):
                failed = True
                typer.echo(f"  dead: {line}")
    if failed:
        raise typer.Exit(1)
