from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.cities.load import cities, rule_sets
from domain.tickets.supervision import TRIGGERS, Facts, Proposal, Thresholds, proposals

NOW = datetime(2026, 10, 20, tzinfo=UTC)
CALM = Facts(
    ticket_id="1",
    registered_at=NOW - timedelta(days=3),
    unit="住建局",
    requester="13800000000",
    topic="城乡建设/路灯",
    urgency="general",
    assignments=1,
    returns=0,
    returns_refused=0,
    repeats=0,
    late=False,
)


def found(city: str, *facts: Facts, limits: Thresholds | None = None) -> list[Proposal]:
    return proposals(facts, rule_sets(city)[-1], limits or Thresholds(), NOW)


def triggers(city: str, *facts: Facts) -> set[str]:
    return {each.trigger for each in found(city, *facts)}


@pytest.mark.parametrize("city", cities())
def test_a_calm_ticket_is_left_alone(city: str) -> None:
    assert found(city, CALM) == []


@pytest.mark.parametrize(
    ("city", "changes", "trigger"),
    [
        ("hangzhou", {"late": True}, "overdue"),
        ("hangzhou", {"urgency": "emergency_major"}, "life_safety"),
        ("hangzhou", {"assignments": 3}, "multi_unit_repeat_or_shirk"),
        ("lishui", {"late": True}, "overdue"),
        ("lishui", {"repeats": 2}, "same_requester_repeat"),
        ("lishui", {"returns": 2}, "refuse_ticket"),
        ("lishui", {"returns": 3, "returns_refused": 1}, "refuse_ticket"),
        ("shantou", {"returns": 2}, "shirk"),
        ("huizhou", {"returns": 2}, "shirk"),
        ("heze", {"late": True}, "overdue"),
    ],
)
def test_each_trigger_by_its_figure(city: str, changes: dict[str, Any], trigger: str) -> None:
    assert trigger in triggers(city, replace(CALM, **changes))


@pytest.mark.parametrize(
    ("changes", "limits"),
    [
        ({"repeats": 2}, Thresholds(repeats=4)),
        ({"returns": 2}, Thresholds(returns=3)),
        ({"assignments": 3}, Thresholds(assignments=4)),
    ],
)
def test_a_higher_threshold_takes_the_trigger_away(
    changes: dict[str, Any], limits: Thresholds
) -> None:
    facts = replace(CALM, **changes)
    for city in cities():
        assert found(city, facts, limits=limits) == []


def test_many_people_with_one_kind_of_matter() -> None:
    crowd = [replace(CALM, ticket_id=str(n), requester=f"1380000000{n}") for n in range(5)]
    assert triggers("lishui", *crowd) == {"many_requesters_same_kind"}
    assert found("lishui", *crowd[:4]) == []
    others = [replace(each, topic="劳动/欠薪") for each in crowd[4:]]
    assert found("lishui", *crowd[:4], *others) == []
    old = [replace(each, registered_at=NOW - timedelta(days=40)) for each in crowd[4:]]
    assert found("lishui", *crowd[:4], *old) == []


def test_one_person_again_and_again() -> None:
    thrice = [replace(CALM, ticket_id=str(n)) for n in range(3)]
    assert triggers("lishui", *thrice) == {"same_requester_repeat"}
    assert found("lishui", *thrice[:2]) == []


def test_a_unit_with_many_late_tickets_is_slow_in_huizhou() -> None:
    late = [replace(CALM, ticket_id=str(n), late=True, topic="") for n in range(5)]
    assert "low_efficiency" in triggers("huizhou", *late)
    assert "low_efficiency" not in triggers("huizhou", *late[:4])


def test_shall_and_may_and_the_article_come_from_the_text() -> None:
    late = replace(CALM, late=True)
    (heze,) = found("heze", late)
    (lishui,) = found("lishui", late)
    assert (heze.must, lishui.must) == (True, False)
    assert lishui.article == "第三十二条"


def test_every_trigger_of_a_text_is_computed_or_a_person_s_judgement() -> None:
    named = {
        t for city in cities() for rules in rule_sets(city) for t in rules.supervise_triggers.value
    }
    assert named - set(TRIGGERS) == {"other"}
