"""``hotline queue``: what a queue would do with other staff or other rules."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from domain.queueing import erlang
from domain.queueing.rules import QueueRule, Relaxation
from domain.queueing.seats import GENERAL, Profile
from domain.queueing.simulate import Outcome, Simulation, Traffic

app = typer.Typer(no_args_is_help=True)
ENGLISH = "english"
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
    table = Table(
        "坐席 agents", "平均等待 mean wait", "15 秒内 within 15 s", "放弃 abandoned", "公式 formula"
    )
    for number in dict.fromkeys((agents, agents + more)):
        found = Simulation((rule,), _seats(number, english), _START).run(traffic.arrivals())
        formula = _formula(found, traffic, number) if plain else "–"
        table.add_row(
            str(number),
            f"{found.mean_wait_s:.1f} s",
            f"{found.within(15):.1%}",
            f"{found.abandoned_share:.1%}",
            formula,
        )
    Console().print(table)


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
        return f"Erlang C: {erlang.answered_within(agents, load, talk_s, 15):.1%} 15 s"
    return f"Erlang A: {erlang.abandons(agents, load, talk_s, traffic.patience_s):.1%} 放弃"
