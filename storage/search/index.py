"""The words of calls, indexed. The index is derived: it can be made anew from the utterances.

Its tables are the migrations' own (`spoken_part` and, in SQLite, `spoken_fts`), for the two
databases keep words in different ways: FTS5 a table of its own, PostgreSQL two tsvector columns.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, column, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from domain.review.finding import Wanted, sound_tokens, tokens

CallColumn = InstrumentedAttribute[str]
TABLES = "spoken_"
# A tsvector holds 16,383 positions and 256 of one word (postgresql.org, 12.11); a call of three
# hours has 40,000 signs. Parts overlap by nothing: they are cut between utterances.
PART_UTTERANCES = 60

PART = table("spoken_part", column("call_id"), column("id"))


class SpeechIndex(Protocol):
    """Searches one database's way."""

    async def put(self, call_id: str, utterances: Sequence[str]) -> None:
        """Index the words of a call, in the place of what was indexed of it before."""

    def said(
        self, wanted: Sequence[Wanted], call_id: CallColumn, *, by_sound: bool
    ) -> ColumnElement[bool]:
        """A condition on calls: all of these words were said (near each other in long calls)."""


def index_of(session: AsyncSession) -> SpeechIndex:
    if session.get_bind().dialect.name == "postgresql":
        return PostgresIndex(session)
    return SqliteIndex(session)


def _parts(utterances: Sequence[str]) -> Iterable[Sequence[str]]:
    return [
        utterances[first : first + PART_UTTERANCES]
        for first in range(0, len(utterances), PART_UTTERANCES)
    ]


class SqliteIndex:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, call_id: str, utterances: Sequence[str]) -> None:
        await self._session.execute(
            text("DELETE FROM spoken_part WHERE call_id = :call_id"), {"call_id": call_id}
        )
        for part in _parts(utterances):
            await self._session.execute(
                text(
                    "INSERT INTO spoken_part (call_id, words, sounds)"
                    " VALUES (:call_id, :words, :sounds)"
                ),
                {
                    "call_id": call_id,
                    "words": " ".join(tokens(part)),
                    "sounds": " ".join(sound_tokens(part)),
                },
            )

    def said(
        self, wanted: Sequence[Wanted], call_id: CallColumn, *, by_sound: bool
    ) -> ColumnElement[bool]:
        question = " AND ".join(_match(one, by_sound=by_sound) for one in wanted)
        hits = text("SELECT rowid FROM spoken_fts WHERE spoken_fts MATCH :spoken_question")
        parts = select(PART.c.call_id).where(
            PART.c.id.in_(hits.bindparams(spoken_question=question).columns(column("rowid")))
        )
        return call_id.in_(parts)


def _match(wanted: Wanted, *, by_sound: bool) -> str:
    """FTS5's own language (sqlite.org/fts5.html, 3); signs are letters and figures only."""
    if wanted.pairs:
        exact = f'words : "{" ".join(wanted.pairs)}"'
        alike = f'sounds : "{" ".join(wanted.sound_pairs)}"'
    else:
        exact, alike = f'words : "{wanted.signs}" *', f'sounds : "{wanted.sounds[0]}"'
    return f"({exact} OR {alike})" if by_sound else f"({exact})"


class PostgresIndex:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, call_id: str, utterances: Sequence[str]) -> None:
        await self._session.execute(
            text("DELETE FROM spoken_part WHERE call_id = :call_id"), {"call_id": call_id}
        )
        for part in _parts(utterances):
            await self._session.execute(
                text(
                    "INSERT INTO spoken_part (call_id, words, sounds) VALUES"
                    " (:call_id, CAST(:words AS tsvector), CAST(:sounds AS tsvector))"
                ),
                {
                    "call_id": call_id,
                    "words": _vector(tokens(part)),
                    "sounds": _vector(sound_tokens(part)),
                },
            )

    def said(
        self, wanted: Sequence[Wanted], call_id: CallColumn, *, by_sound: bool
    ) -> ColumnElement[bool]:
        conditions, values = [], {}
        for place, one in enumerate(wanted):
            exact, alike = _queries(one)
            conditions.append(f"words @@ CAST(:word_{place} AS tsquery)")
            values[f"word_{place}"] = exact
            if by_sound:
                conditions[-1] += f" OR sounds @@ CAST(:sound_{place} AS tsquery)"
                values[f"sound_{place}"] = alike
        where = " AND ".join(f"({one})" for one in conditions)
        parts = text(f"SELECT call_id FROM spoken_part WHERE {where}")  # noqa: S608  names only
        return call_id.in_(parts.bindparams(**values).columns(column("call_id")))


def _vector(found: Iterable[str]) -> str:
    """A tsvector as text. Cast, not parsed: PostgreSQL's own parser knows no Chinese words."""
    return " ".join(f"'{token}':{place}" for place, token in enumerate(found, start=1))


def _queries(wanted: Wanted) -> tuple[str, str]:
    if wanted.pairs:
        return (
            " <-> ".join(f"'{pair}'" for pair in wanted.pairs),
            " <-> ".join(f"'{pair}'" for pair in wanted.sound_pairs),
        )
    return f"'{wanted.signs}':*", f"'{wanted.sounds[0]}'"
