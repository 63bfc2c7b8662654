"""Every query on the chain of recordings, on rules, holds and deletions, and on listening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tickets.lifecycle.states import OPEN
from domain.tickets.status import TicketStatus
from storage.repositories.page import Cursor, Page, cut, older_than
from storage.tables.listening import ListeningRow
from storage.tables.recording import Keeping, RecordingRow
from storage.tables.recording_card import RecordingCardRow
from storage.tables.recording_chain import RecordingDayRow, RecordingLinkRow
from storage.tables.retention import (
    DeletionItemRow,
    DeletionRow,
    LegalHoldRow,
    RetentionRuleRow,
)
from storage.tables.ticket import TicketRow
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.unmasking import UnmaskingRow

# Any number of our own; the migrations' lock is another one.
CHAIN_LOCK = 12_345_002


class DeletionNotFound(LookupError):
    """No deletion has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no deletion {number}")


class RuleNotFound(LookupError):
    """No retention rule has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no retention rule {number}")


class HoldNotFound(LookupError):
    """No legal hold in force has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no legal hold {number} in force")


class Chain:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """One at a time until the transaction ends. SQLite has one writer anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK}
            )

    async def of_call(self, call_id: str) -> RecordingLinkRow | None:
        query = select(RecordingLinkRow).where(RecordingLinkRow.call_id == call_id)
        return (await self._session.scalars(query)).one_or_none()

    async def of_calls(self, call_ids: Sequence[str]) -> dict[str, RecordingLinkRow]:
        query = select(RecordingLinkRow).where(RecordingLinkRow.call_id.in_(call_ids))
        return {row.call_id: row for row in await self._session.scalars(query)}

    async def newest_day(self) -> RecordingDayRow | None:
        query = select(RecordingDayRow).order_by(RecordingDayRow.day.desc()).limit(1)
        return (await self._session.scalars(query)).one_or_none()

    async def days(self) -> Sequence[RecordingDayRow]:
        """Oldest first."""
        return (
            await self._session.scalars(select(RecordingDayRow).order_by(RecordingDayRow.day))
        ).all()

    async def links(self, day: str) -> Sequence[RecordingLinkRow]:
        query = select(RecordingLinkRow).where(RecordingLinkRow.day == day)
        return (await self._session.scalars(query.order_by(RecordingLinkRow.seq))).all()

    def add(self, row: RecordingLinkRow) -> None:
        self._session.add(row)

    async def end_day(self, row: RecordingDayRow) -> None:
        await self._session.merge(row)


@dataclass(frozen=True)
class Candidate:
    """A recording with what the rules ask about; `case_open`: its ticket is being handled."""

    card: RecordingCardRow
    ticket_status: TicketStatus | None
    held: bool
    case_open: bool = False


class Retention:
    """Rules and holds, and recordings in the order of their age."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def rules(self) -> Sequence[RetentionRuleRow]:
        return (
            await self._session.scalars(select(RetentionRuleRow).order_by(RetentionRuleRow.id))
        ).all()

    async def rule(self, number: int) -> RetentionRuleRow:
        """Raises `RuleNotFound`."""
        row = await self._session.get(RetentionRuleRow, number)
        if row is None:
            raise RuleNotFound(number)
        return row

    def add(self, row: RetentionRuleRow | LegalHoldRow) -> None:
        self._session.add(row)

    async def remove(self, row: RetentionRuleRow) -> None:
        await self._session.delete(row)

    async def hold(self, number: int) -> LegalHoldRow:
        """Raises `HoldNotFound`, also for one that was lifted."""
        row = await self._session.get(LegalHoldRow, number)
        if row is None or row.lifted_at is not None:
            raise HoldNotFound(number)
        return row

    async def holds(self) -> Sequence[LegalHoldRow]:
        """Those in force, newest first."""
        query = select(LegalHoldRow).where(LegalHoldRow.lifted_at.is_(None))
        return (await self._session.scalars(query.order_by(LegalHoldRow.id.desc()))).all()

    async def candidates(
        self, before: datetime, after: tuple[datetime, str] | None, limit: int
    ) -> list[Candidate]:
        """Kept recordings of calls that began before a moment, oldest first."""
        card = RecordingCardRow
        query = select(card).where(card.started_at < before, card.keeping == Keeping.KEPT)
        if after is not None:
            at, call_id = after
            # As one value, so that each batch is read off the index from where the last one ended.
            last = tuple_(literal(at, card.started_at.type), literal(call_id))
            query = query.where(tuple_(card.started_at, card.call_id) > last)
        rows = await self._session.scalars(
            query.order_by(card.started_at, card.call_id).limit(limit)
        )
        return await self.with_facts(list(rows))

    async def cards(self, call_ids: Sequence[str]) -> list[Candidate]:
        query = select(RecordingCardRow).where(RecordingCardRow.call_id.in_(call_ids))
        return await self.with_facts(list(await self._session.scalars(query)))

    async def with_facts(self, cards: list[RecordingCardRow]) -> list[Candidate]:
        ids = [card.call_id for card in cards]
        held = select(LegalHoldRow.call_id).where(
            LegalHoldRow.call_id.in_(ids), LegalHoldRow.lifted_at.is_(None)
        )
        holds = set(await self._session.scalars(held))
        numbers = [card.ticket_id for card in cards if card.ticket_id]
        query = select(TicketRow.id, TicketRow.status).where(TicketRow.id.in_(numbers))
        statuses = {row.id: row.status for row in await self._session.execute(query)}
        handled = select(TicketCaseRow.ticket_id).where(
            TicketCaseRow.ticket_id.in_(numbers),
            TicketCaseRow.state.in_([state.value for state in OPEN]),
        )
        cases = set(await self._session.scalars(handled))
        return [
            Candidate(
                card,
                statuses.get(card.ticket_id),
                held=card.call_id in holds,
                case_open=card.ticket_id in cases,
            )
            for card in cards
        ]

    async def mark(self, call_id: str, keeping: Keeping) -> None:
        for table in (RecordingRow, RecordingCardRow):
            await self._session.execute(
                update(table).where(table.call_id == call_id).values(keeping=keeping.value)
            )


