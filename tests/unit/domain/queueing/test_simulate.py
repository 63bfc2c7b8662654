"""The exchange under simulated traffic does what the formulas say where they apply."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from domain.queueing import erlang
from domain.queueing.rules import DEFAULT_QUEUE, Overflow, OverflowTo, QueueRule, Relaxation
from domain.queueing.seats import Profile
from domain.queueing.simulate import (
    Arrival,
    NoTraffic,
    Outcome,
    Simulation,
    Traffic,
    past_arrivals,
)
from domain.queueing.statistics import Asked

START = datetime(2026, 1, 1, tzinfo=UTC)
ANY = Profile()
TOLERANCE = 0.03


def run(traffic: Traffic, agents: int, rule: QueueRule = DEFAULT_QUEUE) -> Outcome:
    seats = {f"{number}": ANY for number in range(1000, 1000 + agents)}
    return Simulation((rule,), seats, START).run(traffic.arrivals())


@pytest.mark.parametrize(
    ("agents", "load", "wanted"),
    # Published values: Erlang B 10 agents 5 E; Erlang C 10 agents 8 E.
    [(10, 5.0, 0.0183846), (10, 8.0, 0.1216610)],
)
def test_erlang_b_is_as_published(agents: int, load: float, wanted: float) -> None:
    assert erlang.blocked(agents, load) == pytest.approx(wanted, rel=1e-4)


def test_erlang_c_is_as_published_and_endless_beyond_its_load() -> None:
    assert erlang.waits(10, 8.0) == pytest.approx(0.40918, rel=1e-3)
    assert erlang.mean_wait_s(1, 0.5, 60.0) == pytest.approx(60.0)  # M/M/1: ρ/(1-ρ)·service
    assert erlang.answered_within(10, 8.0, 100.0, 0.0) == pytest.approx(1 - 0.40918, rel=1e-3)
    assert erlang.mean_wait_s(5, 5.0, 60.0) == float("inf")
    assert (erlang.waits(5, 6.0), erlang.answered_within(5, 6.0, 60.0, 15.0)) == (1.0, 0.0)


def test_erlang_a_has_its_limits() -> None:
    """Endless patience loses nobody; none at all loses whom Erlang B loses; M/M/∞ in between."""
    assert erlang.abandons(10, 8.0, 100.0, 1e9) == pytest.approx(0.0, abs=1e-5)
    assert erlang.abandons(10, 8.0, 100.0, 1e-6) == pytest.approx(erlang.blocked(10, 8.0), rel=1e-4)
    assert erlang.abandons(500, 800.0, 100.0, 100.0) == pytest.approx(0.375, rel=0.01)


def test_without_hang_ups_the_exchange_is_erlang_c() -> None:
    traffic = Traffic(calls_per_hour=288, talk_s=200, hours=140, seed=1)
    found = run(traffic, 20)
    talk_s = found.offered_s / found.calls
    assert found.abandoned == found.left == 0
    assert found.calls > 39_000
    assert found.within(15) == pytest.approx(
        erlang.answered_within(20, found.load(traffic), talk_s, 15), rel=TOLERANCE
    )


def test_with_hang_ups_the_exchange_is_erlang_a() -> None:
    """22 Erlang at 20 agents: only that callers give up keeps the queue from growing for ever."""
    traffic = Traffic(calls_per_hour=396, talk_s=200, patience_s=100, hours=100, seed=2)
    found = run(traffic, 20)
    talk_s = found.offered_s / found.calls
    assert found.abandoned_share == pytest.approx(
        erlang.abandons(20, found.load(traffic), talk_s, 100), rel=TOLERANCE
    )


def test_work_is_fair_and_the_estimate_is_near() -> None:
    found = run(Traffic(calls_per_hour=1980, talk_s=200, patience_s=300, hours=8, seed=3), 100)
    shares = list(found.talked_s.values())
    mean_s = sum(shares) / len(shares)
    assert all(abs(one - mean_s) < 0.25 * mean_s for one in shares)
    error_s = found.estimate_error_s()
    assert error_s is not None
    assert error_s < 0.5 * sum(real for _, real in found.estimates) / len(found.estimates)


def test_relaxing_skills_answers_who_would_have_waited_in_vain() -> None:
    arrivals = [Arrival(0.0, 60.0, float("inf"))]
    strict = QueueRule("general", needs={"english": 3})
    relaxing = QueueRule(
        "general", needs={"english": 3}, relaxations=(Relaxation(timedelta(seconds=30)),)
    )
    assert Simulation((strict,), {"1001": ANY}, START).run(arrivals).left == 1
    relaxed = Simulation((relaxing,), {"1001": ANY}, START).run(arrivals)
    assert relaxed.waits_s == [30.0]


def test_time_for_writing_counts_as_work() -> None:
    writing = Profile(wrap_up=timedelta(seconds=60))
    arrivals = [Arrival(0.0, 60.0, float("inf")), Arrival(1.0, 60.0, float("inf"))]
    found = Simulation((DEFAULT_QUEUE,), {"1001": writing}, START).run(arrivals)
    assert found.waits_s == [0.0, 119.0]


def test_the_same_seed_gives_the_same_day() -> None:
    traffic = Traffic(calls_per_hour=600, talk_s=60, hours=0.5, seed=7)
    assert run(traffic, 12) == run(traffic, 12)
    other = Traffic(calls_per_hour=600, talk_s=60, hours=0.5, seed=8)
    assert run(traffic, 12) != run(other, 12)


def asked(at_s: float, waited_s: float, *, talked_s: float | None) -> Asked:
    """Answered after ``waited_s`` when there was a conversation, else given up."""
    at = START + timedelta(seconds=at_s)
    then = at + timedelta(seconds=waited_s)
    answered = talked_s is not None
    return Asked("general", at, then if answered else None, then, not answered, talked_s)


def test_past_calls_come_again_as_they_came() -> None:
    past = [asked(5, 10, talked_s=60), asked(20, 30, talked_s=None), asked(90, 20, talked_s=200)]
    again = past_arrivals(past, START, 1)
    assert [one.at_s for one in again] == [5, 20, 90]
    assert (again[0].talk_s, again[2].talk_s) == (60, 200)
    assert again[1].talk_s in {60, 200}  # who gave up would have talked as others did
    # Who gave up does so after the same time; who was answered would have waited longer.
    assert again[1].patience_s == 30
    assert (again[0].patience_s > 10, again[2].patience_s > 20) == (True, True)
    assert past_arrivals(past, START, 1) == again
    nobody_left = [asked(5, 10, talked_s=60)]
    assert past_arrivals(nobody_left, START, 1)[0].patience_s == float("inf")
    with pytest.raises(NoTraffic):
        past_arrivals([asked(5, 10, talked_s=None)], START, 1)


def test_patience_is_estimated_from_those_who_gave_up() -> None:
    """Half of 2,000 give up after 60 s on average, half are answered then: 120 s is the mean."""
    chance = random.Random(4)
    past = [
        asked(n, chance.expovariate(1 / 60), talked_s=100 if n % 2 else None) for n in range(2000)
    ]
    more = [
        one.patience_s - (two.answered_at - two.at).total_seconds()
        for one, two in zip(past_arrivals(past, START, 5), past, strict=True)
        if two.answered_at is not None
    ]
    assert sum(more) / len(more) == pytest.approx(120, rel=0.1)


def test_callers_whom_a_rule_leads_away_are_counted() -> None:
    way = Overflow(OverflowTo.RECORDING, after=timedelta(seconds=5))
    rule = QueueRule("general", overflows=(way,))
    found = Simulation((rule,), {"1001": ANY}, START).run(
        [Arrival(0, 100, float("inf")), Arrival(1, 100, float("inf"))]
    )
    assert (len(found.waits_s), found.overflowed, found.calls) == (1, 1, 2)
