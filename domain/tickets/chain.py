"""The chain of a ticket's history: every entry's hash covers the entry and the hash before it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

# Beyond this a database may give a whole number back as a fraction or the other way round.
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is hashed; `detail` holds JSON values. `number` counts from 1 per ticket."""

    ticket_id: str
    number: int
    version: int
    at: datetime
    recorded_at: datetime
    actor: str
    what: str
    detail: dict[str, Any]
    rules_version: str | None
    calendar: int | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stored entry with the two hashes that stand beside it."""

    link: Link
    previous: str
    hash: str


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, moments in UTC: the same value, the same text."""
    return json.dumps(
        _plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return _number(value)


def _number(value: float) -> float:
    """PostgreSQL's JSON writes 1e16 as 10000000000000000 and knows no -0."""
    if isinstance(value, int) and abs(value) <= _EXACT:
        return value
    try:
        near = float(value)
    except OverflowError:
        return value
    return int(near) if near.is_integer() else near


def hash_of(previous: str, link: Link) -> str:
    """Hex sha-256 of the hash before it and the entry's canonical JSON."""
    return sha256(f"{previous}\n{canonical(asdict(link))}".encode()).hexdigest()


def broken_at(entries: Iterable[Sealed]) -> int | None:
    """The number of the first entry that was edited, put in or misses a neighbour; else None."""
    previous, number = "", 0
    for number, entry in enumerate(entries, start=1):
        in_place = entry.link.number == number and entry.previous == previous
        if not in_place or entry.hash != hash_of(previous, entry.link):
            return number
        previous = entry.hash
    return None
