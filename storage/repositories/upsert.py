"""INSERT … ON CONFLICT, the same for both databases."""

from sqlalchemy import Table as CoreTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables.base import Table


def insert_into(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`.

    The two dialects have classes of their own with the same methods and no common parent.
    """
    core = table.__table__
    if not isinstance(core, CoreTable):
        raise TypeError(f"{table.__name__} is not mapped to one table")
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(core)
    return sqlite.insert(core)
