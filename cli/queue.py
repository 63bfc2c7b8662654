"""``hotline queue``: what a queue would do with other staff or other rules."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from config.settings import Settings
from domain.queueing import erlang
from domain.queueing.rules import QueueRule, Relaxation
from domain.queueing.seats import GENERAL, Profile
from domain.queueing.simulate import (
    Arrival,
    NoTraffic,
    Outcome,
    Simulation,
    Traffic,
    past_arrivals,
)
from domain.queueing.statistics import Asked, queue_figures
from services.floor import queue_rules
from services.statistics import Span, TimeRefused
from storage.database import Database
from storage.repositories.statistics import asked_between

app = typer.Typer(no_args_is_help=True)
ENGLISH = "english"
MOST = 5
GOAL_S = 15
_START = datetime(2026, 1, 1, tzinfo=UTC)


@app.callback()
def queue() -> None:
    """排队 What a queue would do with other staff or other rules."""


@app.command("simulate")
def simulate_command(  # noqa: PLR0913  each is an option of the command line
    agents: Annotated[int, typer.Option(min=1, max=5000, help="How many are at work.")] = 20,
    per_hour: Annotated[float, typer.Option(min=1, help="Calls an hour.")] = 288,
    talk_s: Annotated[float, typer.Option(min=1, help="Mean length of a conversation.")] = 200,
    patience_s: Annotated[float, typer.Option(min=0, help="Mean patience; 0: endless.")] = 0,
    hours: Annotated[float, typer.Option(min=0.1, max=1000, help="Length of the run.")] = 24,
    more: Annotated[int, typer.Option(min=0, help="What if so many agents more.")] = 10,
    english: Annotated[float, typer.Option(min=0, max=1, help="Share of agents who know it.")] = 1,
    relax_s: Annotated[float, typer.Option(min=0, help="Skill relaxed after so long; 0: no.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 12345,
) -> None:
    """模拟 The exchange under simulated traffic, beside Erlang C or A where they apply."""
    endless = float("inf")
    traffic = Traffic(per_hour, talk_s, patience_s or endless, hours, seed)
    plain = english == 1
    rule = _rule(needs=not plain, relax_s=relax_s)
    table = _table("公式 formula")
    for number in dict.fromkeys((agents, agents + more)):
        found = Simulation((rule,), _seats(number, english), _START).run(traffic.arrivals())
        formula = _formula(found, traffic, number) if plain else "–"
        _add(table, str(number), found, formula)
    Console().print(table)


@app.command("replay")
def replay_command(
    since: Annotated[datetime, typer.Option(help="From, local time: 2026-11-22T08:00.")],
    until: Annotated[datetime, typer.Option(help="To, local time; 31 days at most.")],
    agents: Annotated[int, typer.Option(min=1, max=5000, help="How many are at work.")] = 20,
    more: Annotated[int, typer.Option(min=0, help="What if so many agents more.")] = 10,
    relax_s: Annotated[float, typer.Option(min=0, help="Skills relaxed after so long; 0: no.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 12345,
) -> None:
    """重演 The calls of a past time with the queues as they are, other staff, relaxed skills.

    Every agent serves every queue and knows every skill. What the callers' patience would have
    been is estimated from those who gave up.
    """
    settings = Settings.load()
    try:
        span = Span(since.replace(tzinfo=settings.zone), until.replace(tzinfo=settings.zone))
        rules, asked = asyncio.run(_past(settings, span))
        arrivals = past_arrivals(asked, span.since, seed)
    except TimeRefused as wrong:
        raise typer.BadParameter(f"{wrong.reason_zh} {wrong}") from None
    except NoTraffic as wrong:
        raise typer.BadParameter(f"这段时间没有通话 {wrong}") from None
    table = _table("来电 calls")
    figures = queue_figures(asked, {}, lambda _: span.since, span.until)
    total = sum(one.asked for one in figures)
    waits = [wait for one in figures for wait in one.waits_s]
    table.add_row(
        "实际 real",
        f"{sum(waits) / max(1, len(waits)):.1f} s",
        f"{sum(wait <= GOAL_S for wait in waits) / total:.1%}",
        f"{sum(one.abandoned for one in figures) / total:.1%}",
        str(total),
    )
    for number in dict.fromkeys((agents, agents + more)):
        found = _replayed(rules, arrivals, span, number, 0.0)
        _add(table, str(number), found, str(found.calls))
        if relax_s:
            found = _replayed(rules, arrivals, span, number, relax_s)
            _add(table, f"{number}，{relax_s:g} 秒后放宽", found, str(found.calls))
    Console().print(table)


async def _past(settings: Settings, span: Span) -> tuple[list[QueueRule], list[Asked]]:
    database = Database(settings.database)
    try:
        async with database.session() as session:
            rules = [rule for rule, _ in await queue_rules(session)]
            return rules, await asked_between(session, span.since, span.until)
    finally:
        await database.close()


def _replayed(
    rules: Iterable[QueueRule],
    arrivals: Iterable[Arrival],
    span: Span,
    agents: int,
    relax_s: float,
) -> Outcome:
    if relax_s:
        steps = (Relaxation(timedelta(seconds=relax_s)),)
        rules = [replace(rule, relaxations=steps) for rule in rules]
    rules = list(rules)
    skills = {skill: MOST for rule in rules for skill in rule.needs}
    serves = Profile(queues=tuple(rule.name for rule in rules), skills=skills)
    seats = {f"{1000 + place}": serves for place in range(agents)}
    return Simulation(rules, seats, span.since, span.since.tzinfo or UTC).run(arrivals)


def _table(last: str) -> Table:
    return Table("坐席 agents", "平均等待 mean wait", "15 秒内 within 15 s", "放弃 abandoned", last)


def _add(table: Table, name: str, found: Outcome, last: str) -> None:
    table.add_row(
        name,
        f"{found.mean_wait_s:.1f} s",
        f"{found.within(GOAL_S):.1%}",
        f"{found.abandoned_share:.1%}",
        last,
    )


def _rule(*, needs: bool, relax_s: float) -> QueueRule:
    steps = (Relaxation(timedelta(seconds=relax_s)),) if relax_s else ()
    return QueueRule(GENERAL, needs={ENGLISH: 1} if needs else {}, relaxations=steps)


def _seats(number: int, english: float) -> dict[str, Profile]:
    knowing = round(number * english)
    return {
        f"{1000 + place}": Profile(skills={ENGLISH: 1} if place < knowing else {})
        for place in range(number)
    }


def _formula(found: Outcome, traffic: Traffic, agents: int) -> str:
    """At the load that really came: by chance it differs a little from what was asked for."""
    load, talk_s = found.load(traffic), found.offered_s / max(1, found.calls)
    if traffic.patience_s == float("inf"):
        return f"Erlang C: {erlang.answered_within(agents, load, talk_s, GOAL_S):.1%} 15 s"
    return f"Erlang A: {erlang.abandons(agents, load, talk_s, traffic.patience_s):.1%} 放弃"
