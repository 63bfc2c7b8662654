"""The knowledge base: import, change, search."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.cities.load import rules_on
from domain.cities.rules import Rules
from domain.knowledge.entry import (
    Duty,
    Fault,
    Kind,
    Stage,
    StageNotAllowed,
    duties,
    faults,
    move,
    told_in_time,
)
from domain.knowledge.entry import Entry as RuledEntry
from domain.knowledge.search import Document, Hit, SearchIndex
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.knowledge import KnowledgeEntries
from storage.tables.knowledge_entry import KnowledgeEntryRow

# Entries out of force still stand in the index; so many of them may come before one in force.
OUTDATED = 10


class KnowledgeKeyTaken(Exception):
    """Another entry of the city has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"another entry has the key {key!r}")


@dataclass(frozen=True)
class Entry:
    """``key`` names the entry over imports; ``city`` "" is for every city."""

    key: str
    title: str
    answer: str
    city: str = ""
    keywords: str = ""
    topic: str = ""
    unit: str = ""
    source: str = ""
    valid_until: date | None = None
    kind: str = Kind.MATTER.value
    content: Mapping[str, str] = field(default_factory=dict)
    needs_papers: bool = False
    public_at: datetime | None = None
    special: bool = False


@dataclass(frozen=True)
class Found:
    """An entry, how well it fits (0..1) and by which terms."""

    row: KnowledgeEntryRow
    hit: Hit


State = tuple[int, datetime | None, datetime | None]


class KnowledgeSearch:
    """Search over all entries. One for a process: it keeps an index a city between questions."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._indexes: dict[str, SearchIndex] = {}

    async def search(
        self, session: AsyncSession, text: str, *, city: str, today: date, most: int = 10
    ) -> list[Found]:
        """Published entries in force of ``city`` and of every city, the best first."""
        found = []
        for hit in (await self._index(session, city)).search(text, most + OUTDATED):
            row = await KnowledgeEntries(session).get(hit.id)
            in_force = row.valid_until is None or row.valid_until >= today
            if in_force and row.stage == Stage.PUBLISHED.value:
                found.append(Found(row, hit))
        return found[:most]

    async def _index(self, session: AsyncSession, city: str) -> SearchIndex:
        """Built anew when any entry has changed."""
        state = await KnowledgeEntries(session).state()
        if self._state != state:
            self._state, self._indexes = state, {}
        if city not in self._indexes:
            rows = await KnowledgeEntries(session).at_stage(Stage.PUBLISHED.value)
            self._indexes[city] = SearchIndex(
                [
                    Document(row.id, f"{row.title} {row.keywords}", row.answer)
                    for row in rows
                    if row.city in ("", city)
                ]
            )
        return self._indexes[city]


@dataclass(frozen=True)
class Standing:
    """What an entry lacks for being published, and what its unit owes."""

    faults: Sequence[Fault]
    duties: Sequence[Duty]


def rules_for(entry_city: str, own_city: str, now: datetime) -> Rules:
    """The text an entry follows; one for every city follows the text of the city served here."""
    return rules_on(entry_city or own_city, now.astimezone(CHINA).date())[0]


def standing(row: KnowledgeEntryRow, rules: Rules, *, now: datetime) -> Standing:
    """By the city's text."""
    entry = _as_the_rules_see(row)
    late = told_in_time(entry, rules)
    found = faults(entry, rules)
    return Standing((*found, late) if late else found, duties(entry, rules, now))


async def waiting(
    session: AsyncSession, own_city: str, *, now: datetime
) -> list[KnowledgeEntryRow]:
    """Entries somebody has something to do with: not published, faulty, or behind their matter."""
    found = []
    for row in await KnowledgeEntries(session).behind(Stage.PUBLISHED.value):
        stands = standing(row, rules_for(row.city, own_city, now), now=now)
        unpublished = row.stage in (Stage.COLLECTED.value, Stage.REVIEWED.value)
        if unpublished or stands.faults or stands.duties:
            found.append(row)
    return found


def move_entry(
    row: KnowledgeEntryRow, wanted: Stage, rules: Rules, *, actor: Actor, now: datetime
) -> None:
    """Raises `StageNotAllowed`."""
    row.stage = move(Stage(row.stage), wanted, _as_the_rules_see(row), rules).value
    row.staged_at, row.staged_by = now, actor.name


def matter_changed(row: KnowledgeEntryRow, *, at: datetime) -> None:
    """What the entry tells of changed at that moment, or a fault in it was reported."""
    row.source_changed_at = at


async def import_entries(
    session: AsyncSession, entries: Sequence[Entry], own_city: str, *, actor: Actor, now: datetime
) -> Mapping[str, int]:
    """How many are ``new``, ``changed`` and ``same``; ``waiting`` of them are not published.

    What is not among them stays.
    """
    counts = {"new": 0, "changed": 0, "same": 0, "waiting": 0}
    for entry in entries:
        rules = rules_for(entry.city, own_city, now)
        row = await KnowledgeEntries(session).of_key(entry.city, entry.key)
        if row is None:
            row = add_entry(session, entry, rules, actor=actor, now=now)
            counts["new"] += 1
        else:
            changed = change_entry(row, entry, rules, actor=actor, now=now)
            counts["changed" if changed else "same"] += 1
        counts["waiting"] += row.stage != Stage.PUBLISHED.value
        await session.flush()
    deed = Deed("knowledge.import", "knowledge", detail=dict(counts))
    write_down(session, actor, deed, now=now)
    return counts


def add_entry(
    session: AsyncSession, entry: Entry, rules: Rules, *, actor: Actor, now: datetime
) -> KnowledgeEntryRow:
    row = KnowledgeEntryRow(**asdict(entry), updated_at=now, updated_by=actor.name)
    _stage_anew(row, rules)
    KnowledgeEntries(session).add(row)
    return row


def change_entry(
    row: KnowledgeEntryRow, entry: Entry, rules: Rules, *, actor: Actor, now: datetime
) -> bool:
    """Whether anything changed; if so it has to be checked again where the text asks for that."""
    wanted = asdict(entry)
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.updated_at, row.updated_by = now, actor.name
    _stage_anew(row, rules)
    return True


def _stage_anew(row: KnowledgeEntryRow, rules: Rules) -> None:
    """Published at once where the text lets it; otherwise collected, and people go on."""
    row.staged_at, row.staged_by = row.updated_at, row.updated_by
    try:
        stage = move(Stage.COLLECTED, Stage.PUBLISHED, _as_the_rules_see(row), rules)
    except StageNotAllowed:
        stage = Stage.COLLECTED
    row.stage = stage.value


def _as_the_rules_see(row: KnowledgeEntryRow) -> RuledEntry:
    return RuledEntry(
        kind=Kind(row.kind),
        unit=row.unit,
        catalogue=tuple(part for part in row.topic.split("/") if part),
        updated_at=row.updated_at,
        content=row.content,
        needs_papers=row.needs_papers,
        source_changed_at=row.source_changed_at,
        public_at=row.public_at,
        special=row.special,
    )
