"""Where it happens: the best run of place names in a spoken text, and its parts.

Recognised speech gives no punctuation. Known places come from the gazetteer of the city; any
other is found by its last character (路, 村, 小区, 号楼 …) and its name by going left to the
nearest word that cannot belong to a name (在, 我们, 那个 …).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.drafting.address_marks import CROSSING, CUE, HERE, JOINING
from domain.drafting.address_parts import Part, find_parts, is_zone
from domain.drafting.found import Found
from domain.drafting.gazetteer import town_of
from domain.drafting.places import DISTRICTS, city_named, district_named
from domain.text.itn.normalise import normalise

WIDE = frozenset({"city", "district", "town", "area"})
ADMINISTRATIVE = WIDE - {"area"}
FILLERS = re.compile("那个|这个|嗯|呃|就是|然后|那边|里面(?!$)")
NUMBER = re.compile("号$|号(?=门口|旁)")
FULL_DISTRICT = 3


@dataclass(frozen=True)
class Address:
    """What `find_place` found.

    ``parts``: name → words, of city, district, town, village, road, number, crossing, poi,
    detail, near; only what is known. ``inferred``: parts nobody said (from the town, the call).
    """

    found: Found
    parts: Mapping[str, str]
    inferred: frozenset[str]


def find_address(text: str, city: str, breaks: Sequence[int] = ()) -> Found | None:
    """Only the words of `find_place`."""
    place = find_place(text, city, breaks)
    return place.found if place else None


def find_place(
    text: str, city: str, breaks: Sequence[int] = (), *, learnt: Mapping[str, str] | None = None
) -> Address | None:
    """The most telling address in ``text``, numbers in figures; None if no place is named.

    ``breaks``: positions where the caller rested; no name runs over one, an address may.
    ``learnt``: name → kind, known beside the lists of the city.
    A district said elsewhere (我是东明县的 … 在黄河路) is put before an address without one.
    """
    groups = [
        group
        for group in _groups(text, find_parts(text, city, breaks, learnt or {}))
        if _names_a_place(text, group)
    ]
    if not groups:
        return None
    best = max(groups, key=lambda group: (_score(text, group), -group[0].start))
    chosen = [group for group in (_wider(groups, best), best) if group]
    stretches = tuple((min(p.start for p in group), max(p.end for p in group)) for group in chosen)
    value = "".join(_written(text, group) for group in chosen)
    strength = min(0.95, 0.35 + 0.1 * _score(text, best))
    found = Found(value, stretches, strength, "+".join(part.kind for part in best))
    parts = _structure(text, [part for group in chosen for part in group])
    said = frozenset(parts)
    parts = _completed(parts, city)
    return Address(found, parts, frozenset(parts) - said)


def _wider(groups: list[list[Part]], best: list[Part]) -> list[Part] | None:
    if any(part.kind in WIDE for part in best):
        return None
    return next(
        (group for group in groups if all(part.kind in ADMINISTRATIVE for part in group)), None
    )


def _groups(text: str, parts: list[Part]) -> Iterator[list[Part]]:
    """Runs of place words with at most joining words between them."""
    group: list[Part] = []
    for part in parts:
        if group and not _joined(text, group[-1], part):
            yield group
            group = []
        if group or part.kind != "nearby":
            group.append(part)
    if group:
        yield group


def _joined(text: str, before: Part, part: Part) -> bool:
    gap = text[before.end : part.start]
    return bool(part.corrects or JOINING.fullmatch(gap))


def _names_a_place(text: str, group: list[Part]) -> bool:
    """Not a number alone, nor a city; a district's short name only where something points there."""
    telling = [part for part in group if part.kind not in {"detail", "nearby", "city"}]
    if not telling or any(part.kind not in {"district", "area"} for part in telling):
        return bool(telling)
    first, last = telling[0], telling[-1]
    between = text[group[0].start : last.end]
    if len(group) > 1 and re.search("到|和|跟", between):
        return False
    full = any(part.end - part.start >= FULL_DISTRICT or part.kind == "area" for part in telling)
    pointed = CUE.search(text[: first.start]) or HERE.match(text, last.end)
    return bool(full or pointed)


def _score(text: str, group: list[Part]) -> float:
    cue = 1.0 if CUE.search(text[: group[0].start]) else 0.0
    kinds = {part.kind: part.weight + 0.3 * part.known for part in group}
    details = min(2, sum(part.kind == "detail" for part in group))
    score = sum(kinds.values()) + cue + 0.5 * details
    # 我是莲都区的 says where somebody is from; the estate named next is where it happens.
    return 0.7 * score if all(part.kind in WIDE for part in group) else score


def _written(text: str, group: list[Part]) -> str:
    """The words of the parts; of what joins them only 和, 到 and their like."""
    pieces = [text[group[0].start : group[0].end]]
    for before, part in pairwise(group):
        gap = text[before.end : part.start] if not part.corrects else ""
        loose = before.kind in {"district", "detail"} and part.kind == "poi"
        joint = CROSSING.search(gap) or (loose and re.match("的", gap))
        pieces += [joint[0] if joint else "", text[part.start : part.end]]
    return normalise(FILLERS.sub("", "".join(pieces)))


def _structure(text: str, parts: list[Part]) -> dict[str, str]:
    """Parts by what they are; two roads that meet are one crossing."""
    parts, named = _crossing(text, parts)
    before = ""
    for part in parts:
        words = FILLERS.sub("", text[part.start : part.end]).replace("的", "")
        kind = _kind(part, words, before, named)
        if kind in {"detail", "near"} or kind == before == "poi":
            named[kind] = named.get(kind, "") + words
        else:
            named.setdefault(kind, words)
        before = part.kind
    return {kind: normalise(words) for kind, words in named.items()}


def _kind(part: Part, words: str, before: str, named: Mapping[str, str]) -> str:
    """What a part is called in `Address.parts`; ``before``: the kind of the one before it."""
    if part.kind == "nearby":
        return "near"
    if part.kind == "detail" and before == "road" and words.endswith("号"):
        return "number"
    return "poi" if part.kind == "area" and "poi" not in named else part.kind


def _crossing(text: str, parts: list[Part]) -> tuple[list[Part], dict[str, str]]:
    for first, second in pairwise(parts):
        gap = text[first.end : second.start]
        meet = CROSSING.search(gap) or not gap
        if first.kind == second.kind == "road" and meet:
            at = parts.index(second)
            run = [first, second]
            if at + 1 < len(parts) and parts[at + 1].kind == "nearby":
                run.append(parts[at + 1])
            rest = [part for part in parts if part not in run]
            return rest, {"crossing": _written(text, run)}
    return parts, {}


def _completed(parts: dict[str, str], city: str) -> dict[str, str]:
    """Official names of districts; the city and district that a town or the call gives."""
    done = dict(parts)
    town = done.get("town", "").removesuffix("办事处").removesuffix("街道办")
    homes = {
        (place.city, place.district)
        for name in (town, f"{town}街道")
        for place in town_of(name)
        if not city or place.city == city.removesuffix("市")
    }
    if "district" in done and not is_zone(done["district"]):
        done["district"] = district_named(done["district"], city) or done["district"]
    elif "district" not in done and len(homes) == 1:
        done["district"] = next(iter(homes))[1]
    home = city_named(done.get("district", "")) or (next(iter(homes))[0] if len(homes) == 1 else "")
    city = city.removesuffix("市")
    known = done.get("city", "") or home or (city if city in DISTRICTS else "")
    if known:
        done["city"] = f"{known.removesuffix('市')}市"
    return done
