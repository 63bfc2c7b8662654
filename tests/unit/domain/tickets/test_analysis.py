"""Many requests together: clusters, warnings, matters for coordination, regular overviews."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.calendar.limit import CHINA
from domain.cities.load import rule_sets
from domain.tickets.analysis import (
    Bounds,
    Matter,
    clusters,
    for_coordination,
    overview,
    publication,
    warnings,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=CHINA)
START, END = datetime(2026, 3, 1, tzinfo=CHINA), datetime(2026, 4, 1, tzinfo=CHINA)
ONE = Matter("0", NOW - timedelta(days=1), "complaint", "停水", "莲都区", "水务公司")


def water(count: int) -> list[Matter]:
    return [
        replace(ONE, ticket=str(n), registered_at=NOW - timedelta(hours=n)) for n in range(count)
    ]


def rules(city: str):
    return rule_sets(city)[-1]


def test_LS_28_a_cluster_is_a_risk_warning_to_its_unit() -> None:
    found = warnings(clusters(water(5), Bounds(), NOW), rules("lishui"))
    assert [(each.to, each.article, each.must) for each in found] == [
        ("水务公司", "第二十八条", True)
    ]
    assert len(found[0].tickets) == 5
    assert warnings(clusters(water(4), Bounds(), NOW), rules("lishui")) == []
    assert warnings(clusters(water(5), Bounds(), NOW), rules("hangzhou")) == []  # silent there


def test_a_cluster_is_one_topic_in_one_area_within_the_days() -> None:
    elsewhere = [replace(each, area="缙云县") for each in water(3)]
    old = [replace(each, registered_at=NOW - timedelta(days=8)) for each in water(3)]
    assert clusters([*water(3), *elsewhere, *old], Bounds(cluster=4), NOW) == []
    assert len(clusters([*water(3), *elsewhere], Bounds(cluster=3), NOW)) == 2


def test_HE_27_heze_warns_too() -> None:
    found = warnings(clusters(water(5), Bounds(), NOW), rules("heze"))
    assert [each.article for each in found] == ["第二十七条"]
    seen = overview(water(2), rules("heze"), START, END)
    assert (seen.article, seen.taken) == ("第二十七条", 2)


@pytest.mark.parametrize("days", [89, 90])
def test_HE_25_26_long_lasting_and_common_matters(days: int) -> None:
    long = replace(ONE, registered_at=NOW - timedelta(days=days))
    found = for_coordination([long], rules("heze"), Bounds(), NOW)
    assert [each.what for each in found] == (["long_lasting"] if days == 90 else [])
    common = for_coordination(water(5), rules("heze"), Bounds(), NOW)
    assert [(each.what, each.must) for each in common] == [("clustered", False)]
    solved = replace(long, solved_at=NOW)
    assert for_coordination([solved], rules("heze"), Bounds(), NOW) == []


def test_hangzhou_takes_clusters_and_repeated_assignments() -> None:
    often = replace(ONE, assignments=3)
    found = for_coordination([often], rules("hangzhou"), Bounds(), NOW)
    assert [(each.what, each.article) for each in found] == [("assigned_repeatedly", "第五条")]
    assert for_coordination([replace(ONE, assignments=2)], rules("hangzhou"), Bounds(), NOW) == []


def _overview(city: str, article: str) -> None:
    outside = replace(ONE, registered_at=END)
    solved = replace(ONE, category="help", solved_at=NOW)
    seen = overview([*water(2), solved, outside], rules(city), START, END)
    assert (seen.article, seen.taken, seen.solved) == (article, 3, 1)
    assert seen.by_category == (("complaint", 2), ("help", 1))
    assert seen.by_unit == (("水务公司", 3, 1),)


def test_HZ_21_regular_analysis() -> None:
    _overview("hangzhou", "第二十一条")


def test_LS_27_regular_analysis() -> None:
    _overview("lishui", "第二十七条")


def test_HUI_22_regular_analysis() -> None:
    _overview("huizhou", "第二十二条")


def test_HE_21_the_line_publishes_its_work() -> None:
    assert publication(water(3), rules("heze"), START, END).article == "第二十一条"
    assert publication(water(3), rules("lishui"), START, END) is None
