"""Many requests seen together: what comes in clusters, what to warn of, what to publish.

No text says how many are 集中 or 多次: the numbers are parameters, engine defaults and not law.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cities.rules import Rules


@dataclass(frozen=True, slots=True)
class Matter:
    """One request as the analysis sees it: no name, no number. `solved_at` None: still open."""

    ticket: str
    registered_at: datetime
    category: str
    topic: str
    area: str
    unit: str
    assignments: int = 0
    solved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many on, within how many days; `long_days`: open that long is 持续时间长."""

    cluster: int = 5
    within_days: int = 7
    assignments: int = 3
    long_days: int = 90


@dataclass(frozen=True, slots=True)
class Cluster:
    """Requests of one topic in one area, `since` the first of them."""

    topic: str
    area: str
    since: datetime
    tickets: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """`to`: who has to act. `what`: risk_warning, or a matter for the coordinating body."""

    what: str
    to: str
    why: str
    article: str
    must: bool
    tickets: tuple[str, ...]


def clusters(matters: Iterable[Matter], bounds: Bounds, now: datetime) -> list[Cluster]:
    """The clusters of the last days, the largest first."""
    since = now - timedelta(days=bounds.within_days)
    together: dict[tuple[str, str], list[Matter]] = defaultdict(list)
    for matter in matters:
        if matter.topic and since <= matter.registered_at <= now:
            together[matter.topic, matter.area].append(matter)
    found = [
        Cluster(
            topic,
            area,
            min(each.registered_at for each in those),
            tuple(each.ticket for each in those),
            tuple(dict.fromkeys(each.unit for each in those if each.unit)),
        )
        for (topic, area), those in together.items()
        if len(those) >= bounds.cluster
    ]
    return sorted(found, key=lambda each: (-len(each.tickets), each.topic, each.area))


def warnings(found: Iterable[Cluster], rules: Rules) -> list[Notice]:
    """A risk warning to every unit that a cluster touches, where the text asks for them."""
    stated = rules.risk_warning
    if not stated.value:
        return []
    return [
        Notice(
            "risk_warning",
            unit,
            f"{each.area}{each.topic} {len(each.tickets)} 件",
            stated.article,
            must=True,
            tickets=each.tickets,
        )
        for each in found
        for unit in each.units
    ]


def for_coordination(
    matters: Sequence[Matter], rules: Rules, bounds: Bounds, now: datetime
) -> list[Notice]:
    """What the coordinating body may take, as far as figures can tell; the rest people propose."""
    stated, made = rules.coordination, []
    if "clustered" in stated.value:
        for each in clusters(matters, bounds, now):
            why = f"{each.area}{each.topic} {len(each.tickets)} 件"
            made.append(_coordinate(rules, "clustered", why, each.tickets))
    for matter in matters:
        if matter.solved_at is not None:
            continue
        if "assigned_repeatedly" in stated.value and matter.assignments >= bounds.assignments:
            why = f"已交办 {matter.assignments} 次"
            made.append(_coordinate(rules, "assigned_repeatedly", why, (matter.ticket,)))
        days = (now - matter.registered_at).days
        if "long_lasting" in stated.value and days >= bounds.long_days:
            why = f"已 {days} 日"
            made.append(_coordinate(rules, "long_lasting", why, (matter.ticket,)))
    return made


def _coordinate(rules: Rules, ground: str, why: str, tickets: tuple[str, ...]) -> Notice:
    stated = rules.coordination
    told = f"{stated.value[ground]}：{why}"
    return Notice(ground, "协调机制", told, stated.article, must=False, tickets=tickets)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of a period: for the government (analysis), or for everybody (publication)."""

    article: str
    taken: int
    solved: int
    by_category: tuple[tuple[str, int], ...]
    by_topic: tuple[tuple[str, int], ...]
    by_unit: tuple[tuple[str, int, int], ...]


def overview(
    matters: Iterable[Matter], rules: Rules, start: datetime, end: datetime
) -> Overview | None:
    """The regular analysis of what came from `start` to `end`; None where no text asks for it."""
    if rules.analysis.value != "shall":
        return None
    return _counted(matters, rules.analysis.article, start, end)


def publication(
    matters: Iterable[Matter], rules: Rules, start: datetime, end: datetime
) -> Overview | None:
    """What is published of the line's work and the units' handling; None: no text asks for it."""
    if not rules.publication.value:
        return None
    return _counted(matters, rules.publication.article, start, end)


def _counted(matters: Iterable[Matter], article: str, start: datetime, end: datetime) -> Overview:
    those = [each for each in matters if start <= each.registered_at < end]
    had: Counter[str] = Counter()
    solved: Counter[str] = Counter()
    for each in those:
        if each.unit:
            had[each.unit] += 1
            solved[each.unit] += each.solved_at is not None
    return Overview(
        article,
        len(those),
        sum(each.solved_at is not None for each in those),
        tuple(Counter(each.category for each in those).most_common()),
        tuple(Counter(each.topic for each in those if each.topic).most_common()),
        tuple((unit, count, solved[unit]) for unit, count in had.most_common()),
    )
