"""Recordings go by rule, in two steps: one proposes, another confirms, then they are deleted.

Carrying out can be killed at any point and goes on where it was: a recording is first marked as
going (from then on nobody can hear it), then its key goes, then its sound, then the mark is set
to gone. Calls are never held up: rows are read and changed in batches.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.keeping.retention import (
    OURS,
    Decision,
    Facts,
    Rule,
    conditions_of,
    decide,
    shortest,
    written,
)
from domain.tickets.status import TicketStatus
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from services.recordings import peaks_of
from services.transcripts import forget_words
from storage.database import Database
from storage.repositories.calls import Recordings
from storage.repositories.keeping import Candidate, Deletions, Retention
from storage.tables.recording import Keeping, RecordingRow
from storage.tables.retention import DeletionItemRow, DeletionRow, RetentionRuleRow
from storage.vault.vault import Vault

BATCH = 1000


class SamePerson(Exception):
    """Whoever proposed a deletion cannot confirm it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} proposed this deletion: somebody else has to confirm it")


class NothingDue(Exception):
    """A deletion was asked for, and no recording's time is over."""

    def __init__(self) -> None:
        super().__init__("no recording is due")


class DeletionSettled(Exception):
    """It was confirmed or withdrawn already."""

    def __init__(self, number: int) -> None:
        super().__init__(f"deletion {number} has been decided already")


@dataclass(frozen=True)
class Due:
    """A recording whose time is over."""

    call_id: str
    started_at: datetime
    rule: str
    until: datetime


async def ensure_rules(database: Database, *, now: datetime) -> None:
    """Our own rules, where there are none yet. Marked as ours: no law gives these numbers."""
    async with database.transaction() as session:
        retention = Retention(session)
        if await retention.rules():
            return
        for rule in OURS:
            retention.add(
                RetentionRuleRow(
                    name=rule.name,
                    conditions=written(rule.conditions),
                    keep_days=None if rule.keep is None else rule.keep.days,
                    origin="ours",
                    changed_by=SYSTEM.name,
                    changed_at=now,
                )
            )


def rule_of(row: RetentionRuleRow) -> Rule:
    keep = None if row.keep_days is None else timedelta(days=row.keep_days)
    return Rule(row.name, keep, conditions_of(row.conditions))


async def due(database: Database, *, now: datetime) -> AsyncIterator[list[Due]]:
    """What would go now, in batches, oldest first: the dry run."""
    async with database.session() as session:
        rules = [rule_of(row) for row in await Retention(session).rules()]
    youngest = shortest(rules)
    if youngest is None:
        return
    after: tuple[datetime, str] | None = None
    while True:
        async with database.session() as session:
            found = await Retention(session).candidates(now - youngest, after, BATCH)
        if not found:
            return
        batch = [one for each in found if (one := _due(rules, each, now)) is not None]
        if batch:
            yield batch
        after = (found[-1].card.started_at, found[-1].card.call_id)


async def propose(database: Database, actor: Actor, *, now: datetime) -> int | None:
    """The first step: write down all that is due. Its number, or None when nothing is due."""
    number: int | None = None
    async for batch in due(database, now=now):
        async with database.transaction() as session:
            deletions = Deletions(session)
            listed = await deletions.proposed_already([one.call_id for one in batch])
            fresh = [one for one in batch if one.call_id not in listed]
            if fresh and number is None:
                number = await _new_deletion(session, actor, now)
            for one in fresh:
                deletions.add(
                    DeletionItemRow(
                        deletion_id=number, call_id=one.call_id, rule=one.rule, until=one.until
                    )
                )
    return number


async def _new_deletion(session: AsyncSession, actor: Actor, now: datetime) -> int:
    row = DeletionRow(proposed_by=actor.name, proposed_at=now)
    Deletions(session).add(row)
    await session.flush()
    write_down(session, actor, Deed("deletion.propose", "deletion", str(row.id)), now=now)
    return row.id


async def confirm(
    session: AsyncSession, number: int, actor: Actor, *, now: datetime
) -> DeletionRow:
    """The second step, by another person. Raises `SamePerson`, `DeletionSettled`."""
    row = await _undecided(session, number)
    if row.proposed_by == actor.name:
        raise SamePerson(actor.name)
    row.confirmed_by, row.confirmed_at = actor.name, now
    write_down(session, actor, Deed("deletion.confirm", "deletion", str(number)), now=now)
    return row


async def withdraw(
    session: AsyncSession, number: int, actor: Actor, *, now: datetime
) -> DeletionRow:
    """Nothing of it goes. Raises `DeletionSettled`."""
    row = await _undecided(session, number)
    row.withdrawn_at = now
    write_down(session, actor, Deed("deletion.withdraw", "deletion", str(number)), now=now)
    return row


