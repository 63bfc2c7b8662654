"""The exchange: decisions a second with a thousand agents and a thousand waiting callers.

And how far off the waits are that callers are told, in traffic that rises and falls (simulated
around the same exchange), beside what a sign "the average wait is …" would have told them.
"""

import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cli.bench.figures import Line, percentile
from domain.queueing.exchange import Exchange
from domain.queueing.rules import QueueRule
from domain.queueing.seats import Caller, Profile
from domain.queueing.simulate import Arrival, Simulation, Traffic

ROW = "queueing"
GOAL = 2_000
AGENTS = 1_000
WAITING = 1_000
DECISIONS = 20_000
STAFF = 20
TALK_S, PATIENCE_S = 240.0, 300.0
LOADS = (0.85, 1.4, 0.85)  # Erlang for each agent, hour by hour
DAYS = 10
QUEUES = ("general", "enterprise", "foreign", "medical")
_START = datetime(2026, 9, 7, 9, tzinfo=UTC)


def lines(decisions: int = DECISIONS) -> list[Line]:
    """Beside the least that could be called an exchange: one queue, no skills, no reasons."""
    ours, beside = decisions_per_s(decisions), bare_per_s(decisions)
    return [
        _estimates(),
        Line(
            ROW,
            f"seats chosen, {AGENTS} agents of two queues each, {WAITING} waiting, skills, "
            "reasons; beside a sort of one queue",
            f"{ours:,.0f}/s",
            f"{beside:,.0f}/s",
            ours / beside,
            f"≥ {GOAL:,}/s",
            ours >= GOAL,
        ),
    ]


def _estimates() -> Line:
    told, usual = estimate_errors_s()
    return Line(
        ROW,
        f"error of the wait that {len(told):,} callers were told, {STAFF} agents, a rush between "
        "two quiet hours, callers who hang up; beside the mean of the last hundred waits",
        _errors(told),
        _errors(usual),
        percentile(told, 0.9) / percentile(usual, 0.9),
        "less than beside",
        percentile(told, 0.9) < percentile(usual, 0.9),
    )


def _errors(errors_s: list[float]) -> str:
    return f"median {percentile(errors_s, 0.5):.0f} s, p90 {percentile(errors_s, 0.9):.0f} s"


def estimate_errors_s() -> tuple[list[float], list[float]]:
    """|told - waited| of every caller who was told a wait: ours, and that of the usual wait."""
    told, usual = [], []
    for day in range(DAYS):
        seats = {str(number): Profile() for number in range(STAFF)}
        arrivals: list[Arrival] = []
        for hour, load in enumerate(LOADS):
            calls_per_hour = STAFF * load * 3600 / TALK_S
            traffic = Traffic(calls_per_hour, TALK_S, PATIENCE_S, 1.0, seed=100 * day + hour)
            arrivals += (replace(one, at_s=one.at_s + hour * 3600) for one in traffic.arrivals())
        found = Simulation((QueueRule("general"),), seats, _START).run(arrivals)
        told += [abs(promised - waited) for promised, waited in found.estimates]
        usual += [abs(promised - waited) for promised, waited in found.usual]
    return told, usual


def decisions_per_s(decisions: int) -> float:
    """Each: a conversation ends, its seat takes the next caller, and another caller joins."""
    chance = random.Random(1)  # noqa: S311  a load, not a secret
    exchange = Exchange(QueueRule(name) for name in QUEUES)
    for number in range(AGENTS):
        queues = tuple(chance.sample(QUEUES, 2))
        profile = Profile(queues=queues, skills={"english": number % 6})
        exchange.log_in(str(number), str(number), profile, _START)
    talking: list[tuple[str, str]] = []
    now, joined = _START, 0

    def join() -> None:
        nonlocal joined
        joined += 1
        needs = {"english": 2} if joined % 5 == 0 else {}
        caller = Caller(f"c{joined}", now, queue=chance.choice(QUEUES), needs=needs)
        for given in exchange.join(caller, now).assignments:
            exchange.answered(given.seat_id, given.call_id, now)
            talking.append((given.seat_id, given.call_id))

    while len(exchange.waiting) < WAITING:
        join()
    began, made = time.perf_counter(), 0
    while made < decisions:
        now += timedelta(milliseconds=60)
        place = chance.randrange(len(talking))
        talking[place], talking[-1] = talking[-1], talking[place]
        seat_id, call_id = talking.pop()
        for given in exchange.talk_ended(seat_id, call_id, now).assignments:
            exchange.answered(given.seat_id, given.call_id, now)
            talking.append((given.seat_id, given.call_id))
            made += 1
        join()
    return made / (time.perf_counter() - began)


def bare_per_s(decisions: int) -> float:
    """A thousand waiting times sorted anew for each seat that comes free."""
    waiting = [_START + timedelta(seconds=number) for number in range(WAITING)]
    decisions = min(decisions, 2_000)
    began = time.perf_counter()
    for number in range(decisions):
        waiting.sort()
        waiting.pop(0)
        waiting.append(_START + timedelta(seconds=WAITING + number))
    return decisions / (time.perf_counter() - began)
