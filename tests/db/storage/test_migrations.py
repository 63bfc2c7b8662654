from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url

from storage.migrate import alembic_config, is_of_the_models, migrate, newest_revision
from storage.tables.every import METADATA


def blocking(url: str) -> str:
    return url.replace("sqlite+aiosqlite", "sqlite")


def test_models_and_migrations_say_the_same(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(blocking(empty_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_models}
        )
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == migrate(empty_url) == newest_revision()


def test_two_processes_may_migrate_at_the_same_moment(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        revisions = list(pool.map(migrate, [empty_url] * 4))
    assert revisions == [newest_revision()] * 4


def test_the_way_back_leaves_nothing(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(blocking(empty_url))
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with engine.connect() as connection:
        left = inspect(connection).get_table_names()
    engine.dispose()
    assert left == ["alembic_version"]


def test_a_new_sqlite_file_gets_its_folder(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/hotline.sqlite"
    migrate(url)
    assert Path(str(make_url(url).database)).stat().st_size > 0
