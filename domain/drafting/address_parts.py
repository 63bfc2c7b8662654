"""Place words of a text: those of the gazetteer, and what looks like one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.drafting.address_marks import (
    ADJECTIVE,
    BESIDE,
    BUS,
    CORRECTED,
    DETAIL,
    ESTATE,
    GENERIC,
    NAME_LIMIT,
    NEARBY,
    NOT_ROAD_NAMES,
    NUMERALS,
    ONLY_ONE,
    ORIGIN,
    PLAIN,
    ROAD,
    SELF_NAMED,
    STOPS,
    TOWN,
    VILLAGE,
    WING,
)
from domain.drafting.gazetteer import index
from domain.drafting.places import ZONES, cities, districts

WEIGHTS = {
    "city": 0.5, "district": 1.5, "area": 1.6, "town": 2.0, "village": 2.2, "road": 2.5, "poi": 2.5,
    "detail": 1.0, "nearby": 0.5,
}  # fmt: skip
MARKS = (("town", TOWN), ("village", VILLAGE), ("road", ROAD), ("poi", ESTATE))
NOTHING_LEARNT: Mapping[str, str] = {}
SHORT = 2
# Nothing but these is no name.
MARK_SIGNS = "路街道巷号村镇乡区市县"
# What belongs to a known name: 水口街道办事处, 君子路北段.
LONGER = {
    "town": re.compile("办事处|办(?![理公证])"),
    "road": re.compile("[东南西北中]段"),
}
# A river runs through many places.
WATER = re.compile("[江河溪]$")
NUMBERED_ROAD = re.compile("[东南西北中一二三四五六七八九十]{1,2}路")
AWAY = re.compile("方向")
BACK = re.compile("回来|回家|出发")
BARE = re.compile(f"{ESTATE.pattern}|{VILLAGE.pattern}")


@dataclass(frozen=True)
class Part:
    """One place word at characters ``start``..``end``; ``weight``: how far it narrows down.

    ``known``: it stands in the gazetteer. ``corrects``: it was said in the place of another.
    """

    start: int
    end: int
    kind: str
    weight: float
    known: bool = False
    corrects: bool = False


def find_parts(
    text: str, city: str, breaks: Sequence[int], learnt: Mapping[str, str] = NOTHING_LEARNT
) -> list[Part]:
    """Place words in order, none overlapping; the known first, of the others the longer.

    ``learnt``: name → kind, known beside the lists of the city.
    """
    known = list(_known(text, city, learnt))
    guessed = _guessed(text, breaks, known)
    merged = [_merged(text, part, known) for part in guessed]
    kept: list[Part] = []
    roads = {part.end - 1 for part in (*known, *merged) if part.kind in {"road", "village"}}
    for part in sorted([*known, *merged, *_numbered(text, breaks, roads)], key=_order):
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
        elif part.start == kept[-1].start and part.end > kept[-1].end:
            kept[-1] = part
    return _corrected(text, _with_unmarked(text, kept, breaks))


def _with_unmarked(text: str, parts: list[Part], breaks: Sequence[int]) -> list[Part]:
    """龙海二路 + 比亚迪 + 门口: what is named between a place and 门口 is a place too."""
    filled = parts[:1]
    for part in parts[1:]:
        before = filled[-1]
        gap = text[before.end : part.start]
        whole = not any(before.end < rest <= part.start for rest in breaks)
        beside = part.kind == "nearby" and BESIDE.fullmatch(text, part.start, part.end)
        named = SHORT <= len(gap) <= NAME_LIMIT and not STOPS.search(gap)
        if part.kind == "area" and before.kind in {"town", "village"}:
            continue  # 龙固镇龙固集: the name of the town again
        if whole and beside and named and before.kind in {"road", "town", "village", "detail"}:
            filled.append(Part(before.end, part.start, "poi", WEIGHTS["poi"] / 2))
        filled.append(part)
    return filled


def _order(part: Part) -> tuple[int, bool, int]:
    return part.start, not part.known, -part.end


def _known(text: str, city: str, learnt: Mapping[str, str]) -> Iterator[Part]:
    """Cities, districts and gazetteer names; 龙湖大道 holds no 龙湖, 缙云烧饼 no 缙云."""
    taken = 0
    listed = ((start, end, place.kind) for start, end, place in index(city).found(text))
    spots = [*_admin(text, city), *listed, *_learnt(text, learnt)]
    for start, end, kind in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
        describes = kind != "city" and _only_describes(text, start, end, kind)
        if start < taken or AWAY.match(text, end) or describes:
            continue
        longer = LONGER[kind].match(text, end) if kind in LONGER else None
        taken = longer.end() if longer else end
        weight = WEIGHTS["area" if WATER.search(text[start:end]) else kind]
        yield Part(start, taken, kind, weight, known=True)


def _learnt(text: str, learnt: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for name, kind in learnt.items():
        for match in re.finditer(re.escape(name), text):
            yield match.start(), match.end(), kind


def _admin(text: str, city: str) -> Iterator[tuple[int, int, str]]:
    names = "|".join(districts(city))
    for match in re.finditer(f"(?:{'|'.join(cities(city))})市?|{names}", text):
        kind = "city" if match[0].startswith(cities(city)) else "district"
        yield match.start(), match.end(), kind


def _only_describes(text: str, start: int, end: int, kind: str) -> bool:
    if kind in {"road", "town"}:
        return False
    name = text[start:end]
    if kind == "district" and name.endswith(("区", "县", "市")) and len(name) > SHORT:
        return bool(ORIGIN.search(text[:start]))
    if kind == "poi":
        in_road = len(name) == SHORT and ROAD.match(text, end)
        return bool(in_road or ADJECTIVE.match(text, end) or BACK.match(text, end))
    in_road = ROAD.match(text, end) or NUMBERED_ROAD.match(text, end)
    return bool(in_road or ADJECTIVE.match(text, end) or ORIGIN.search(text[:start]))


def _guessed(text: str, breaks: Sequence[int], known: Sequence[Part]) -> list[Part]:
    """What a mark (路, 村, 小区 …) makes look like a name, outside of known ones."""
    inside = {place for part in known for place in range(part.start, part.end)}
    named = {part.end for part in known}
    borders = {*named, *breaks}
    seen: list[Part] = []
    for kind, pattern in MARKS:
        for match in pattern.finditer(text):
            crosses = any(match.start() < rest < match.end() for rest in breaks)
            if match.start() in inside or crosses or AWAY.match(text, match.end()):
                continue
            start = name_start(text, match.start(), borders)
            if start == match.start() and _only_one(text, match, known):
                seen.append(Part(start, match.end(), kind, WEIGHTS[kind]))
                borders.add(match.end())
                continue
            follows = start == match.start() and _extends(start, kind, (*known, *seen))
            borders.add(match.end())
            if follows or _is_name(text, start, match, kind, named):
                named.add(match.end())
                seen.append(Part(start, match.end(), kind, WEIGHTS[kind]))
    return seen


def _only_one(text: str, mark: re.Match[str], known: Sequence[Part]) -> bool:
    """船寮镇(的) + 高铁站: of most such things a town has one, so it needs no name."""
    if not ONLY_ONE.fullmatch(mark[0]):
        return False
    place = mark.start() - (text[mark.start() - 1 : mark.start()] == "的")
    return any(part.end == place and part.kind in {"town", "village"} for part in known)


def _is_name(text: str, start: int, mark: re.Match[str], kind: str, named: Collection[int]) -> bool:
    """Whether what stands before 路, 村, 小区 … names one, unlike 马路, 我们村, 二二零路公交车."""
    name = text[start : mark.start()]
    if SELF_NAMED.fullmatch(mark[0]):
        return True
    if name and not name.strip(MARK_SIGNS):
        return False
    if kind == "road":
        bus_line = not name.strip(NUMERALS) and BUS.match(text, mark.end())
        return not (NOT_ROAD_NAMES.search(name) or bus_line)
    if len(name) == 1 and start not in named and PLAIN.fullmatch(mark[0]):
        return False
    return not GENERIC.match(name) and not (kind == "village" and name.endswith("农"))


def _merged(text: str, part: Part, known: Sequence[Part]) -> Part:
    """武林广场 + 地铁站, 灯塔 + 社区, 滨江 + 二小: a bare mark belongs to the name before it."""
    bare = BARE.fullmatch(text[part.start : part.end])
    if not bare or not _extends(part.start, part.kind, known):
        return part
    before = next(one for one in known if one.end == part.start)
    return part if before.kind == "town" else replace(part, start=before.start)


def _extends(start: int, kind: str, known: Sequence[Part]) -> bool:
    """Whether a bare mark may stand right behind a known name: 和平 + 社区, but not 街道 + 社区."""
    before = next((one for one in known if one.end == start), None)
    if before is None or before.kind == "town":
        return False
    return kind == "poi" or (kind == "village" and before.kind == "area")


def _numbered(text: str, breaks: Sequence[int], roads: Collection[int]) -> Iterator[Part]:
    """House numbers, floors, wings; and words of nearness, which never begin after a rest."""
    clauses = pairwise(sorted({0, *breaks, len(text)}))
    for match in (one for start, end in clauses for one in DETAIL.finditer(text, start, end)):
        if text[: match.start()][-1:] != "月":
            yield Part(match.start(), match.end(), "detail", WEIGHTS["detail"])
    for match in WING.finditer(text):
        if match.start() not in breaks:
            yield Part(match.start(), match.end(), "detail", WEIGHTS["detail"])
    for match in NEARBY.finditer(text):
        # 东厦路口: its 路 belongs to the road's name.
        start = match.start() + bool(match.start() in roads)
        if match.start() not in breaks:
            yield Part(start, match.end(), "nearby", WEIGHTS["nearby"])


def _corrected(text: str, parts: list[Part]) -> list[Part]:
    """一百五十五号 不对 是一百五十八号: the later stands in the place of the earlier."""
    kept: list[Part] = []
    for part in parts:
        same = next((n for n in range(len(kept) - 1, -1, -1) if kept[n].kind == part.kind), None)
        if same is not None and CORRECTED.match(text[kept[same].end : part.start]):
            alike = part.kind != "detail" or text[part.end - 1] == text[kept[same].end - 1]
            if alike:
                kept[same:] = [replace(part, corrects=True)]
                continue
        kept.append(part)
    return kept


def name_start(text: str, end: int, borders: Collection[int] = ()) -> int:
    """Where the name that ends at ``end`` begins: behind the last word that is part of no name."""
    start = max([0, end - NAME_LIMIT, *(border for border in borders if border <= end)])
    for match in STOPS.finditer(text[:end], start):
        start = max(start, match.end())
    return start


def is_zone(name: str) -> bool:
    """开发区 and its like, which every city has."""
    return name in ZONES
