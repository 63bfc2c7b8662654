"""Every city's file is complete, cites articles that exist, and says where its text is silent."""

import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import domain
from domain.cities import load, review
from domain.cities.load import (
    CityInvalid,
    UnknownCity,
    cities,
    city_names,
    parse,
    rule_sets,
    rules_on,
)
from domain.cities.parameters import PARAMETERS
from domain.cities.rules import ENGINE_DEFAULT, Rules
from tests.unit.domain.tickets.scenes import ev, run

ALL = [rules for city in cities() for rules in rule_sets(city)]
ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")


def source(city: str) -> str:
    return files("domain.cities").joinpath(f"{city}.toml").read_text("utf-8")


def test_the_five_cities() -> None:
    assert cities() == ("hangzhou", "heze", "huizhou", "lishui", "shantou")


def test_each_city_s_own_file_says_what_it_is_called() -> None:
    assert city_names() == {
        "hangzhou": "杭州",
        "heze": "菏泽",
        "huizhou": "惠州",
        "lishui": "丽水",
        "shantou": "汕头",
    }


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.period.version)
def test_every_value_has_its_article_or_says_it_is_a_default(rules: Rules) -> None:
    found = dict(review.stated(rules))
    assert set(found) == set(PARAMETERS)
    for name, each in found.items():
        fits = ARTICLE.fullmatch(each.article) or each.article == ENGINE_DEFAULT
        assert fits or (name == "handle_provincial" and "not in the ordinance" in each.article)
    for ground in rules.grounds.value:
        assert ARTICLE.fullmatch(ground.article)
        assert ground.script


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.period.version)
def test_no_value_is_dead(rules: Rules) -> None:
    assert review.dead(rules) == []


@pytest.mark.parametrize("name", review.NEEDS)
def test_a_value_that_nothing_looks_at_is_dead(name: str) -> None:
    full = rule_sets("huizhou")[-1]
    has = replace(getattr(full, name), value=("x",))
    lacks = replace(getattr(full, review.NEEDS[name]), value=())
    found = review.dead(replace(full, **{name: has, review.NEEDS[name]: lacks}))
    assert any(line.startswith(f"{name}: without") for line in found)


@pytest.mark.parametrize(("city", "way"), [("huizhou", "请通过其他合法途径"), ("shantou", "请")])
def test_every_refusal_tells_another_way_where_the_text_wants_one(city: str, way: str) -> None:
    """Huizhou, Article 7: 引导……其他合法途径; Shantou, Article 8 (3): 其他法定渠道."""
    for ground in rule_sets(city)[-1].grounds.value:
        if ground.article == "第七条":
            assert way in ground.script, ground.code


def test_contradictions_in_a_text_are_shown() -> None:
    found = {r.period.city: review.contradictions(r) for r in ALL}
    assert len(found.pop("huizhou")) == 1  # one working day, or one day after sign-in
    assert not any(found.values())


def test_the_silent_parameters_are_listed() -> None:
    by_city = {rules.period.city: review.silent(rules) for rules in ALL}
    assert "sign_silence" in by_city["huizhou"]
    assert "sign_silence" not in by_city["lishui"]
    assert "handle_start" in by_city["shantou"]
    assert "rework_max" in by_city["hangzhou"]


@pytest.mark.parametrize(
    ("city", "day", "in_force"),
    [
        ("shantou", date(2016, 10, 31), False),
        ("shantou", date(2016, 11, 1), True),
        ("shantou", date(2021, 10, 31), True),
        ("shantou", date(2021, 11, 1), False),
        ("lishui", date(2026, 7, 31), False),
        ("lishui", date(2026, 8, 1), True),
        ("huizhou", date(2026, 8, 1), False),
    ],
)
def test_periods(city: str, day: date, in_force: bool) -> None:
    rules, found = rules_on(city, day)
    assert (rules.period.city, found) == (city, in_force)


def test_an_unknown_city_names_the_known_ones() -> None:
    with pytest.raises(UnknownCity, match="lishui"):
        rule_sets("atlantis")


def test_a_city_is_added_as_data_alone() -> None:
    text = source("lishui").replace('fast = "3wd"', 'fast = "2wd"')
    assert str(parse("newtown", text)[0].handle_limits.value["fast"]) == "2wd"


def test_a_new_file_is_a_new_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the file: the rehearsal finds it, by its own numbers."""
    text = source("lishui").replace('general = "7wd"', 'general = "4wd"').replace("丽水", "新城")
    (tmp_path / "newtown.toml").write_text(text, "utf-8")
    monkeypatch.setattr(load, "files", lambda _: tmp_path)
    cities.cache_clear()
    rule_sets.cache_clear()
    try:
        out = run("newtown", ev("2026-09-30T10:00:00", "register", category="help"))
    finally:
        cities.cache_clear()
        rule_sets.cache_clear()
    assert out.due("handle") == "2026-10-12T23:59:59"  # 8, 9, Sat 10 worked, Mon 12
    assert out.raw["rules_version"] == "newtown-2026-08-01"


def test_every_parameter_is_read_by_something() -> None:
    """A parameter that no code asks for would be law on paper only."""
    root = Path(domain.__file__).parents[1]
    folders = ("domain", "services", "api", "cli", "ivr")
    text = "".join(
        path.read_text("utf-8")
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
        if path.name not in ("parameters.py", "rules.py") or folder != "domain"
    )
    unread = [name for name in PARAMETERS if not re.search(rf"\.{name}\b|\"{name}\"", text)]
    assert unread == []


def test_two_rule_sets_follow_each_other() -> None:
    one = source("lishui")
    body = one[one.index("[[rules]]") :]
    older = body.replace("start = 2026-08-01", "start = 2020-01-01\nuntil = 2026-07-31")
    sets = parse("lishui", 'name = "丽水"\n' + older + "\n" + body)
    assert [rules.period.version for rules in sets] == ["lishui-2020-01-01", "lishui-2026-08-01"]


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('sign_limit = { value = "1wd"', 'sign_limit = { value = "one day"', "sign_limit"),
        ("sign_required = {}\n", "", "sign_required: missing"),
        ("sign_required = {}\n", "sign_required = {}\nsigned = {}\n", "signed: no such parameter"),
        ('sign_silence = { value = "accept"', 'sign_silence = { value = "maybe"', "accept, none"),
        ("sign_required = {}\n", 'sign_required = { valu = "x" }\n', "value = ..., article"),
        ('status = "in_force"', 'status = "new"', "status"),
        ("emergency_reply = {}", 'emergency_reply = { value = { soon = "1h" } }', "no urgency"),
        ('praise = "其他服务请求", ', "", "praise"),
        ("card_yellow = {}", "card_yellow = { value = true }", "whole number"),
    ],
)
def test_a_wrong_file_names_the_parameter(old: str, new: str, wrong: str) -> None:
    text = source("lishui")
    assert old in text
    with pytest.raises(CityInvalid, match=re.escape(wrong)):
        parse("lishui", text.replace(old, new))
