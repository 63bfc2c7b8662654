"""Carries out what is confirmed, as a process of its own that a test can kill.

python -m tests.db.services.deleting DATABASE_URL FOLDER NOW
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from services.retention import carry_out
from storage.database import Database
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault


async def main(url: str, folder: Path, now: datetime) -> None:
    ring = KeyRing(folder / "keys" / "recording-keys.json")
    database = Database(url)
    await carry_out(database, Vault(DiskShelf(folder / "kept"), ring, folder / "work"), now=now)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
