"""Who should act: the three likeliest offices, by topic, city and place (dispatch.toml)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

from domain.drafting.learning.lessons import history_key
from domain.drafting.topic import Topic

History = Mapping[str, Mapping[str, int]]

CATALOGUE = Path(__file__).with_name("dispatch.toml")
MOST = 3
# Once may have been a mistake.
TWICE = 2
# Below this share a second topic is noise, not a rival.
RIVAL = 0.15
LOCAL = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:街道办事处|街道办|街道|镇|乡)(?![上里下政村])|[\u4e00-\u9fff]{1,8}?[区县]"
)
NEIGHBOURHOOD = ("城乡建设", "农村农业", "民政", "环境保护", "国土资源", "党务政务")


@dataclass(frozen=True)
class Unit:
    """An office's name as the city calls it.

    ``why``: "topic:PATH", "place", or "history:4/5" (it acted in four of five such requests).
    """

    name: str
    why: str


def suggest_units(
    topics: Sequence[Topic], city: str, district: str, address: str, history: History | None = None
) -> list[Unit]:
    """At most three, the likeliest first; ``topics`` ranked, ``district`` and ``address`` or "".

    ``history``: who acted on such topics (`lessons.office_history`); it goes before the catalogue.
    """
    by_rule = _by_rule(topics, city, district, address)
    best = topics[0]
    acted = _acted("/".join((best.first, best.second, best.third)), district, history or {})
    known = {unit.name for unit in acted}
    return [*acted, *(unit for unit in by_rule if unit.name not in known)][:MOST]


def _acted(path: str, district: str, history: History) -> list[Unit]:
    """Offices that acted on this topic more than once, in this district before anywhere."""
    for key in (history_key(path, district), history_key(path, "")):
        offices = history.get(key, {})
        whole = sum(offices.values())
        often = [name for name in offices if offices[name] >= TWICE]
        if often:
            often.sort(key=lambda name: (-offices[name], name))
            return [Unit(name, f"history:{offices[name]}/{whole}") for name in often]
    return []


def _by_rule(topics: Sequence[Topic], city: str, district: str, address: str) -> list[Unit]:
    city = city.removesuffix("市")
    rivals = [topic for topic in topics[:MOST] if topic.share >= RIVAL] or list(topics[:1])
    by_topic = [
        [Unit(_name(role, city), f"topic:{key}") for role in roles]
        for key, roles in map(_roles, rivals)
    ]
    here = _local(district, address) if rivals[0].first in NEIGHBOURHOOD else []
    first, rest = by_topic[0][:1], [by_topic[0][1:], *by_topic[1:]]
    others = [unit for row in zip_longest(*reversed(rest)) for unit in row if unit]
    units = {unit.name: unit for unit in reversed([*first, *here, *others])}
    wanted = list(dict.fromkeys(unit.name for unit in chain(first, here, others)))
    return [units[name] for name in wanted[:MOST]]


def _roles(topic: Topic) -> tuple[str, list[str]]:
    topics = _catalogue()["topics"]
    path = [part for part in (topic.first, topic.second, topic.third) if part]
    keys = ["/".join(path[:depth]) for depth in range(len(path), 0, -1)]
    key = next(key for key in keys if key in topics)
    return key, topics[key]


def _name(role: str, city: str) -> str:
    names: dict[str, str] = _catalogue()["roles"][role]
    name = names.get(city, names["default"])
    return f"{city}{name}" if city and name.startswith("市") else name


def _local(district: str, address: str) -> list[Unit]:
    """The town or street office that looks after the place, with its district."""
    town = next((one for one in LOCAL.findall(address.removeprefix(district)) if one), "")
    if town and town[-1] not in "区县":
        office = (
            town
            if town.endswith(("办事处", "街道办"))
            else town + ("办事处" if town.endswith("街道") else "人民政府")
        )
        return [Unit(f"{district}{office}", "place")]
    return [Unit(f"{district}人民政府", "place")] if district else []


@cache
def _catalogue() -> dict[str, dict]:  # type: ignore[type-arg]  # the file's own shape
    return tomllib.loads(CATALOGUE.read_text("utf-8"))