async def carry_out(database: Database, vault: Vault, *, now: datetime) -> list[int]:
    """Every confirmed deletion to its end, with a signed certificate; their numbers."""
    async with database.session() as session:
        waiting = [row.id for row in await Deletions(session).to_do()]
    for number in waiting:
        while await _delete_batch(database, vault, number, now):
            pass
        await _certify(database, vault, number, now)
    return waiting


async def _delete_batch(database: Database, vault: Vault, number: int, now: datetime) -> bool:
    """One batch; False when nothing is left. What a hold or a new fact protects now is spared."""
    going: list[RecordingRow] = []
    async with database.transaction() as session:
        items = await Deletions(session).items(number, open_only=True, limit=BATCH)
        if not items:
            return False
        rows = await Recordings(session).of_calls([item.call_id for item in items])
        decisions = await _decisions(session, [item.call_id for item in items])
        for item in items:
            row, decision = rows.get(item.call_id), decisions.get(item.call_id)
            protected = decision is not None and not decision.is_over(now)
            if row is not None and row.keeping == Keeping.KEPT and protected:
                item.spared = decision.rule if decision is not None else ""
                continue
            await Retention(session).mark(item.call_id, Keeping.GOING)
            if row is not None:
                going.append(row)
    for row in going:
        await asyncio.to_thread(_remove, vault, row.path)
    async with database.transaction() as session:
        for item in await Deletions(session).items(number, open_only=True, limit=BATCH):
            item.gone_at = now
            await Retention(session).mark(item.call_id, Keeping.GONE)
            await forget_words(session, item.call_id)
    return True


def _remove(vault: Vault, name: str) -> None:
    vault.delete(name)
    vault.delete(peaks_of(name))


async def _certify(database: Database, vault: Vault, number: int, now: datetime) -> None:
    async with database.transaction() as session:
        row = await Deletions(session).get(number)
        items = await Deletions(session).items(number)
        recordings = await Recordings(session).of_calls([item.call_id for item in items])
        row.done_at = now
        row.certificate = _certificate(row, items, recordings)
        row.signature = vault.ring.sign(row.certificate.encode())
        deed = Deed("deletion.done", "deletion", str(number))
        write_down(session, SYSTEM, deed, now=now)


def _certificate(
    row: DeletionRow,
    items: Sequence[DeletionItemRow],
    recordings: dict[str, RecordingRow],
) -> str:
    """What went and why, as JSON: enough to prove later that it was not lost by accident."""

    def entry(item: DeletionItemRow) -> dict[str, Any]:
        values: dict[str, Any] = {"call_id": item.call_id, "rule": item.rule}
        if item.spared:
            return values | {"spared": item.spared}
        known = recordings.get(item.call_id)
        return values | {
            "until": item.until.isoformat(),
            "gone_at": item.gone_at.isoformat() if item.gone_at else "",
            "sha256": known.sha256 if known else "",
            "gone": ["sound", "words"],
        }

    return json.dumps(
        {
            "deletion": row.id,
            "proposed": [row.proposed_by, row.proposed_at.isoformat()],
            "confirmed": [row.confirmed_by, row.confirmed_at and row.confirmed_at.isoformat()],
            "done": row.done_at and row.done_at.isoformat(),
            "recordings": [entry(item) for item in items],
        },
        ensure_ascii=False,
    )


async def _undecided(session: AsyncSession, number: int) -> DeletionRow:
    row = await Deletions(session).get(number)
    if row.confirmed_at is not None or row.withdrawn_at is not None:
        raise DeletionSettled(number)
    return row


async def _decisions(session: AsyncSession, call_ids: Sequence[str]) -> dict[str, Decision]:
    retention = Retention(session)
    rules = [rule_of(row) for row in await retention.rules()]
    return {one.card.call_id: decide(rules, _facts(one)) for one in await retention.cards(call_ids)}


def _due(rules: Sequence[Rule], candidate: Candidate, now: datetime) -> Due | None:
    decision = decide(rules, _facts(candidate))
    if decision.until is None or decision.until > now:
        return None
    card = candidate.card
    return Due(card.call_id, card.started_at, decision.rule, decision.until)


def _facts(candidate: Candidate) -> Facts:
    card = candidate.card
    return Facts(
        started_at=card.started_at,
        queue=card.queue,
        topic=card.topic,
        ticket_status=candidate.ticket_status.value if candidate.ticket_status else "",
        ticket_open=candidate.ticket_status is TicketStatus.DRAFT or candidate.case_open,
        score=card.score,
        suspension=card.suspension,
        held=candidate.held,
    )
