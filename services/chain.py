"""What was kept on which day, in a chain of sha-256, each day's end signed.

A link is ``sha256("<link before>|<call>|<sha-256 of the wav>|<bytes>")``; the first of a day goes
on from the last of the day before. Days are those of UTC. Whoever changes a recording, a row or a
whole day breaks every link after it, and cannot sign the new end without the ring of keys.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.repositories.calls import Recordings
from storage.repositories.keeping import Chain, Deletions
from storage.tables.recording import Keeping, RecordingRow
from storage.tables.recording_chain import RecordingDayRow, RecordingLinkRow
from storage.vault.keyring import KeyMissing, KeyRing
from storage.vault.sealing import SoundDamaged
from storage.vault.shelf import SoundMissing
from storage.vault.vault import Vault

FIRST = "0" * 64
BATCH = 200


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was kept. ``where``: a day or a call's id."""

    where: str
    what: str


async def append_link(session: AsyncSession, ring: KeyRing, row: RecordingRow) -> None:
    """Chain a recording that was just registered. Once only, however often it is called."""
    chain = Chain(session)
    await chain.lock()
    if await chain.of_call(row.call_id) is not None:
        return
    day = f"{row.made_at:%Y-%m-%d}"
    last = await chain.newest_day()
    if last is not None and last.day > day:
        day = last.day  # a clock that went back must not tear the chain
    before = FIRST if last is None else last.head
    seq = last.links if last is not None and last.day == day else 0
    link = link_of(before, row.call_id, row.sha256, row.size_bytes)
    chain.add(
        RecordingLinkRow(
            day=day,
            seq=seq,
            call_id=row.call_id,
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            link=link,
        )
    )
    signature = ring.sign(end_of_day(day, seq + 1, link))
    await chain.end_day(RecordingDayRow(day=day, links=seq + 1, head=link, signature=signature))


def link_of(before: str, call_id: str, sha256: str, size_bytes: int) -> str:
    return hashlib.sha256(f"{before}|{call_id}|{sha256}|{size_bytes}".encode()).hexdigest()


def end_of_day(day: str, links: int, head: str) -> bytes:
    """What is signed at the end of a day."""
    return f"{day}|{links}|{head}".encode()


async def verify(database: Database, vault: Vault) -> AsyncIterator[Fault]:
    """Every fault of the chain, then of every sound, read to its last byte."""
    async for fault in _verify_days(database, vault.ring):
        yield fault
    after = ""
    while True:
        async with database.session() as session:
            rows = await Recordings(session).after(after, BATCH)
            links = await Chain(session).of_calls([row.call_id for row in rows])
            certified = await Deletions(session).certified([row.call_id for row in rows])
        if not rows:
            break
        for row in rows:
            fault_of_row = _row_fault(row, links.get(row.call_id), row.call_id in certified)
            found = fault_of_row or await asyncio.to_thread(_sound_fault, vault, row)
            if found is not None:
                yield Fault(row.call_id, found)
        after = rows[-1].call_id


async def _verify_days(database: Database, ring: KeyRing) -> AsyncIterator[Fault]:
    before = FIRST
    async with database.session() as session:
        days = await Chain(session).days()
    for day in days:
        async with database.session() as session:
            links = await Chain(session).links(day.day)
            known = await Recordings(session).exist_for([link.call_id for link in links])
        for fault in _day_faults(day, links, before, ring):
            yield fault
        for link in links:
            if link.call_id not in known:
                yield Fault(link.call_id, "its row is gone from the database")
        before = day.head


def _day_faults(
    day: RecordingDayRow, links: Sequence[RecordingLinkRow], before: str, ring: KeyRing
) -> list[Fault]:
    for place, link in enumerate(links):
        expected = link_of(before, link.call_id, link.sha256, link.size_bytes)
        if link.seq != place or link.link != expected:
            return [Fault(day.day, f"the chain breaks at link {place} ({link.call_id})")]
        before = link.link
    if len(links) != day.links or before != day.head:
        return [Fault(day.day, f"the day ended with {day.links} links, there are {len(links)}")]
    if not ring.is_signed(end_of_day(day.day, day.links, day.head), day.signature):
        return [Fault(day.day, "the signature of the day's end is not ours")]
    return []


def _row_fault(row: RecordingRow, link: RecordingLinkRow | None, certified: bool) -> str | None:
    if link is None:
        return "it is not in the chain"
    if (row.sha256, row.size_bytes) != (link.sha256, link.size_bytes):
        return "its row differs from the chain"
    if row.keeping != Keeping.KEPT and not certified:
        return "it went without a confirmed deletion"
    return None


def _sound_fault(vault: Vault, row: RecordingRow) -> str | None:
    if row.keeping != Keeping.KEPT:
        return None
    digest = hashlib.sha256()
    try:
        for piece in vault.pieces(row.path):
            digest.update(piece)
    except (SoundMissing, SoundDamaged, KeyMissing) as failure:
        return str(failure)
    return None if digest.hexdigest() == row.sha256 else "its sound is not the one that was kept"