class Unmaskings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: UnmaskingRow) -> None:
        self._session.add(row)

    async def until(self, call_id: str, actor: str, now: datetime) -> datetime | None:
        """The latest end of those in force."""
        row = UnmaskingRow
        query = select(row.until).where(row.call_id == call_id, row.actor == actor, row.until > now)
        return (await self._session.scalars(query.order_by(row.until.desc()).limit(1))).first()


class Deletions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, number: int) -> DeletionRow:
        """Raises `DeletionNotFound`."""
        row = await self._session.get(DeletionRow, number)
        if row is None:
            raise DeletionNotFound(number)
        return row

    async def every(self) -> Sequence[DeletionRow]:
        """Newest first."""
        return (
            await self._session.scalars(select(DeletionRow).order_by(DeletionRow.id.desc()))
        ).all()

    async def to_do(self) -> Sequence[DeletionRow]:
        """Confirmed and not yet carried out to the end."""
        query = select(DeletionRow).where(
            DeletionRow.confirmed_at.is_not(None), DeletionRow.done_at.is_(None)
        )
        return (await self._session.scalars(query.order_by(DeletionRow.id))).all()

    def add(self, row: DeletionRow | DeletionItemRow) -> None:
        self._session.add(row)

    async def items(
        self, number: int, *, open_only: bool = False, limit: int | None = None
    ) -> Sequence[DeletionItemRow]:
        query = select(DeletionItemRow).where(DeletionItemRow.deletion_id == number)
        if open_only:
            query = query.where(DeletionItemRow.gone_at.is_(None), DeletionItemRow.spared == "")
        return (
            await self._session.scalars(query.order_by(DeletionItemRow.call_id).limit(limit))
        ).all()

    async def item(self, number: int, call_id: str) -> DeletionItemRow | None:
        return await self._session.get(DeletionItemRow, (number, call_id))

    async def counts(self) -> dict[int, tuple[int, int, int]]:
        """Of each deletion: all its recordings, those gone, those spared."""
        item = DeletionItemRow
        query = select(
            item.deletion_id,
            func.count(),
            func.count(item.gone_at),
            func.count().filter(item.spared != ""),
        ).group_by(item.deletion_id)
        return {
            number: (every, gone, spared)
            for number, every, gone, spared in await self._session.execute(query)
        }

    async def certified(self, call_ids: Sequence[str]) -> set[str]:
        """Those of these calls of which somebody confirmed that they go."""
        query = (
            select(DeletionItemRow.call_id)
            .join(DeletionRow, DeletionRow.id == DeletionItemRow.deletion_id)
            .where(DeletionItemRow.call_id.in_(call_ids), DeletionRow.confirmed_at.is_not(None))
        )
        return set(await self._session.scalars(query))

    async def proposed_already(self, call_ids: Sequence[str]) -> set[str]:
        """Those of these calls that stand in a deletion which is neither done nor withdrawn."""
        query = (
            select(DeletionItemRow.call_id)
            .join(DeletionRow, DeletionRow.id == DeletionItemRow.deletion_id)
            .where(
                DeletionItemRow.call_id.in_(call_ids),
                DeletionRow.done_at.is_(None),
                DeletionRow.withdrawn_at.is_(None),
            )
        )
        return set(await self._session.scalars(query))


@dataclass(frozen=True)
class ListeningFilter:
    """What to list; None means any."""

    actor: str | None = None
    call_id: str | None = None
    kind: str | None = None
    at_from: datetime | None = None
    at_before: datetime | None = None


class Listenings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: ListeningRow) -> None:
        self._session.add(row)

    async def page(
        self, wanted: ListeningFilter, *, after: Cursor | None, limit: int
    ) -> Page[ListeningRow]:
        """Newest first."""
        row = ListeningRow
        query = select(row).order_by(row.at.desc(), row.id.desc())
        equal = {row.actor: wanted.actor, row.call_id: wanted.call_id, row.kind: wanted.kind}
        for column, value in equal.items():
            if value is not None:
                query = query.where(column == value)
        if wanted.at_from is not None:
            query = query.where(row.at >= wanted.at_from)
        if wanted.at_before is not None:
            query = query.where(row.at < wanted.at_before)
        if after is not None:
            query = query.where(older_than(after, row.at, row.id))
        return cut(list(await self._session.scalars(query.limit(limit + 1))), limit, "at")
