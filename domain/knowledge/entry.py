"""One entry of the knowledge base: what it lacks, which stage may follow, what its unit owes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.cities.rules import Rules


class Kind(StrEnum):
    MATTER = "matter"  # 办事、政策知识点
    UNIT = "unit"  # 承办单位的职责、联系方式
    POLICY = "policy"  # 将公布的规范性文件、重大政策的解读
    EVENT = "event"  # 突发事件、热点问题的应答口径


class Stage(StrEnum):
    COLLECTED = "collected"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """`source_changed_at`: when the matter itself last changed or a fault was reported.

    `public_at`: when a policy is published. `special`: it could not be told before (特殊情况).
    """

    kind: Kind
    unit: str
    catalogue: tuple[str, ...]
    updated_at: datetime
    content: Mapping[str, str] = field(default_factory=dict)
    needs_papers: bool = False
    source_changed_at: datetime | None = None
    public_at: datetime | None = None
    special: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    article: str


class StageNotAllowed(Exception):
    """The entry cannot go there; `faults` says what it lacks."""

    def __init__(self, wanted: Stage, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{wanted}: " + "; ".join(f"{f.article} {f.what}" for f in faults))
        self.wanted = wanted
        self.faults = faults


_FOLLOWS = {
    Stage.COLLECTED: (Stage.REVIEWED, Stage.RETIRED),
    Stage.REVIEWED: (Stage.PUBLISHED, Stage.COLLECTED, Stage.RETIRED),
    Stage.PUBLISHED: (Stage.COLLECTED, Stage.RETIRED),
    Stage.RETIRED: (Stage.COLLECTED,),
}


def faults(entry: Entry, rules: Rules) -> tuple[Fault, ...]:
    """What the city's text demands of the entry and is not there."""
    found = []
    if rules.kb_catalogue.value and not entry.catalogue:
        found.append(
            Fault("没有归入知识库目录 no place in the catalogue", rules.kb_catalogue.article)
        )
    wanted = {Kind.MATTER: rules.kb_elements, Kind.UNIT: rules.kb_unit_entry}.get(entry.kind)
    sets = [wanted] if wanted else []
    if entry.needs_papers:
        sets.append(rules.kb_papers)
    for stated in sets:
        lacking = [name for name in stated.value if not entry.content.get(name)]
        if lacking:
            found.append(Fault(f"缺少 missing: {', '.join(lacking)}", stated.article))
    return tuple(found)


def move(stage: Stage, wanted: Stage, entry: Entry, rules: Rules) -> Stage:
    """The new stage, or `StageNotAllowed`: only complete entries pass, checked where the text asks.

    Without a check in the text an entry may be published as it was collected.
    """
    follows = _FOLLOWS[stage]
    if not rules.kb_review.value and stage is Stage.COLLECTED:
        follows = (*follows, Stage.PUBLISHED)
    if wanted not in follows:
        fault = Fault(f"{stage} 之后不能 {wanted}", rules.kb_review.article)
        raise StageNotAllowed(wanted, (fault,))
    lacking = faults(entry, rules)
    if lacking and wanted in (Stage.REVIEWED, Stage.PUBLISHED):
        raise StageNotAllowed(wanted, lacking)
    return wanted


@dataclass(frozen=True, slots=True)
class Duty:
    """What a unit owes the knowledge base; `by` None: 及时, at once, without a number."""

    unit: str
    what: str
    by: datetime | None
    article: str


def duties(entry: Entry, rules: Rules, now: datetime) -> tuple[Duty, ...]:
    """An entry behind its matter is to be updated; an event's while it goes on."""
    changed = entry.source_changed_at
    if changed is None or changed > now or entry.updated_at >= changed:
        return ()
    if entry.kind is Kind.EVENT:
        if not rules.kb_events.value:
            return ()
        return (Duty(entry.unit, "更新事件进展", None, rules.kb_events.article),)
    stated = rules.kb_update
    if stated.value == "none":
        return ()
    by = changed if stated.value == "real_time" else None
    return (Duty(entry.unit, "更新、更正知识库信息", by, stated.article),)


def told_in_time(entry: Entry, rules: Rules) -> Fault | None:
    """Whether a policy's material came before the policy was published."""
    stated = rules.kb_before_publication
    if not stated.value or entry.kind is not Kind.POLICY or entry.public_at is None:
        return None
    if entry.updated_at < entry.public_at or (entry.special and "特殊情况" in stated.note):
        return None
    return Fault("公布前未提供解读资料 no material before the publication", stated.article)
