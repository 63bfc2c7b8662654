"""Abuse of the hotline, by the text of each city. Each rule once allowed and once refused."""

from datetime import datetime, timedelta

import pytest

from domain.calendar.limit import CHINA
from domain.callers.conduct import (
    Conduct,
    Measure,
    MeasureRefused,
    Practice,
    Taken,
    allowed_now,
    check,
    notice,
    suspended_until,
)
from domain.cities.load import rule_sets
from domain.cities.rules import ENGINE_DEFAULT, Rules

NOW = datetime(2026, 9, 30, 10, 0, tzinfo=CHINA)
OCCUPY, INSULT = Conduct.OCCUPY, Conduct.INSULT


def rules(city: str) -> Rules:
    return rule_sets(city)[-1]


def taken(*measures: Measure, conduct: Conduct = OCCUPY, ago_min: float = 10) -> list[Taken]:
    return [Taken(conduct, one, NOW - timedelta(minutes=ago_min)) for one in measures]


def refused(city: str, conduct: Conduct, measure: Measure, past: list[Taken]) -> MeasureRefused:
    with pytest.raises(MeasureRefused) as caught:
        check(rules(city), Taken(conduct, measure, NOW), past)
    return caught.value


def test_HZ_29a_occupying_the_line_is_suspended_after_a_reminder_and_a_reasonable_time() -> None:
    assert "先提醒" in refused("hangzhou", OCCUPY, Measure.SUSPEND, []).reason
    soon = refused("hangzhou", OCCUPY, Measure.SUSPEND, taken(Measure.WARN, ago_min=4.9))
    assert "合理时间" in soon.reason
    assert soon.article == "第二十九条"
    assert soon.allowed == (Measure.WARN,)
    past = taken(Measure.WARN, ago_min=5)
    assert check(rules("hangzhou"), Taken(OCCUPY, Measure.SUSPEND, NOW), past) == "第二十九条"


def test_HZ_29b_insults_are_suspended_after_a_reminder_without_waiting() -> None:
    assert "先提醒" in refused("hangzhou", INSULT, Measure.SUSPEND, []).reason
    # A reminder about something else is none.
    assert refused("hangzhou", INSULT, Measure.SUSPEND, taken(Measure.WARN)).allowed == (
        Measure.WARN,
    )
    past = taken(Measure.WARN, conduct=INSULT, ago_min=0)
    assert check(rules("hangzhou"), Taken(INSULT, Measure.SUSPEND, NOW), past) == "第二十九条"


def test_HZ_29c_repeated_conduct_goes_to_the_police() -> None:
    once = taken(Measure.WARN, conduct=INSULT)
    assert "多次" in refused("hangzhou", INSULT, Measure.POLICE, once).reason
    again = once + taken(Measure.SUSPEND, conduct=INSULT, ago_min=3)
    assert check(rules("hangzhou"), Taken(INSULT, Measure.POLICE, NOW), again) == "第二十九条"


@pytest.mark.parametrize("conduct", list(Conduct))
def test_LS_21b_persuade_inform_refer_but_never_suspend(conduct: Conduct) -> None:
    no = refused("lishui", conduct, Measure.SUSPEND, [])
    assert (no.article, no.allowed) == ("第二十一条", (Measure.PERSUADE, Measure.POLICE))
    past = taken(Measure.PERSUADE, conduct=conduct)
    assert Measure.INFORM in allowed_now(rules("lishui"), conduct, past, NOW)
    assert check(rules("lishui"), Taken(conduct, Measure.POLICE, NOW), []) == "第二十一条"


def test_HE_34_dissuade_inform_refer_but_never_suspend() -> None:
    no = refused("heze", INSULT, Measure.SUSPEND, taken(Measure.DISSUADE, conduct=INSULT))
    assert no.article == "第三十四条"
    assert no.allowed == (Measure.DISSUADE, Measure.INFORM, Measure.POLICE)


def test_HUI_8b_thirty_natural_days_of_the_telephone_without_a_reminder() -> None:
    huizhou = rules("huizhou")
    assert check(huizhou, Taken(INSULT, Measure.SUSPEND, NOW), []) == "第八条"
    until = suspended_until(huizhou, NOW, None)
    assert until == datetime(2026, 10, 30, 23, 59, 59, tzinfo=CHINA)
    assert suspended_until(huizhou, NOW, 30) == until
    with pytest.raises(ValueError, match="第八条规定为 30 个自然日"):
        suspended_until(huizhou, NOW, 7)
    assert Measure.WARN not in allowed_now(huizhou, INSULT, [], NOW)


def test_shantou_has_no_measure_at_all() -> None:
    no = refused("shantou", INSULT, Measure.WARN, [])
    assert (no.allowed, no.article) == ((), ENGINE_DEFAULT)


@pytest.mark.parametrize("days", [None, 0, 31])
def test_where_the_text_names_no_length_the_decision_does(days: int | None) -> None:
    with pytest.raises(ValueError, match="1 至 30 日"):
        suspended_until(rules("hangzhou"), NOW, days)
    assert suspended_until(rules("hangzhou"), NOW, 7).date().isoformat() == "2026-10-07"


def test_a_reminder_of_long_ago_no_longer_counts() -> None:
    old = [Taken(INSULT, Measure.WARN, NOW - Practice().counts_for - timedelta(seconds=1))]
    assert "先提醒" in refused("hangzhou", INSULT, Measure.SUSPEND, old).reason


def test_the_notice_names_ground_end_appeal_and_emergency() -> None:
    hangzhou = rules("hangzhou")
    said = notice(hangzhou, INSULT, suspended_until(hangzhou, NOW, 7))
    for part in ("谩骂", "第二十九条", "2026年10月7日", "申诉", "110"):
        assert part in said
