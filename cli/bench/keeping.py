"""Keeping recordings: how fast sound is sealed and opened, and how soon the first of it comes."""

import asyncio
import csv
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from cli.bench.figures import CannotMeasure, Line, percentile
from services.reconcile import reconcile
from services.recordings import Places
from services.stereo import header
from storage.database import Database
from storage.migrate import migrate
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault

ROW = "keeping"
HOUR_BYTES = 4 * 8000 * 3600
PIECE = bytes(range(256)) * 512
FIRST_GOAL_MS = 1000.0
SPEED = re.compile(r"^AES-256-GCM\s+([\d.]+)k", re.MULTILINE | re.IGNORECASE)
CALLS = 100_000


def lines(calls: int = CALLS) -> list[Line]:
    """One hour of two voices sealed and opened, beside openssl; 100,000 calls reconciled."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        home = Path(folder)
        ring = KeyRing(home / "keys.json")
        ring.ensure()
        vault = Vault(DiskShelf(home / "kept"), ring, home / "work")
        began = time.perf_counter()
        vault.store("hour.wav", _hour())
        sealed = HOUR_BYTES / (time.perf_counter() - began) / 1e6
        beside = openssl_mb_s()
        first = [_first_ms(vault) for _ in range(50)]
        seconds = asyncio.run(_reconciled_s(home, vault, calls))
    return [
        Line(
            ROW,
            "an hour of sound sealed and synced to disk, beside openssl's bare cipher",
            f"{sealed:,.0f} MB/s",
            f"{beside:,.0f} MB/s",
            sealed / beside,
        ),
        Line(
            ROW,
            "first 64 KiB from the middle of an hour, opened: p95",
            f"{percentile(first, 0.95):.1f} ms",
            goal=f"≤ {FIRST_GOAL_MS:.0f} ms",
            met=percentile(first, 0.95) <= FIRST_GOAL_MS,
        ),
        Line(
            ROW, f"{calls:,} answered calls reconciled with database and disk", f"{seconds:.1f} s"
        ),
    ]


def _hour() -> Iterator[bytes]:
    yield header(2, HOUR_BYTES)
    for _ in range(HOUR_BYTES // len(PIECE)):
        yield PIECE


def _first_ms(vault: Vault) -> float:
    began = time.perf_counter()
    next(vault.open("hour.wav").pieces(HOUR_BYTES // 2, 64 * 1024))
    return 1000 * (time.perf_counter() - began)


def openssl_mb_s() -> float:
    """AES-256-GCM with blocks of 64 KiB on one core. Raises `CannotMeasure`."""
    command = ["openssl", "speed", "-seconds", "1", "-bytes", "65536", "-evp", "aes-256-gcm"]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as failure:
        raise CannotMeasure(f"openssl speed: {failure}") from failure
    found = SPEED.search(done.stdout)
    if found is None:
        raise CannotMeasure("openssl speed says nothing of AES-256-GCM")
    return float(found[1]) / 1000


async def _reconciled_s(home: Path, vault: Vault, calls: int) -> float:
    """None of the calls has its files: each of them is looked for on the disk."""
    url = f"sqlite+aiosqlite:///{home / 'calls.sqlite'}"
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    listed = home / "Master.csv"
    await asyncio.to_thread(_write_list, listed, calls)
    series = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)"
    moment = f"'{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}'"
    async with database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO call (id, caller, dialled, ticket_number, started_at, path,"  # noqa: S608
                f" live_complete, recovered) {series} SELECT 'hl1-' || i, '138', '12345',"
                f" 1000000 + i, {moment}, '[]', 1, 0 FROM n"
            ),
            {"many": calls},
        )
    began = time.perf_counter()
    checked, gaps = await reconcile(database, Places(home / "spool", vault), listed)
    taken = time.perf_counter() - began
    await database.close()
    if checked != calls or len(gaps) != 2 * calls:
        raise CannotMeasure(f"{checked} calls and {len(gaps)} gaps were found")
    return taken


def _write_list(file: Path, calls: int) -> None:
    with file.open("w", newline="") as writing:
        writer = csv.writer(writing)
        for number in range(calls):
            row = [""] * 17
            row[5], row[14], row[16] = "PJSIP/citizen-1", "ANSWERED", f"hl1-{number}"
            writer.writerow(row)
