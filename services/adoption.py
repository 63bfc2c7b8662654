"""Changing keys while calls come in and people listen; and taking in sound that lies plain."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.chain import append_link
from storage.database import Database
from storage.repositories.calls import Recordings
from storage.tables.recording import Keeping, RecordingRow
from storage.vault.vault import Vault

BATCH = 500


@dataclass(frozen=True)
class Rotation:
    """How many recordings got the new key, and how many had lain unsealed."""

    rewrapped: int
    sealed: int


async def rotate_keys(database: Database, vault: Vault, plain: Path) -> Rotation:
    """A new key from now on, and every recording's own key under it. Old keys stay in the ring.

    ``plain``: folder of unsealed recordings of versions before the vault.
    """
    await asyncio.to_thread(vault.ring.add)
    sealed, after = 0, ""
    while True:
        async with database.session() as session:
            rows = await Recordings(session).after(after, BATCH)
        if not rows:
            break
        for row in rows:
            if row.keeping == Keeping.KEPT:
                sealed += await _seal_plain(database, vault, row, plain / row.path)
        after = rows[-1].call_id
    rewrapped = await asyncio.to_thread(_rewrap_all, vault)
    return Rotation(rewrapped, sealed)


def _rewrap_all(vault: Vault) -> int:
    return sum(vault.rewrap(name) for name in list(vault.names()) if vault.holds(name))


async def _seal_plain(database: Database, vault: Vault, row: RecordingRow, file: Path) -> bool:
    """Seal one recording that lies open; only one that is still what was kept."""
    if not await asyncio.to_thread(_take_in, vault, row, file):
        return False
    async with database.transaction() as session:
        await append_link(session, vault.ring, row)
    await asyncio.to_thread(file.unlink)
    return True


def _take_in(vault: Vault, row: RecordingRow, file: Path) -> bool:
    if not file.is_file():
        return False
    digest = hashlib.sha256()
    for piece in _pieces(file):
        digest.update(piece)
    if digest.hexdigest() != row.sha256:
        return False
    if not vault.holds(row.path):
        vault.store(row.path, _pieces(file))
    return True


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as reading:
        while piece := reading.read(1024 * 1024):
            yield piece
