"""What must be kept and what must go: the longest rule wins, a hold beats them all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.keeping.retention import (
    HOLD,
    NO_RULE,
    OURS,
    Conditions,
    ConditionsRefused,
    Facts,
    Rule,
    conditions_of,
    decide,
    fits,
    shortest,
    written,
)

AT = datetime(2025, 3, 1, tzinfo=UTC)


def test_the_longest_of_the_rules_that_fit_wins() -> None:
    rules = [
        Rule("all", timedelta(days=90)),
        Rule("light", timedelta(days=400), Conditions(topics=frozenset({"城市管理/路灯"}))),
        Rule("water", timedelta(days=800), Conditions(topics=frozenset({"水务"}))),
    ]
    decision = decide(rules, Facts(AT, topic="城市管理/路灯/不亮"))
    assert (decision.rule, decision.until) == ("light", AT + timedelta(days=400))
    assert decide(rules, Facts(AT, topic="噪声")).rule == "all"
    assert decision.is_over(AT + timedelta(days=400))
    assert not decision.is_over(AT + timedelta(days=399))


def test_a_hold_and_for_ever_and_no_rule_keep_it() -> None:
    rules = [Rule("all", timedelta(days=1)), Rule("open", None, Conditions(ticket_open=True))]
    assert decide(rules, Facts(AT, held=True)).rule == HOLD
    assert decide(rules, Facts(AT, ticket_open=True)).until is None
    assert decide([], Facts(AT)).rule == NO_RULE
    assert not decide([], Facts(AT)).is_over(AT + timedelta(days=10_000))


@pytest.mark.parametrize(
    ("conditions", "facts"),
    [
        ({"queues": ["one"]}, {"queue": "one"}),
        ({"ticket_statuses": ["submitted"]}, {"ticket_status": "submitted"}),
        ({"suspension": True}, {"suspension": True}),
        ({"score_below": 60}, {"score": 59.9}),
        ({"ticket_open": False}, {"ticket_open": False}),
    ],
)
def test_each_condition_tells_its_own_from_others(
    conditions: dict[str, Any], facts: dict[str, Any]
) -> None:
    read = conditions_of(conditions)
    assert fits(read, Facts(AT, **facts))
    other = {"queue": "two", "ticket_status": "draft", "score": 60.0, "ticket_open": True}
    assert not fits(read, Facts(AT, **other))
    assert written(read) == conditions


def test_never_scored_is_not_scored_badly() -> None:
    assert not fits(Conditions(score_below=60), Facts(AT))


@pytest.mark.parametrize(
    "conditions",
    [{"colour": "red"}, {"queues": "one"}, {"queues": [""]}, {"suspension": "yes"}]
    + [{"score_below": "low"}, {"score_below": True}, {"ticket_open": 2}],
)
def test_conditions_that_cannot_be_read_say_which(conditions: dict[str, Any]) -> None:
    with pytest.raises(ConditionsRefused, match=next(iter(conditions))):
        conditions_of(conditions)


def test_ours_are_marked_as_ours_and_the_shortest_bounds_the_search() -> None:
    assert all(rule.name.endswith("（本系统建议）") for rule in OURS)
    assert shortest(OURS) == timedelta(days=365)
    assert shortest([Rule("x", None)]) is None


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=6), st.integers(0, 4000), st.booleans())
def test_another_rule_never_shortens(days: list[int], age: int, held: bool) -> None:
    rules = [Rule(f"r{place}", timedelta(days=one)) for place, one in enumerate(days)]
    now = AT + timedelta(days=age)
    facts = Facts(AT, held=held)
    for number in range(1, len(rules)):
        if not decide(rules[:number], facts).is_over(now):
            assert not decide(rules[: number + 1], facts).is_over(now)
