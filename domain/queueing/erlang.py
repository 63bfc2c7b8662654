"""Erlang B, C and A: what a queue of equal agents does in the long run.

A. K. Erlang 1917; C. Palm 1946; formulas as in N. Gans, G. Koole, A. Mandelbaum, "Telephone Call
Centers", Manufacturing & Service Operations Management 5 (2003). Poisson arrivals, exponential
service and patience. ``load`` is offered traffic in Erlang: arrivals/s times seconds of service.
"""

from math import exp


def blocked(agents: int, load: float) -> float:
    """Erlang B: the share of calls lost where nobody can wait."""
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


def waits(agents: int, load: float) -> float:
    """Erlang C: the share of callers who wait at all; 1 when the load is too much."""
    if load >= agents:
        return 1.0
    lost = blocked(agents, load)
    return lost / (1 - load / agents * (1 - lost))


def mean_wait_s(agents: int, load: float, service_s: float) -> float:
    """Erlang C: mean wait of all callers in seconds; endless when the load is too much."""
    if load >= agents:
        return float("inf")
    return waits(agents, load) * service_s / (agents - load)


def answered_within(agents: int, load: float, service_s: float, goal_s: float) -> float:
    """Erlang C: the share of callers answered within ``goal_s``."""
    if load >= agents:
        return 0.0
    return 1 - waits(agents, load) * exp(-(agents - load) * goal_s / service_s)


def abandons(agents: int, load: float, service_s: float, patience_s: float) -> float:
    """Erlang A: the share of callers who hang up, when patience is exponential.

    The stationary distribution of the birth-death chain with arrival rate λ and death rate
    min(n, agents)·µ + max(0, n - agents)·θ; abandoning callers per second over arrivals per second.
    """
    arrivals, rate, leaving = load / service_s, 1 / service_s, 1 / patience_s
    weight, total, queued = 1.0, 1.0, 0.0
    number = 0
    while True:
        number += 1
        death = min(number, agents) * rate + max(0, number - agents) * leaving
        weight *= arrivals / death
        if weight > LARGE:  # only ratios count: keep the numbers within a float
            total, queued, weight = total / weight, queued / weight, 1.0
        total += weight
        queued += max(0, number - agents) * weight
        if number > agents and weight < total * NEGLIGIBLE:
            return queued / total * leaving / arrivals


LARGE = 1e200
NEGLIGIBLE = 1e-14
