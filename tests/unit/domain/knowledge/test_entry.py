"""The knowledge base in the texts: standards, updates, policies before their publication."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.calendar.limit import CHINA
from domain.cities.load import rule_sets
from domain.knowledge.entry import (
    Entry,
    Kind,
    Stage,
    StageNotAllowed,
    duties,
    faults,
    move,
    told_in_time,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=CHINA)
HOUR = timedelta(hours=1)
FULL = dict.fromkeys(("basis", "scope", "subject", "conditions", "faq"), "有")
PAPERS = dict.fromkeys(("how_to_get", "how_to_fill", "sample"), "有")
SELF = dict.fromkeys(("manager", "duties", "lists", "services", "contacts", "hours"), "有")
MATTER = Entry(Kind.MATTER, "人社局", ("社保", "社保卡"), NOW, FULL)


def rules(city: str):
    return rule_sets(city)[-1]


def articles(entry: Entry, city: str) -> list[str]:
    return [fault.article for fault in faults(entry, rules(city))]


def test_HZ_12a_one_catalogue() -> None:
    assert articles(MATTER, "hangzhou") == []
    assert articles(replace(MATTER, catalogue=()), "hangzhou") == ["第十二条"]


def test_HZ_12b_what_changed_is_updated() -> None:
    stale = replace(MATTER, source_changed_at=NOW + HOUR)
    owed = duties(stale, rules("hangzhou"), NOW + 2 * HOUR)
    assert [(duty.unit, duty.by, duty.article) for duty in owed] == [("人社局", None, "第十二条")]
    assert duties(stale, rules("hangzhou"), NOW) == ()  # not changed yet
    assert duties(replace(stale, updated_at=NOW + HOUR), rules("hangzhou"), NOW + 2 * HOUR) == ()


def policy(hours: int, *, special: bool = False) -> Entry:
    """Material handed in `hours` after the publication."""
    at = NOW + hours * HOUR
    return replace(MATTER, kind=Kind.POLICY, updated_at=at, public_at=NOW, special=special)


def test_HZ_13a_material_before_the_publication() -> None:
    assert told_in_time(policy(-1), rules("hangzhou")) is None
    assert told_in_time(policy(0), rules("hangzhou")).article == "第十三条"
    assert told_in_time(policy(1, special=True), rules("hangzhou")).article == "第十三条"
    assert told_in_time(policy(1), rules("lishui")) is None  # silent there


def test_HZ_13b_the_progress_of_an_event() -> None:
    event = replace(MATTER, kind=Kind.EVENT, source_changed_at=NOW + HOUR)
    owed = duties(event, rules("hangzhou"), NOW + HOUR)
    assert [(duty.what, duty.article) for duty in owed] == [("更新事件进展", "第十三条")]
    assert duties(event, rules("lishui"), NOW + HOUR) == ()


def _real_time(city: str, article: str) -> None:
    stale = replace(MATTER, source_changed_at=NOW + HOUR)
    owed = duties(stale, rules(city), NOW + HOUR)
    assert [(duty.by, duty.article) for duty in owed] == [(NOW + HOUR, article)]
    assert duties(stale, rules("shantou"), NOW + HOUR) == ()


def test_LS_13_new_policies_in_real_time() -> None:
    _real_time("lishui", "第十三条")


def test_HE_18_new_policies_in_real_time() -> None:
    _real_time("heze", "第十八条")


def test_HUI_19_checked_before_it_is_published() -> None:
    assert move(Stage.COLLECTED, Stage.REVIEWED, MATTER, rules("huizhou")) is Stage.REVIEWED
    assert move(Stage.REVIEWED, Stage.PUBLISHED, MATTER, rules("huizhou")) is Stage.PUBLISHED
    with pytest.raises(StageNotAllowed, match="第十九条"):
        move(Stage.COLLECTED, Stage.PUBLISHED, MATTER, rules("huizhou"))
    # No check in Lishui's text.
    assert move(Stage.COLLECTED, Stage.PUBLISHED, MATTER, rules("lishui")) is Stage.PUBLISHED
    with pytest.raises(StageNotAllowed, match="retired"):
        move(Stage.RETIRED, Stage.PUBLISHED, MATTER, rules("lishui"))


def test_HUI_20_what_a_unit_tells_of_itself_and_of_policies() -> None:
    own = replace(MATTER, kind=Kind.UNIT, content=SELF)
    assert articles(own, "huizhou") == []
    for missing in SELF:
        less = {key: value for key, value in SELF.items() if key != missing}
        assert articles(replace(own, content=less), "huizhou") == ["第二十条"]
    assert told_in_time(policy(1), rules("huizhou")).article == "第二十条"
    assert told_in_time(policy(1, special=True), rules("huizhou")) is None


def test_HUI_21_basis_scope_conditions_and_papers() -> None:
    assert articles(MATTER, "huizhou") == []
    with_papers = replace(MATTER, needs_papers=True)
    assert articles(with_papers, "huizhou") == ["第二十一条"]
    assert articles(replace(with_papers, content={**FULL, **PAPERS}), "huizhou") == []
    for missing in FULL:
        less = replace(MATTER, content={key: v for key, v in FULL.items() if key != missing})
        assert articles(less, "huizhou") == ["第二十一条"]
        with pytest.raises(StageNotAllowed, match="第二十一条"):
            move(Stage.COLLECTED, Stage.REVIEWED, less, rules("huizhou"))
