"""Proof that no answered call is without its record, its recording and its draft.

Counted against Asterisk's own list (``cdr-csv/Master.csv``), which it writes without us.
https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/CDR-Specification/
"""

import asyncio
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.recordings import Places
from storage.database import Database
from storage.repositories.calls import Calls, Recordings
from storage.repositories.tickets import Tickets
from storage.tables.call import CallRow
from storage.tables.recording import Keeping, RecordingRow

CHANNEL, DISPOSITION, UNIQUE_ID = 5, 14, 16  # columns of cdr_csv with loguniqueid
BATCH = 500
CITIZENS = re.compile(r"PJSIP/(citizen|trunk)-")


@dataclass(frozen=True)
class Gap:
    """``lacks``: record, recording, file or draft; ``cause``: what is known of why."""

    call_id: str
    lacks: str
    cause: str


def answered_calls(calls_csv: Path) -> list[str]:
    """Ids of the citizens' calls that Asterisk answered, each once, oldest first."""
    if not calls_csv.exists():
        return []
    with calls_csv.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = [row for row in csv.reader(file) if len(row) > UNIQUE_ID]
    return list(dict.fromkeys(row[UNIQUE_ID] for row in rows if _answered_citizen(row)))


async def reconcile(database: Database, places: Places, calls_csv: Path) -> tuple[int, list[Gap]]:
    """How many calls were compared, and what is missing of which."""
    call_ids = await asyncio.to_thread(answered_calls, calls_csv)
    gaps: list[Gap] = []
    for first in range(0, len(call_ids), BATCH):
        gaps.extend(await _gaps(database, places, call_ids[first : first + BATCH]))
    return len(call_ids), gaps


@dataclass(frozen=True)
class _Known:
    """What the database has of a batch of calls."""

    calls: dict[str, CallRow]
    recordings: dict[str, RecordingRow]
    drafted: set[str]


async def _gaps(database: Database, places: Places, call_ids: Sequence[str]) -> list[Gap]:
    async with database.session() as session:
        known = _Known(
            await Calls(session).of_ids(call_ids),
            await Recordings(session).of_calls(call_ids),
            await Tickets(session).calls_with_tickets(call_ids),
        )
    return await asyncio.to_thread(
        lambda: [gap for call_id in call_ids for gap in _gaps_of(known, places, call_id)]
    )


def _gaps_of(known: _Known, places: Places, call_id: str) -> Iterator[Gap]:
    call = known.calls.get(call_id)
    if call is None:
        slip = places.slip(call_id).exists()
        yield Gap(call_id, "record", "slip waits for the engine" if slip else "no slip")
        return
    recording = known.recordings.get(call_id)
    if recording is None:
        waits = any(places.side(call_id, side).exists() for side in ("caller", "heard"))
        yield Gap(call_id, "recording", "not muxed yet" if waits else "no sound was kept")
    # What went by a confirmed deletion is no gap: its certificate says why.
    elif recording.keeping == Keeping.KEPT and not places.vault.holds(recording.path):
        yield Gap(call_id, "file", f"{recording.path} is gone")
    if call_id not in known.drafted:
        yield Gap(call_id, "draft", "running" if call.ended_at is None else "not drafted")


def _answered_citizen(row: list[str]) -> bool:
    return row[DISPOSITION] == "ANSWERED" and CITIZENS.match(row[CHANNEL]) is not None
