"""The knowledge base: import, change, search."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

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


@dataclass(frozen=True)
class Found:
    """An entry, how well it fits (0..1) and by which terms."""

    row: KnowledgeEntryRow
    hit: Hit


State = tuple[int, datetime | None]


class KnowledgeSearch:
    """Search over all entries. One for a process: it keeps an index a city between questions."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._indexes: dict[str, SearchIndex] = {}

    async def search(
        self, session: AsyncSession, text: str, *, city: str, today: date, most: int = 10
    ) -> list[Found]:
        """Entries in force of ``city`` and of every city, the best first."""
        found = []
        for hit in (await self._index(session, city)).search(text, most + OUTDATED):
            row = await KnowledgeEntries(session).get(hit.id)
            if row.valid_until is None or row.valid_until >= today:
                found.append(Found(row, hit))
        return found[:most]

    async def _index(self, session: AsyncSession, city: str) -> SearchIndex:
        """Built anew when any entry has changed."""
        state = await KnowledgeEntries(session).state()
        if self._state != state:
            self._state, self._indexes = state, {}
        if city not in self._indexes:
            rows = await KnowledgeEntries(session).every()
            self._indexes[city] = SearchIndex(
                [
                    Document(row.id, f"{row.title} {row.keywords}", row.answer)
                    for row in rows
                    if row.city in ("", city)
                ]
            )
        return self._indexes[city]


async def import_entries(
    session: AsyncSession, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> Mapping[str, int]:
    """How many are ``new``, ``changed`` and ``same``. What is not among them stays."""
    counts = {"new": 0, "changed": 0, "same": 0}
    for entry in entries:
        row = await KnowledgeEntries(session).of_key(entry.city, entry.key)
        if row is None:
            add_entry(session, entry, actor=actor, now=now)
            counts["new"] += 1
        else:
            counts["changed" if change_entry(row, entry, actor=actor, now=now) else "same"] += 1
        await session.flush()
    deed = Deed("knowledge.import", "knowledge", detail=dict(counts))
    write_down(session, actor, deed, now=now)
    return counts


def add_entry(
    session: AsyncSession, entry: Entry, *, actor: Actor, now: datetime
) -> KnowledgeEntryRow:
    row = KnowledgeEntryRow(**asdict(entry), updated_at=now, updated_by=actor.name)
    KnowledgeEntries(session).add(row)
    return row


def change_entry(row: KnowledgeEntryRow, entry: Entry, *, actor: Actor, now: datetime) -> bool:
    """Whether anything changed."""
    wanted = asdict(entry)
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.updated_at, row.updated_by = now, actor.name
    return True
