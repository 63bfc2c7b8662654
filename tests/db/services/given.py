"""Facts of a call as the journal has them, and databases that fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services import calls
from services.journal import Record
from storage.database import Database

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
CALL_ID = "hl1-1763843556.12"
NUMBER = "261122558000"


class Facts:
    """Records of one call, one second apart."""

    def __init__(self, call_id: str = CALL_ID, number: str = NUMBER) -> None:
        self.call_id = call_id
        self.records: list[Record] = []
        self.add("started", caller="13800000000", dialled="12345", ticket_number=number)

    def add(self, kind: str, **body: Any) -> "Facts":
        seq = len(self.records)
        at = NOW + timedelta(seconds=seq)
        self.records.append(Record(self.call_id, seq, at, kind, body))
        return self

    def heard(self, text: str, *, side: str = "caller", seq: int = 0, at_s: float = 1.0) -> "Facts":
        words = [
            {"word": sign, "start_s": at_s + n / 5, "end_s": at_s + n / 5 + 0.2, "confidence": 0.9}
            for n, sign in enumerate(text)
        ]
        return self.add(
            "heard",
            side=side,
            source="live",
            seq=seq,
            start_s=at_s,
            end_s=at_s + len(text) / 5,
            text=text,
            words=words,
        )

    def ended(self, outcome: str = "message") -> "Facts":
        return self.add(
            "ended", outcome=outcome, live_complete=True, recovered=False, length_s=20.0
        )

    async def into(self, database: Database) -> list[bool]:
        """Which of them were new."""
        async with database.transaction() as session:
            return [await calls.apply(session, record) for record in self.records]


class Moody(Database):
    """A database that fails as often as it is told to, the way it is told to."""

    def __init__(self, url: str, failure: Exception, times: int) -> None:
        super().__init__(url)
        self.failure = failure
        self.times = times

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        if self.times > 0:
            self.times -= 1
            raise self.failure
        async with super().transaction() as session:
            yield session
