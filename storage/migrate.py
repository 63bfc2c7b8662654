"""Bring a database to the newest form of the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from storage.search.index import TABLES

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nobody else uses on this database; it only has to be the same everywhere.
LOCK = 12_345_001


def migrate(url: str) -> str:
    """Upgrade to the newest revision and return its name. Blocking: call it before a loop runs.

    Several processes may call it at the same moment: one does the work, the others wait.
    A new SQLite file gets its folder made.
    """
    engine = _blocking_engine(make_url(url))
    try:
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            command.upgrade(alembic_config(connection), "head")
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def newest_revision() -> str:
    """The revision `migrate` leads to. Raises if the migrations have grown two heads."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return head or ""


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def is_of_the_models(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares this table: those of the search index belong to migrations alone."""
    return kind != "table" or not (name or "").startswith(TABLES)


def _blocking_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)  # psycopg speaks both ways under one name
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url.set(drivername="sqlite"))

    @event.listens_for(engine, "connect")
    def _no_transactions_of_the_driver(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _one_process_at_a_time(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
