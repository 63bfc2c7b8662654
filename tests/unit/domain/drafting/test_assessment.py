"""Urgency, units and questions: what a draft says beyond the caller's words."""

import tomllib

import pytest

from domain.drafting.missing import missing_fields
from domain.drafting.places import DISTRICTS, city_named, district_named
from domain.drafting.subject import find_subject
from domain.drafting.taxonomy import leaves
from domain.drafting.topic import Topic, rank_topics
from domain.drafting.units import CATALOGUE, suggest_units
from domain.drafting.urgency import Urgency, find_urgency
from domain.tickets.category import Category


@pytest.mark.parametrize(
    ("said", "grade", "why"),
    [
        ("三号楼着火了快来", Urgency.EMERGENCY_MAJOR, "着火了"),
        ("大坝马上要决堤", Urgency.EMERGENCY_MAJOR, "马上要决堤"),
        ("路口井盖没了", Urgency.EMERGENCY_GENERAL, "井盖没了"),
        ("电线掉在地上", Urgency.EMERGENCY_GENERAL, "电线掉"),
        ("家里停水了", Urgency.FAST, "停水"),
        ("老板拖欠我工资", Urgency.FAST, "拖欠我工资"),
    ],
)
def test_what_hurries_and_the_words_that_say_so(said: str, grade: Urgency, why: str) -> None:
    found = find_urgency(said, Category.HELP)
    assert (found.value, found.rule) == (grade, f"said:{why}")
    ((start, end),) = found.stretches
    assert said[start:end] == why


def test_most_can_wait_and_a_question_always() -> None:
    assert find_urgency("物业服务态度差", Category.COMPLAINT).value == Urgency.GENERAL
    assert find_urgency("停水了怎么办补偿", Category.CONSULT).value == Urgency.GENERAL


def test_every_topic_has_units_and_every_role_a_name() -> None:
    catalogue = tomllib.loads(CATALOGUE.read_text("utf-8"))
    used = {role for roles in catalogue["topics"].values() for role in roles}
    assert used <= set(catalogue["roles"])
    known = {"/".join(path[:n]) for path in _paths() for n in (1, 2, 3)}
    assert set(catalogue["topics"]) <= known
    for path in _paths():
        for city in (*DISTRICTS, ""):
            units = suggest_units([Topic(*path, 0.9, ())], city, "", "")
            assert 1 <= len({unit.name for unit in units}) == len(units) <= 3


def _paths() -> list[tuple[str, str, str]]:
    return [(leaf.first, leaf.second, leaf.third) for leaf, _ in leaves()]


def test_units_are_the_citys_own_and_the_place_is_asked_too() -> None:
    topics = rank_topics("路灯坏了 井盖没了")
    units = suggest_units(topics, "惠州", "惠城区", "惠城区江北街道文明一路3号")
    assert [unit.name for unit in units[:2]] == [
        "惠州市城市管理和综合执法局",
        "惠城区江北街道办事处",
    ]
    assert units[1].why == "place"
    assert suggest_units(topics, "杭州", "", "")[0].name == "杭州市城市管理局"


def test_what_to_ask_next_depends_on_the_kind() -> None:
    said = {"address": "", "event_time": "昨天", "contact_number": "13800000000"}
    asked = missing_fields(Category.HELP, said, district_known=False)
    assert [one.field for one in asked] == ["address"]
    assert asked[0].question.endswith("。")
    assert missing_fields(Category.CONSULT, said, district_known=False) == []
    half = said | {"address": "文三路186号"}
    assert [one.field for one in missing_fields(Category.HELP, half, district_known=False)] == [
        "district"
    ]
    assert missing_fields(Category.HELP, half, district_known=True) == []


def test_city_and_district_from_what_is_named() -> None:
    assert city_named("我在澄海区") == "汕头"
    assert city_named("菏泽的牡丹") == "菏泽"
    assert city_named("文三路") == ""
    assert district_named("在余杭良渚街道", "杭州") == "余杭区"
    assert district_named("曹县青堌集镇", "") == "曹县"
    assert district_named("文三路", "杭州") == ""


@pytest.mark.parametrize(
    ("said", "value", "rule"),
    [
        ("我要投诉永辉超市", "永辉超市", "named_body"),
        ("物业一直不来修", "物业", "body"),
        ("房东不退押金", "房东", "role"),
    ],
)
def test_whom_it_is_about(said: str, value: str, rule: str) -> None:
    found = find_subject(said)
    assert found is not None
    assert (found.value, found.rule) == (value, rule)


def test_nobody_named() -> None:
    assert find_subject("路灯坏了") is None
