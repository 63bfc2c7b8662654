"""From a city's TOML file to its rules; every mistake is named with its parameter."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from domain.cities.parameters import PARAMETERS, Parameter, ValueUnusable
from domain.cities.rules import ENGINE_DEFAULT, Period, Rules, Stated

_STATUSES = ("in_force", "expired", "draft")
_ENTRY = {"value", "article", "note"}


class CityInvalid(ValueError):
    """A city's file is incomplete or wrong: `problems` has one line for each fault."""

    def __init__(self, city: str, problems: list[str]) -> None:
        super().__init__(f"{city}: " + "; ".join(problems))
        self.city = city
        self.problems = problems


class UnknownCity(KeyError):
    """No such city; `known` are those there are."""

    def __init__(self, city: str) -> None:
        self.city = city
        self.known = cities()
        super().__init__(f"no rules for {city!r}; there are {', '.join(self.known)}")


def parse(city: str, text: str) -> tuple[Rules, ...]:
    """All rule sets in a city's file, oldest first; `CityInvalid` lists everything wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CityInvalid(city, [str(problem)]) from problem
    return tuple(_rules(city, table["name"], each) for each in table["rules"])


def _rules(city: str, name: str, table: Mapping[str, Any]) -> Rules:
    problems: list[str] = []
    stated: dict[str, Any] = {}
    given = table.get("parameters", {})
    problems += [f"{key}: no such parameter" for key in given if key not in PARAMETERS]
    for key, parameter in PARAMETERS.items():
        if key not in given:
            problems.append(f"{key}: missing ({parameter.label}); {{}} says the text is silent")
            continue
        entry = given[key]
        try:
            stated[key] = _stated(parameter, entry)
        except (ValueError, KeyError) as problem:
            problems.append(f"{key}: {problem}")
    if table.get("status") not in _STATUSES:
        problems.append(f"status: write one of {', '.join(_STATUSES)}")
    if problems:
        raise CityInvalid(city, problems)
    return Rules(period=_period(city, name, table), notes=tuple(table.get("notes", ())), **stated)


def _stated(parameter: Parameter, entry: object) -> Stated[object]:
    if not isinstance(entry, dict) or set(entry) - _ENTRY:
        raise ValueUnusable("write {value = ..., article = ...}")
    article = entry.get("article", ENGINE_DEFAULT)
    return Stated(parameter.read(entry.get("value")), article, entry.get("note", ""))


def _period(city: str, name: str, table: Mapping[str, Any]) -> Period:
    start: date | None = table.get("start")
    return Period(
        city=city,
        name=name,
        title=table["title"],
        number=table.get("number", ""),
        version=f"{city}-{start or 'draft'}",
        status=table["status"],
        start=start,
        until=table.get("until"),
    )


@cache
def cities() -> tuple[str, ...]:
    """The ids of all cities that have a file."""
    folder = files("domain.cities")
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


@cache
def city_names() -> dict[str, str]:
    """What people call each city, by its id: {"hangzhou": "杭州", …}."""
    return {city: tomllib.loads(_text(city))["name"] for city in cities()}


@cache
def rule_sets(city: str) -> tuple[Rules, ...]:
    """The rule sets of a city, oldest first; `UnknownCity` if there is no file."""
    if city not in cities():
        raise UnknownCity(city)
    return parse(city, _text(city))


def _text(city: str) -> str:
    return files("domain.cities").joinpath(f"{city}.toml").read_text("utf-8")


def rules_on(city: str, day: date) -> tuple[Rules, bool]:
    """The rules for a ticket registered on `day`, and whether they were in force then.

    Outside every period the nearest set is taken: rehearsing a draft or an old case is allowed.
    """
    sets = rule_sets(city)
    for rules in sets:
        if rules.period.covers(day):
            return rules, True
    return min(sets, key=lambda rules: _distance(rules.period, day)), False


def _distance(period: Period, day: date) -> int:
    if period.start is None:
        return (date.max - date.min).days
    edge = period.start if day < period.start else period.until or day
    return abs((day - edge).days)
