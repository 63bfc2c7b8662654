"""Read a scenario file; what cannot be used is named with its line, its field and what is wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.calendar.limit import Limit, parse_limit
from domain.cities.load import cities
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Event
from domain.tickets.rehearsal import fields

_TOP = frozenset({"city", "events", "now", "settings"})
_SETTINGS = frozenset({"handle_limit", "provincial_default"})


class ScenarioInvalid(ValueError):
    """`line` counts from 1; `field` is a path such as `events[2].category`."""

    def __init__(self, line: int, field: str, reason: str) -> None:
        super().__init__(f"line {line}: {field}: {reason}")
        self.line, self.field, self.reason = line, field, reason


@dataclass(frozen=True, slots=True)
class Scenario:
    """`handle_limit` and `provincial_default` are a city's own settings, not law."""

    city: str
    events: tuple[Event, ...]
    now: datetime
    handle_limit: Limit | None = None
    provincial_default: bool = False
    warnings: tuple[str, ...] = ()


class _Source:
    """The text, to find the line of a field again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = self._events()

    def _events(self) -> list[int]:
        """The offset at which each element of "events" begins."""
        decoder = json.JSONDecoder()
        key = self.text.find('"events"')
        at = self.text.find("[", key) + 1
        found: list[int] = []
        while key >= 0 and at > 0:
            while at < len(self.text) and self.text[at] in " \t\r\n,":
                at += 1
            if at >= len(self.text) or self.text[at] == "]":
                break
            found.append(at)
            try:
                _, at = decoder.raw_decode(self.text, at)
            except json.JSONDecodeError:  # "events" stood in some text before the list
                break
        return found

    def fail(self, field: str, reason: str, index: int | None = None) -> ScenarioInvalid:
        start, name = 0, field
        if index is not None:
            start = self._starts[index] if index < len(self._starts) else 0
            field = f"events[{index}].{name}" if name else f"events[{index}]"
        key = self.text.find(f'"{name}"', start)
        end = self._starts[index + 1] if index is not None and index + 1 < len(self._starts) else -1
        if key < 0 or (0 <= end < key):
            key = start
        return ScenarioInvalid(self.text.count("\n", 0, key) + 1, field, reason)


def parse(text: str) -> Scenario:
    """A scenario from JSON; `ScenarioInvalid` for the first thing that cannot be used."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as problem:
        raise ScenarioInvalid(problem.lineno, "", f"no JSON: {problem.msg}") from None
    except RecursionError:
        raise ScenarioInvalid(1, "", "nested too deep") from None
    except ValueError as problem:  # a number of thousands of digits
        raise ScenarioInvalid(1, "", f"no JSON: {problem}") from None
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ScenarioInvalid(1, "", "half of a character (a lone surrogate)") from None
    if not isinstance(raw, dict):
        raise ScenarioInvalid(1, "", "expected an object with city and events")
    source = _Source(text)
    city = raw.get("city")
    if city not in cities():
        raise source.fail("city", f"unknown city {city!r}; there are {', '.join(cities())}")
    listed = raw.get("events")
    if not isinstance(listed, list) or not listed:
        raise source.fail("events", "expected a list of events")
    warnings = [f"{key}: unknown, ignored" for key in raw if key not in _TOP]
    events: list[Event] = []
    for index, each in enumerate(listed):
        events.append(_event(source, index, each, warnings))
        if index and events[index].at < events[index - 1].at:
            raise source.fail("at", "earlier than the event before it", index)
    now = _now(source, raw, events)
    limit, provincial = _settings(source, raw.get("settings", {}))
    return Scenario(str(city), tuple(events), now, limit, provincial, tuple(warnings))


def _event(source: _Source, index: int, raw: object, warnings: list[str]) -> Event:
    if not isinstance(raw, dict):
        raise source.fail("", "expected an object with at and do", index)
    for name in ("at", "do"):
        if name not in raw:
            raise source.fail(name, "missing", index)
    try:
        at = fields.moment(raw["at"])
    except ValueError as problem:
        raise source.fail("at", str(problem), index) from None
    if raw["do"] not in tuple(Verb):
        raise source.fail("do", f"{raw['do']!r} is none of {', '.join(Verb)}", index)
    verb = Verb(raw["do"])
    return Event(at, verb, _values(source, index, verb, raw, warnings))


def _values(
    source: _Source, index: int, verb: Verb, raw: Mapping[str, object], warnings: list[str]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in raw.items():
        if name in ("at", "do") or value is None:
            continue
        read = fields.FIELDS[verb].get(name)
        if read is None:
            warnings.append(f"events[{index}].{name}: {verb} has no such field, ignored")
            continue
        try:
            values[name] = read(value)
        except ValueError as problem:
            raise source.fail(name, str(problem), index) from None
    for name in fields.MUST.get(verb, ()):
        if name not in values:
            raise source.fail(name, "missing", index)
    return values


def _now(source: _Source, raw: Mapping[str, object], events: list[Event]) -> datetime:
    if raw.get("now") is None:
        return events[-1].at
    try:
        now = fields.moment(raw["now"])
    except ValueError as problem:
        raise source.fail("now", str(problem)) from None
    if now < events[-1].at:
        raise source.fail("now", "earlier than the last event")
    return now


def _settings(source: _Source, raw: object) -> tuple[Limit | None, bool]:
    if not isinstance(raw, dict) or set(raw) - _SETTINGS:
        raise source.fail("settings", f"expected an object with {' or '.join(sorted(_SETTINGS))}")
    name = "handle_limit"
    try:
        limit = parse_limit(fields.text(raw[name])) if name in raw else None
        name = "provincial_default"
        return limit, fields.flag(raw.get(name, False))
    except ValueError as problem:
        raise source.fail(name, str(problem)) from None
