"""The exchange: decisions a second with a thousand agents and a thousand waiting callers."""

import random
import time
from datetime import UTC, datetime, timedelta

from cli.bench.figures import Line
from domain.queueing.exchange import Exchange
from domain.queueing.rules import QueueRule
from domain.queueing.seats import Caller, Profile

ROW = "queueing"
GOAL = 2_000
AGENTS = 1_000
WAITING = 1_000
DECISIONS = 20_000
QUEUES = ("general", "enterprise", "foreign", "medical")
_START = datetime(2026, 9, 7, 9, tzinfo=UTC)


def lines(decisions: int = DECISIONS) -> list[Line]:
    """Beside the least that could be called an exchange: one queue, no skills, no reasons."""
    ours, beside = decisions_per_s(decisions), bare_per_s(decisions)
    return [
        Line(
            ROW,
            f"seats chosen, {AGENTS} agents of two queues each, {WAITING} waiting, skills, "
            "reasons; beside a sort of one queue",
            f"{ours:,.0f}/s",
            f"{beside:,.0f}/s",
            ours / beside,
            f"≥ {GOAL:,}/s",
            ours >= GOAL,
        )
    ]


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
